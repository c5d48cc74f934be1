package io.fmware.text;

/**
 * A piece of a text.
 *
 * @param kind what it is
 * @param text as it is written
 * @param norm in lower case; of a number, its value
 * @param opensClause whether punctuation stands before it, or nothing
 * @param opensSentence whether a sentence begins with it
 * @param quoted whether it stands in quotation marks
 * @param verbatim whether it stands in backticks
 * @param cased whether its case may count: of code, quotations, paths, and what has a capital inside
 */
record Token(
        Kind kind,
        String text,
        String norm,
        boolean opensClause,
        boolean opensSentence,
        boolean quoted,
        boolean verbatim,
        boolean cased) {

    enum Kind {
        WORD,
        NUMBER,
        CODE,
        SYMBOL
    }

    boolean isWord() {
        return kind == Kind.WORD;
    }

    boolean isNumber() {
        return kind == Kind.NUMBER;
    }

    boolean isCapital() {
        return Character.isUpperCase(text.codePointAt(0));
    }

    /** In capitals all through, and of two letters or more. */
    boolean isAcronym() {
        int letters = 0;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (Character.isLowerCase(each)) {
                return false;
            }
            if (Character.isUpperCase(each)) {
                letters++;
            }
        }
        return letters > 1;
    }
}
