package io.fmware.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes keys without having them in the source, where scanners of secrets would find them: {@code <hex32>} stands for 32
 * hexadecimal digits, and so do {@code <alnum8>}, {@code <word8>}, {@code <upper8>} and {@code <digit8>} for others.
 */
final class Samples {
    private static final Pattern PLACE = Pattern.compile("<(hex|alnum|word|upper|digit)(\\d+)>");

    private Samples() {}

    static String of(String form) {
        Matcher matcher = PLACE.matcher(form);
        return matcher.replaceAll(place -> of(place.group(1), Integer.parseInt(place.group(2))));
    }

    private static String of(String set, int length) {
        String all = switch (set) {
            case "hex" -> "7d1e0c4b9a2f5836";
            case "digit" -> "5820473916";
            case "upper" -> "Q7ZK2MXW4TB6RHJ5";
            case "word" -> "k3_Vq8ZtLw5-RbY2nXc7";
            default -> "k3Vq8ZtLw5RbY2nXc7Hd9";
        };
        return all.repeat(length / all.length() + 1).substring(0, length);
    }
}
