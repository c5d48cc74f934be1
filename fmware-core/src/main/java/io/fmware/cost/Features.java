package io.fmware.cost;

/**
 * What a request is made of, as far as it matters to a tokenizer. Byte pair encodings split a text into words, numbers, runs of
 * punctuation and space first, so that these are what is counted. Written by one thread.
 */
final class Features implements Asked.Parts {
    static final int REQUEST = 0;
    static final int MESSAGES = 1;
    static final int WORDS = 2;
    static final int LETTERS = 3;
    static final int LONG_WORDS = 4;
    static final int CAPITALS = 5;
    static final int DIGITS = 6;
    static final int PUNCTUATION = 7;
    static final int LINES = 8;
    static final int SPACE = 9;
    static final int ACCENTED = 10;
    static final int IDEOGRAPHS = 11;
    static final int OTHER_LETTERS = 12;
    static final int SYMBOLS = 13;
    static final int TOOLS = 14;
    static final int IMAGES = 15;
    static final int COUNT = 16;

    private static final int USUAL_WORD = 6;
    private static final int ASCII = 0x80;
    private static final int LATIN_END = 0x250;
    private static final int TWO_BYTES_END = 0x800;
    private static final int PER_MESSAGE_AT_MOST = 16;

    private final double[] counts = new double[COUNT];
    private long bytes;
    private long characters;
    private int word;

    Features() {
        counts[REQUEST] = 1;
    }

    static Features of(Asked asked) {
        Features features = new Features();
        asked.tell(features);
        return features;
    }

    double[] counts() {
        return counts;
    }

    /** The UTF-8 bytes of all text, with what may be added to each message. */
    long bytesAtMost() {
        return bytes + PER_MESSAGE_AT_MOST * (long) (1 + counts[MESSAGES] + counts[TOOLS]);
    }

    long characters() {
        return characters;
    }

    long images() {
        return (long) counts[IMAGES];
    }

    @Override
    public void message() {
        counts[MESSAGES]++;
    }

    @Override
    public void name(String name) {
        text(name);
    }

    @Override
    public void data(String json) {
        text(json);
    }

    @Override
    public void tool() {
        counts[TOOLS]++;
    }

    @Override
    public void image() {
        counts[IMAGES]++;
    }

    @Override
    public void text(String text) {
        int length = text.length();
        characters += length;
        char before = ' ';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ASCII) {
                bytes++;
                ascii(c, before);
            } else {
                endWord();
                beyondAscii(c);
            }
            before = c;
        }
        endWord();
    }

    private void ascii(char c, char before) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            word++;
            if (c <= 'Z' && word > 1) {
                counts[CAPITALS]++;
            }
            return;
        }
        endWord();
        if (c >= '0' && c <= '9') {
            counts[DIGITS]++;
        } else if (c == '\n') {
            counts[LINES]++;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            counts[SPACE] += before == ' ' || c != ' ' ? 1 : 0; // one space before a word is part of its token
        } else {
            counts[PUNCTUATION]++;
        }
    }

    private void endWord() {
        if (word > 0) {
            counts[WORDS]++;
            counts[LETTERS] += word;
            counts[LONG_WORDS] += Math.max(0, word - USUAL_WORD);
            word = 0;
        }
    }

    private void beyondAscii(char c) {
        bytes += c < TWO_BYTES_END
                ? 2
                : Character.isSurrogate(c) ? 2 : 3; // a pair is four bytes, half of one becomes '?'
        if (Character.isSurrogate(c)) {
            counts[SYMBOLS] += 1.0 / 2;
        } else if (!Character.isLetter(c)) {
            counts[SYMBOLS]++;
        } else if (c < LATIN_END) {
            counts[ACCENTED]++;
        } else if (Character.isIdeographic(c) || isKana(c) || isHangul(c)) {
            counts[IDEOGRAPHS]++;
        } else {
            counts[OTHER_LETTERS]++;
        }
    }

    private static boolean isKana(char c) {
        return c >= '\u3040' && c <= '\u30ff';
    }

    private static boolean isHangul(char c) {
        return c >= '\uac00' && c <= '\ud7af';
    }
}
