package io.fmware.text;

/** A reason why two questions may not have the same answer, though an embedder may find them alike. */
public enum Distinction {
    /** One of them negates what the other does not: "can I cancel", "can I not cancel"; "is it safe", "is it unsafe". */
    NEGATION,

    /** They say opposite things: "enable", "disable"; "before", "after". */
    ANTONYM,

    /**
     * They have different numbers, dates or versions. Numbers in words and in digits are the same, and so is their writing,
     * but for decimals that may be versions: 3.1 and 3.10 are the same with a unit or a currency only.
     */
    NUMBER,

    /**
     * Their numbers have different units or currencies: "5 km", "5 miles". How a unit is spelled makes no difference, but for the case that
     * makes it another one: "5 mW", "5 MW".
     */
    UNIT,

    /** They bound a number differently: "under 100 EUR", "over 100 EUR", "at most 100 EUR", "100 EUR". */
    BOUND,

    /** One of them names somebody or something that the other does not: a name in mid-sentence, an acronym. */
    ENTITY,

    /** They have different code in them: identifiers, flags, paths, URLs, error codes, quoted text, operators. */
    CODE,

    /**
     * They have the same words in other roles: "from Paris to London", "from London to Paris"; "7 / 5", "5 / 7";
     * "only admins can delete", "admins can only delete".
     */
    ROLES,

    /** They differ in a word that carries the question: "cancel my card", "freeze my card"; "when", "where". */
    WORD,

    /** One of them has no content of its own, such as "yes" or "the second one", so that it depends on what came before. */
    CONTENTLESS,

    /** One of them is longer than what is read here, 20,000 characters. */
    LENGTH
}
