package io.fmware.text;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a short answer comes down to, so that equal answers can be counted. It has no state. */
public final class Answers {
    /** Taken off the ends of a word: punctuation, quotation marks after they were made alike, and marks of Markdown. */
    private static final String EDGES = ".,;:!?\"'()[]{}*_`~\u2026\u3002\uff0c\u3001\u00bf\u00a1";

    private static final String DIGITS = "\\d{1,40}";

    /** With dots between thousands, with commas, with apostrophes, with none; what is longer is no number here. */
    private static final String NUMBER = "(?:\\d{1,3}(?:\\.\\d{3}){1,12},DIGITS|\\d{1,3}(?:\\.\\d{3}){2,12}"
            + "|[1-9]\\d{0,2}(?:,\\d{2,3}){0,12},\\d{3}(?:\\.DIGITS)?|\\d{1,3}(?:'\\d{3}){1,12}(?:[.,]DIGITS)?"
            + "|DIGITS(?:[.,]DIGITS)?)(?!\\d)";

    /** A sign counts where it does not join the number to something before it. */
    private static final Pattern NUMBERS =
            Pattern.compile(("(?<![\\p{L}\\d._])((?<![\\p{L}\\d)\\]%])-)?(?<![\\p{L}\\d_])[$\\u00a3\\u20ac]?(" + NUMBER
                            + "|(?<![\\d.])\\.DIGITS)([eE][-+]?\\d{1,3}(?![\\p{L}\\d]))?(?:\\s?/\\s?(DIGITS)(?![\\d/]))?"
                            + "(?:\\s(thousand|million|billion|trillion)\\b)?")
                    .replace("DIGITS", DIGITS));

    private static final Pattern SPACED = Pattern.compile("(?<=\\d)[\\u00a0\\u2009\\u202f](?=\\d{3})");

    private Answers() {}

    /**
     * A text without what does not matter in a short answer: case, white space, the forms of Unicode, kinds of quotation marks
     * and dashes, Markdown, and punctuation at the ends of words. Punctuation inside of words stays, as in {@code 3.14} and
     * {@code don't}, and so do signs before numbers.
     *
     * @param text the text
     * @return the same for texts that differ in nothing else; for comparing, not for showing
     */
    public static String normalised(String text) {
        String plain = Plain.spaced(Plain.of(Objects.requireNonNull(text, "text")));
        StringBuilder words = new StringBuilder(plain.length());
        for (String word : plain.split(" ", -1)) {
            String bare = bare(word);
            if (!bare.isEmpty()) {
                words.append(words.isEmpty() ? "" : " ").append(bare);
            }
        }
        return words.isEmpty() ? plain : words.toString().toLowerCase(Locale.ROOT);
    }

    private static String bare(String word) {
        int start = 0;
        int end = word.length();
        while (start < end && isEdge(word, start)) {
            start++;
        }
        while (end > start && EDGES.indexOf(word.charAt(end - 1)) >= 0) {
            end--;
        }
        String bare = word.substring(start, end);
        return bare.chars().allMatch(each -> each == '-') ? "" : bare;
    }

    /** A point before digits belongs to them. */
    private static boolean isEdge(String word, int at) {
        char each = word.charAt(at);
        boolean decimal = each == '.' && at + 1 < word.length() && Digits.isDigit(word.charAt(at + 1));
        return !decimal && EDGES.indexOf(each) >= 0;
    }

    /**
     * The value of the last number that is written in digits, as it is taken for the answer to a problem in words. Separators of
     * thousands are read as such: {@code 1,234.5}, {@code 1.234.567}, {@code 1'234}, and no-break spaces; a single comma that
     * cannot be one is a decimal comma, and a single point is always a decimal point. Exponents, fractions such as {@code 3/4} and
     * the words thousand to trillion count. Units, currencies and per cent signs are not looked at.
     *
     * @param text the text
     * @return the value in a form that is the same for equal values, such as {@code -1234.5}; empty where there is no number
     */
    public static Optional<String> lastNumber(String text) {
        String spaced = SPACED.matcher(Objects.requireNonNull(text, "text")).replaceAll("'");
        Matcher numbers = NUMBERS.matcher(Plain.of(spaced.replace("{,}", ",")));
        String last = null;
        while (numbers.find()) {
            last = value(numbers);
        }
        return Optional.ofNullable(last);
    }

    private static String value(Matcher number) {
        BigDecimal value = decimal(number.group(2));
        if (number.group(3) != null) {
            value = value.scaleByPowerOfTen(
                    Integer.parseInt(number.group(3).substring(1).replace("+", "")));
        }
        if (number.group(5) != null) {
            value = value.scaleByPowerOfTen(
                    switch (number.group(5)) {
                        case "thousand" -> 3;
                        case "million" -> 6;
                        case "billion" -> 9;
                        default -> 12;
                    });
        }
        if (number.group(1) != null) {
            value = value.negate();
        }
        String shown = Digits.stripped(value);
        return number.group(4) == null ? shown : fraction(value, new BigDecimal(number.group(4)), shown);
    }

    private static String fraction(BigDecimal above, BigDecimal below, String shown) {
        if (below.signum() == 0) {
            return shown + "/0";
        }
        try {
            return Digits.stripped(above.divide(below));
        } catch (ArithmeticException endless) { // thirds and the like, in lowest terms
            BigDecimal whole = above.movePointRight(Math.max(0, above.scale()));
            BigDecimal under = below.movePointRight(Math.max(0, above.scale()));
            BigDecimal common = new BigDecimal(whole.toBigInteger().gcd(under.toBigInteger()));
            return Digits.stripped(whole.divide(common)) + "/" + Digits.stripped(under.divide(common));
        }
    }

    private static BigDecimal decimal(String written) {
        int comma = written.lastIndexOf(',');
        int dot = written.lastIndexOf('.');
        String bare = written.replace("'", "");
        if (comma >= 0 && dot >= 0) {
            return comma > dot
                    ? new BigDecimal(bare.replace(".", "").replace(',', '.'))
                    : new BigDecimal(bare.replace(",", ""));
        }
        char separator = comma >= 0 ? ',' : '.';
        boolean several = written.indexOf(separator) != written.lastIndexOf(separator);
        boolean single = comma > 0 && written.length() - comma == 4 && written.charAt(0) != '0' && bare.equals(written);
        boolean thousands = several || single;
        return new BigDecimal(thousands ? bare.replace(String.valueOf(separator), "") : bare.replace(',', '.'));
    }
}
