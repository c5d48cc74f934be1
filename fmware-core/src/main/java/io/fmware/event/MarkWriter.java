package io.fmware.event;

import javax.crypto.Mac;

/**
 * Writes what replaces a span: its kind and the start of its hash. The span may come in pieces, cut between surrogates, and may
 * hold lone ones. Not thread-safe.
 */
final class MarkWriter {
    /** Of the hash, in a mark. */
    static final int DIGITS = 8;

    private final Mac mac;
    private char highSurrogate;

    MarkWriter(Mac mac) {
        this.mac = mac;
    }

    /** What replaces a value that is known as a whole. */
    static String mark(Rules rules, String kind, String value) {
        MarkWriter writer = new MarkWriter(rules.mac());
        writer.add(value.toCharArray(), 0, value.length());
        StringBuilder mark = new StringBuilder();
        writer.endMark(kind, mark);
        return mark.toString();
    }

    /** Adds characters to the span, as UTF-8. */
    void add(char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text[i];
            if (highSurrogate != 0 && Character.isLowSurrogate(c)) {
                add(Character.toCodePoint(highSurrogate, c));
                highSurrogate = 0;
                continue;
            }
            endSurrogate();
            if (Character.isHighSurrogate(c)) {
                highSurrogate = c;
            } else {
                add(c);
            }
        }
    }

    private void endSurrogate() {
        if (highSurrogate != 0) {
            add(highSurrogate);
            highSurrogate = 0;
        }
    }

    private void add(int codePoint) {
        if (codePoint < 0x80) {
            mac.update((byte) codePoint);
        } else if (codePoint < 0x800) {
            mac.update((byte) (0xc0 | (codePoint >> 6)));
            mac.update((byte) (0x80 | (codePoint & 0x3f)));
        } else {
            if (codePoint < 0x10000) {
                mac.update((byte) (0xe0 | (codePoint >> 12)));
            } else {
                mac.update((byte) (0xf0 | (codePoint >> 18)));
                mac.update((byte) (0x80 | ((codePoint >> 12) & 0x3f)));
            }
            mac.update((byte) (0x80 | ((codePoint >> 6) & 0x3f)));
            mac.update((byte) (0x80 | (codePoint & 0x3f)));
        }
    }

    /** Ends the span and begins another one. */
    void endMark(String kind, StringBuilder to) {
        endSurrogate();
        byte[] hash = mac.doFinal();
        to.append('[').append(kind).append(':');
        for (int i = 0; i < DIGITS / 2; i++) {
            to.append(Character.forDigit((hash[i] >> 4) & 0xf, 16)).append(Character.forDigit(hash[i] & 0xf, 16));
        }
        to.append(']');
    }
}
