package io.fmware.event;

/** Sets of characters, as bits. A character outside of ASCII is in the sets that are defined by what they leave out. */
final class CharClass {
    static final int ALNUM = 1;
    /** Of base64 for URLs. */
    static final int WORD = 1 << 1;

    static final int DOTTED = 1 << 2;
    /** Of tokens in headers: base64 of both kinds and what RFC 6750 allows beside. */
    static final int TOKEN = 1 << 3;

    static final int PATH = 1 << 4;
    /** What does not end a value without quotes, wherever it stands. */
    static final int VALUE = 1 << 5;

    static final int NOT_DOUBLE_QUOTE = 1 << 6;
    static final int NOT_SINGLE_QUOTE = 1 << 7;
    static final int NOT_BACKTICK = 1 << 8;
    /** Up to the end of the line or of the string that the line stands in. */
    static final int LINE = 1 << 9;

    /** So many of the sets may be run over to the end: those above. */
    static final int RUNS = 10;

    static final int DIGIT = 1 << 10;
    static final int HEX = 1 << 11;
    static final int UPPER_DIGIT = 1 << 12;
    static final int LETTER = 1 << 13;
    static final int LOWER = 1 << 14;
    static final int SPACE = 1 << 15;

    private static final int NOT_ASCII = VALUE | NOT_DOUBLE_QUOTE | NOT_SINGLE_QUOTE | NOT_BACKTICK | LINE;
    private static final int[] ASCII = new int[128];

    static {
        for (char c = 0; c < 128; c++) {
            boolean digit = c >= '0' && c <= '9';
            boolean lower = c >= 'a' && c <= 'z';
            boolean upper = c >= 'A' && c <= 'Z';
            boolean alnum = digit || lower || upper;
            boolean word = alnum || c == '_' || c == '-';
            boolean newline = c == '\n' || c == '\r' || c == 0;
            int set = 0;
            set |= alnum ? ALNUM : 0;
            set |= word ? WORD : 0;
            set |= word || c == '.' ? DOTTED : 0;
            set |= word || "._~+/=".indexOf(c) >= 0 ? TOKEN : 0;
            set |= word || "./%".indexOf(c) >= 0 ? PATH : 0;
            set |= c > ' ' && c != 127 && "\"'`<>;&\\".indexOf(c) < 0 ? VALUE : 0;
            set |= newline || c == '"' ? 0 : NOT_DOUBLE_QUOTE;
            set |= newline || c == '\'' ? 0 : NOT_SINGLE_QUOTE;
            set |= newline || c == '`' ? 0 : NOT_BACKTICK;
            set |= newline || "\"'\\".indexOf(c) >= 0 ? 0 : LINE;
            set |= digit ? DIGIT : 0;
            set |= digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ? HEX : 0;
            set |= digit || upper ? UPPER_DIGIT : 0;
            set |= lower || upper ? LETTER : 0;
            set |= lower ? LOWER : 0;
            set |= c == ' ' || (c >= '\t' && c <= '\r') ? SPACE : 0;
            ASCII[c] = set;
        }
    }

    private CharClass() {}

    static int of(char c) {
        return c < 128 ? ASCII[c] : NOT_ASCII;
    }

    static boolean is(char c, int set) {
        return (of(c) & set) != 0;
    }
}
