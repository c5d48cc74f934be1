package io.fmware.text;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** One form for the forms of an English word. Not always a word, but the same for the same. */
final class Lemma {
    private static final Map<String, String> IRREGULAR = new HashMap<>();

    static {
        """
        send sent
        pay paid
        lose lost losing
        buy bought
        sell sold
        make made making
        take took taken taking
        give gave given giving
        find found
        break broke broken
        choose chose chosen
        write wrote written
        speak spoke spoken
        know knew known
        think thought
        go went gone goes
        come came coming
        see saw seen
        say said
        tell told
        keep kept
        leave left
        hold held
        bring brought
        begin began begun
        build built
        run ran
        spend spent
        steal stole stolen
        forget forgot forgotten
        withdraw withdrew withdrawn
        grow grew grown
        drive drove driven
        fly flew flown
        eat ate eaten
        feel felt
        meet met
        send sends
        teach taught
        understand understood
        win won
        wear wore worn
        freeze froze frozen
        catch caught
        hear heard
        hide hidden
        throw threw thrown
        use used using uses
        try tried tries
        child children
        person people persons
        man men
        woman women
        mouse mice
        foot feet
        tooth teeth
        change changed changing changes
        charge charged charging charges
        exchange exchanged exchanging exchanges
        arrange arranged arranging
        email emails mail mails
        analysis analyses
        index indices indexes
        datum data
        criterion criteria
        die died dying dies
        lie lied lying
        """.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (String word : words) {
                IRREGULAR.put(word, words[0]);
            }
        });
    }

    private static final Set<String> AS_THEY_ARE = Words.set(
            "thing nothing something anything everything during morning evening string spring king ring wing sibling"
                    + " ceiling building hundred need speed feed exceed proceed succeed indeed bed red this his is was has"
                    + " does always news status bus gas plus yes us less unless plane stripe paste");

    private static final int SHORT = 3;

    private Lemma() {}

    static String of(String word) {
        String irregular = IRREGULAR.get(word);
        if (irregular != null) {
            return irregular;
        }
        if (word.length() <= SHORT || AS_THEY_ARE.contains(word)) {
            return word;
        }
        if (word.endsWith("ing") && hasVowel(word, word.length() - 3)) {
            return verb(word.substring(0, word.length() - 3));
        }
        if (word.endsWith("ied") || word.endsWith("ies")) {
            return word.substring(0, word.length() - 3) + "y";
        }
        if (word.endsWith("ed") && !word.endsWith("eed") && hasVowel(word, word.length() - 2)) {
            return verb(word.substring(0, word.length() - 2));
        }
        return ending(singular(word));
    }

    private static String singular(String word) {
        if (!word.endsWith("s") || word.endsWith("ss") || word.endsWith("us") || word.endsWith("is")) {
            return word;
        }
        if (word.endsWith("es")) {
            String stem = word.substring(0, word.length() - 2);
            if (stem.endsWith("s")
                    || stem.endsWith("x")
                    || stem.endsWith("z")
                    || stem.endsWith("ch")
                    || stem.endsWith("sh")) {
                return stem;
            }
        }
        return word.substring(0, word.length() - 1);
    }

    /** What is left of a verb: "stopp", "mov", "receiv". */
    private static String verb(String stem) {
        int length = stem.length();
        if (length < SHORT) {
            return stem + "e";
        }
        char last = stem.charAt(length - 1);
        if (last == stem.charAt(length - 2) && !isVowel(last)) {
            return last == 's' || (last == 'l' && length < 5) ? stem : stem.substring(0, length - 1);
        }
        boolean open = length == SHORT
                && !isVowel(last)
                && "wxy".indexOf(last) < 0
                && isVowel(stem.charAt(1))
                && !isVowel(stem.charAt(0));
        return open ? stem + "e" : ending(stem);
    }

    /** Verbs in -e lose it before -ed and -ing, so that all longer words do. */
    private static String ending(String word) {
        int length = word.length();
        if (length > 4 && word.endsWith("e") && !word.endsWith("ee")) {
            return word.substring(0, length - 1);
        }
        return length > 5 && word.endsWith("ll") ? word.substring(0, length - 1) : word;
    }

    private static boolean hasVowel(String word, int before) {
        for (int i = 0; i < before; i++) {
            if (isVowel(word.charAt(i)) || word.charAt(i) == 'y') {
                return true;
            }
        }
        return false;
    }

    private static boolean isVowel(char letter) {
        return "aeiou".indexOf(letter) >= 0;
    }
}
