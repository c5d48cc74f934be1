package io.fmware.text;

/**
 * A word that carries content, with what is said of it.
 *
 * @param lemma the word, without the prefix that negates it
 * @param word the word as it is written, in lower case
 * @param negative whether it is negated
 * @param direct whether that is by a plain "not" or a prefix, so that the opposite word would say the same
 * @param preposition the preposition before it, or nothing
 */
record Item(String lemma, String word, boolean negative, boolean direct, String preposition) {
    /** A negation with nothing behind it to negate. */
    static final String NOTHING = "\u2205";

    boolean saysTheSame(Item other) {
        return negative == other.negative && lemma.equals(other.lemma);
    }

    String key() {
        return negative ? "-" + lemma : lemma;
    }

    boolean isOpposedTo(Item other) {
        return Opposites.are(lemma, other.lemma) || Opposites.are(word, other.word);
    }

    boolean isSynonymOf(Item other) {
        return Synonyms.are(lemma, other.lemma);
    }
}
