package io.fmware.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random strings by seed. Not thread-safe. */
final class Dice {
    static final String DIGITS = "0123456789";
    static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    static final String HEX = DIGITS + "abcdef";
    static final String LETTERS = UPPER + LOWER;
    static final String ALNUM = LETTERS + DIGITS;
    static final String WORD = ALNUM + "_-";
    static final String BASE64 = ALNUM + "+/";

    private final SplittableRandom random;

    Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** From 0, without the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Both included. */
    int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    boolean oneOf(int number) {
        return random.nextInt(number) == 0;
    }

    String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String text(String alphabet, int length) {
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return new String(text);
    }

    String text(String alphabet, int from, int to) {
        return text(alphabet, between(from, to));
    }

    /** Cuts a text at random places: into single characters, into what models stream, or into large pieces. */
    List<String> cut(String text) {
        int longest = new int[] {1, 6, 40, 700}[random.nextInt(4)];
        List<String> chunks = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + between(1, longest));
            chunks.add(text.substring(from, to));
            from = to;
        }
        return chunks;
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
