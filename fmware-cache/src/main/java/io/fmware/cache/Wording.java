package io.fmware.cache;

import java.util.regex.Pattern;

/**
 * What the words of a question say of its answer: whether it is true for now alone, or for whoever asks. Words of English,
 * German, French and Spanish; in doubt it says yes, and an answer is not cached.
 */
final class Wording {
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS;

    private static final Pattern TIME = Pattern.compile(
            "\\b(?:now|currently|current|today(?:'s)?|tonight|tomorrow|yesterday|latest|newest|recent|recently|nowadays|"
                    + "(?:this|last|next) (?:hour|morning|afternoon|evening|week|weekend|month|quarter|year)|at the moment|"
                    + "at present|so far|as of|up to date|weather|news|what time|"
                    + "heute|jetzt|gerade|aktuell\\w*|derzeit\\w*|gestern|momentan\\w*|neueste\\w*|"
                    + "aujourd'hui|maintenant|actuel\\w*|hier|demain|dernier|derni\u00e8re|"
                    + "hoy|ahora|actual\\w*|ayer|ma\u00f1ana|\u00faltim[oa]s?)\\b",
            FLAGS);

    private static final Pattern PERSON = Pattern.compile(
            "\\b(?:my|mine|our|ours|myself|me|i['\u2019]m|i am|am i|i['\u2019]ve|i have|have i|i was|was i|i had|i did|"
                    + "did i|i['\u2019]d|we['\u2019]ve|we have|have we|we are|are we|we['\u2019]re|"
                    + "mein\\w*|ich|mir|mich|unser\\w*|wir|mon|ma|mes|moi|je|notre|nos|nous|mi|mis|m\u00edo|yo|nuestr\\w*)\\b",
            FLAGS);

    private Wording() {}

    static boolean isOfNow(String question) {
        return TIME.matcher(question).find();
    }

    static boolean isPersonal(String question) {
        return PERSON.matcher(question).find();
    }
}
