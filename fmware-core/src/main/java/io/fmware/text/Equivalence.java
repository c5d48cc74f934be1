package io.fmware.text;

/**
 * Tells whether two answers say the same.
 *
 * <p>A judge of one's own is plugged in as a lambda, such as one that asks a foundation model:
 *
 * <pre>{@code
 * Equivalence judged = (first, second) -> Equivalence.cautious().same(first, second) || judge.agrees(first, second);
 * }</pre>
 *
 * <p>What is given here is thread-safe and symmetric, and holds each text to be the same as itself.
 */
@FunctionalInterface
public interface Equivalence {
    /**
     * Compares two answers.
     *
     * @param first an answer
     * @param second another one
     * @return whether they say the same
     */
    boolean same(String first, String second);

    /**
     * Holds answers to be the same that differ in white space and in the forms of Unicode at most: NFKC, invisible characters,
     * kinds of quotation marks and dashes, digits of other scripts. Raised and lowered digits count, and so does what the lines
     * after the first one are indented with, since code says something by it.
     *
     * @return the strictest comparison
     */
    static Equivalence exact() {
        return ExactEquivalence.INSTANCE;
    }

    /**
     * Holds answers to be the same if they make the same claims in the same order, as far as words show it, and says "not the
     * same" when in doubt. Differences of case, punctuation, white space, Markdown and politeness do not count, nor do articles;
     * but the case of code, paths, URLs and quotations does, and so does the indentation in fenced blocks of code. Numbers are
     * compared by value, in digits or in English words, but for what may be versions, such as 3.1 and 3.10. JSON objects and arrays are compared as trees: the order of
     * members and the writing of numbers do not count.
     *
     * <p>Answers that say the same in other words, or in another order, are not found to be the same. Wrongly found to be the same
     * may be long answers that differ in a few words of which none is known to make a difference. {@link Distinctions} says what is
     * known, and in which languages. Answers of more than 20,000 characters are compared as by {@link #exact()}, unless they are
     * JSON.
     *
     * @return a comparison without a foundation model
     */
    static Equivalence cautious() {
        return CautiousEquivalence.INSTANCE;
    }

    /**
     * This comparison, in which members of JSON do not count that are of each answer alone, such as an id or the time. Two answers
     * that are JSON objects or arrays are the same if they are the same trees without these members, or if this comparison finds
     * them to be the same without them. A member that only one of them has does not count either. Where one answer is no such
     * JSON, both are compared as they are.
     *
     * @param namesOrPointers names of members, which are left out at any depth; what begins with a slash is a JSON Pointer (RFC
     *     6901) from the top, such as {@code /meta/timestamp}, and leaves out what is there
     * @return the comparison
     * @throws IllegalArgumentException if none is named, one is blank, or a pointer is not well-formed
     */
    default Equivalence ignoringMembers(String... namesOrPointers) {
        return new IgnoringEquivalence(this, namesOrPointers);
    }
}
