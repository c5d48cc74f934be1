package io.fmware.text;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a short answer comes down to, so that equal answers can be counted. It has no state. */
public final class Answers {
    /** Taken off the ends of a word: punctuation, quotation marks after they were made alike, and marks of Markdown. */
    private static final String EDGES = ".,;:!?\"'()[]{}*_`~\u2026\u3002\uff0c\u3001\u00bf\u00a1";

    private static final String DIGITS = "\\d{1,40}";

    /** With dots between thousands, with commas, with apostrophes or spaces, with none; what is longer is no number here. */
    private static final String NUMBER = "(?:\\d{1,3}(?:\\.\\d{3}){1,12},DIGITS|\\d{1,3}(?:\\.\\d{3}){2,12}"
            + "|[1-9]\\d{0,2}(?:,\\d{2,3}){0,12},\\d{3}(?:\\.DIGITS)?|\\d{1,3}(?:'\\d{3}){1,12}(?:[.,]DIGITS)?"
            + "|[1-9]\\d{0,2}(?: \\d{3}){1,12}(?:[.,]DIGITS)?|DIGITS(?:[.,]DIGITS)?)(?!\\d)";

    /** The exponent of a power, of ten where that stands before it. */
    private static final String POWER = "(?:(\\s?[x*\\u00d7\\u00b7\\u22c5]\\s?10)?\\^\\{?([-+]?\\d{1,3})(?!\\d)\\}?)?";

    /** A sign counts where it does not join the number to something before it. */
    private static final Pattern NUMBERS =
            Pattern.compile(("(?<![\\p{L}\\d._])(?<!\\^\\{?[-+]?)((?<![\\p{L}\\d)\\]%])-)?(?<![\\p{L}\\d_])"
                            + "[$\\u00a3\\u20ac]?(?:(\\d{1,3})\\s(?=DIGITS\\s?/))?("
                            + NUMBER
                            + "|(?<![\\d.])\\.DIGITS)([eE][-+]?\\d{1,3}(?![\\p{L}\\d]))?"
                            + POWER
                            + "(?:\\s?/\\s?(DIGITS)(?![\\d/]))?(?:\\s(thousand|million|billion|trillion)\\b)?")
                    .replace("DIGITS", DIGITS));

    private static final int SIGN = 1;
    private static final int WHOLE = 2;
    private static final int WRITTEN = 3;
    private static final int EXPONENT = 4;
    private static final int TEN = 5;
    private static final int RAISED = 6;
    private static final int BELOW = 7;
    private static final int WORD = 8;

    /** Digits with all that may join digits to one number. */
    private static final Pattern RUNS = Pattern.compile("(?<![\\p{L}\\d_.,'/])(?<!\\^\\{?[-+]?)\\d(?:[\\d.,'/^]*\\d)?");

    /** Three numbers or more with commas between them that cannot be separators of thousands. */
    private static final Pattern LIST =
            Pattern.compile("(?:PART,(?!\\d{3}(?!\\d))){2,}(PART)".replace("PART", DIGITS + "(?:\\.\\d{1,40})?"));

    /** What makes of the number before it another one that is not read here. */
    private static final Pattern CONTINUED = Pattern.compile("\\^|[eE][-+]?\\d");

    private static final Pattern SPACED = Pattern.compile("(?<=\\d)[\\u00a0\\u2009\\u202f](?=\\d{3})");

