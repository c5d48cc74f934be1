package io.fmware.observability.otel;

/** Makes names of the application and of providers fit to be shown: of bounded length, without control characters. */
final class Names {
    /** The longest name, in characters. */
    static final int LONGEST = 256;

    private Names() {}

    static String of(String given) {
        int end = Math.min(given.length(), LONGEST);
        boolean clean = end == given.length();
        for (int i = 0; clean && i < end; i++) {
            clean = !Character.isISOControl(given.charAt(i));
        }
        return clean ? given : cleaned(given, end);
    }

    private static String cleaned(String given, int longest) {
        int end = longest;
        if (end < given.length() && Character.isHighSurrogate(given.charAt(end - 1))) {
            end--; // half a character is none
        }
        StringBuilder out = new StringBuilder(end + 1);
        for (int i = 0; i < end; i++) {
            char c = given.charAt(i);
            out.append(Character.isISOControl(c) ? ' ' : c);
        }
        return end < given.length() ? out.append('\u2026').toString() : out.toString();
    }
}