    /** Where a fraction in one character follows a whole number, which folding would join. */
    private static final Pattern MIXED = Pattern.compile("(?<=\\d)(?=[\\u00bc-\\u00be\\u2150-\\u215e\\u2189])");

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
     * thousands are read as such: {@code 1,234.5}, {@code 1.234.567}, {@code 1'234}, and spaces before exactly three digits, as in
     * {@code 12 345}; a single comma that cannot be one is a decimal comma, and a single point is always a decimal point. Of three
     * numbers or more with commas between them, as in {@code 1,2,3}, the last counts. Exponents, powers of ten such as {@code 3.2 ×
     * 10^5}, fractions such as {@code 3/4}, {@code ½} and {@code 1 1/2}, and the words thousand to trillion count. Units, currencies
     * and per cent signs are not looked at.
     *
     * <p>Where the last number cannot be read there is none, whatever stands before it: {@code 1,234,56}, {@code 1.2.3}, {@code
     * 5²} and other powers, {@code 1/2/2026}, more than 40 digits. Digits that follow a letter, as in {@code step2}, are no number.
     *
     * @param text the text
     * @return the value in a form that is the same for equal values, such as {@code -1234.5}; empty where there is no number
     */
    public static Optional<String> lastNumber(String text) {
        String plain = digits(Objects.requireNonNull(text, "text"));
        Matcher numbers = NUMBERS.matcher(plain);
        int start = 0;
        int end = 0;
        String last = null;
        while (numbers.find()) {
            start = numbers.start(numbers.group(WHOLE) == null ? WRITTEN : WHOLE);
            end = numbers.end();
            last = value(numbers);
        }
        String run = lastRun(plain, start, end);
        if (run != null) {
            Matcher list = LIST.matcher(run);
            return list.matches() ? Optional.of(Digits.stripped(new BigDecimal(list.group(1)))) : Optional.empty();
        }
        return CONTINUED.matcher(plain).region(end, plain.length()).lookingAt()
                ? Optional.empty()
                : Optional.ofNullable(last);
    }

    /** With the characters and the marks of LaTeX that belong to numbers made alike. */
    private static String digits(String text) {
        String marked = text.replace("{,}", ",").replace("\\times", "\u00d7").replace("\\cdot", "\u00b7");
        String spaced = SPACED.matcher(marked).replaceAll("'");
        return Plain.of(MIXED.matcher(spaced).replaceAll(" ")).replace('\u2044', '/');
    }

    /** The last run of digits, where it is more than the number that was found, or behind it; else {@code null}. */
    private static @Nullable String lastRun(String plain, int start, int end) {
        Matcher runs = RUNS.matcher(plain);
        int from = 0;
        int to = 0;
        while (runs.find()) {
            from = runs.start();
            to = runs.end();
        }
        return to > start && (from < start || to > end) ? plain.substring(from, to) : null;
    }

    private static @Nullable String value(Matcher number) {
        BigDecimal value = decimal(number.group(WRITTEN));
        if (number.group(EXPONENT) != null) {
            value = value.scaleByPowerOfTen(power(number.group(EXPONENT).substring(1)));
        }
        if (number.group(RAISED) != null) {
            boolean ten = number.group(WRITTEN).equals("10") && number.group(EXPONENT) == null;
            if (number.group(TEN) == null && !ten) {
                return null;
            }
            value = (number.group(TEN) == null ? BigDecimal.ONE : value).scaleByPowerOfTen(power(number.group(RAISED)));
        }
        if (number.group(WHOLE) != null && number.group(BELOW) != null) {
            value = value.add(new BigDecimal(number.group(WHOLE)).multiply(new BigDecimal(number.group(BELOW))));
        }
        if (number.group(WORD) != null) {
            value = value.scaleByPowerOfTen(
                    switch (number.group(WORD)) {
                        case "thousand" -> 3;
                        case "million" -> 6;
                        case "billion" -> 9;
                        default -> 12;
                    });
        }
        if (number.group(SIGN) != null) {
            value = value.negate();
        }
        String shown = Digits.stripped(value);
        return number.group(BELOW) == null ? shown : fraction(value, new BigDecimal(number.group(BELOW)), shown);
    }

    private static int power(String written) {
        return Integer.parseInt(written.replace("+", ""));
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
        String bare = written.replace("'", "").replace(" ", "");
        if (comma >= 0 && dot >= 0) {
            return comma > dot
                    ? new BigDecimal(bare.replace(".", "").replace(',', '.'))
                    : new BigDecimal(bare.replace(",", ""));
        }
        char separator = comma >= 0 ? ',' : '.';
        boolean several = written.indexOf(separator) != written.lastIndexOf(separator);
        boolean single = comma > 0
                && comma < 4
                && written.length() - comma == 4
                && written.charAt(0) != '0'
                && bare.equals(written);
        boolean thousands = several || single;
        return new BigDecimal(thousands ? bare.replace(String.valueOf(separator), "") : bare.replace(',', '.'));
    }
}
