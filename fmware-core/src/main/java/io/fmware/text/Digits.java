package io.fmware.text;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers as they are written. */
final class Digits {
    /** Nothing is computed with longer ones. */
    private static final int LONGEST = 40;

    private Digits() {}

    /**
     * The value of digits with separators, in a form that is the same for equal values.
     *
     * @return the value; what can be read in two ways, such as 1.000, and what has leading zeros stays as it is written
     */
    static String value(String written) {
        String commas = groups(written, ',');
        if (commas != null) {
            return plain(commas);
        }
        String apostrophes = groups(written, '\'');
        if (apostrophes != null) {
            return plain(apostrophes);
        }
        int comma = written.indexOf(',');
        if (comma >= 0) {
            String whole = written.substring(0, comma);
            String rest = written.substring(comma + 1);
            if (!isDigits(rest)) {
                return written;
            }
            String dots = groups(whole, '.');
            return isDigits(whole) ? plain(whole + "." + rest) : dots == null ? written : plain(dots + "." + rest);
        }
        int dot = written.indexOf('.');
        if (dot >= 0 && written.indexOf('.', dot + 1) < 0) {
            // In some languages this is a thousand, in others one.
            boolean ambiguous = written.length() - dot == 4 && dot > 0 && dot < 4 && written.charAt(0) != '0';
            return ambiguous ? written : plain(written);
        }
        return dot >= 0 ? written : plain(written);
    }

    /** The value times a power of ten, such as a million. */
    static String times(String value, BigDecimal factor) {
        if (value.length() > LONGEST || !isDecimal(value)) {
            return value + "*" + factor.toPlainString();
        }
        return stripped(new BigDecimal(value).multiply(factor));
    }

    static String stripped(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    static boolean isDigits(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isDecimal(String value) {
        int dot = value.indexOf('.');
        return dot < 0
                ? isDigits(value)
                : isDigits(value.substring(0, dot)) && isDigits(value.substring(dot + 1)) && value.length() - dot != 4;
    }

    /** Without the separators of thousands, or null if these are none; a decimal point may follow. */
    private static @Nullable String groups(String written, char separator) {
        if (written.indexOf(separator) < 0) {
            return null;
        }
        int end = separator == '.' ? -1 : written.indexOf('.');
        String whole = end < 0 ? written : written.substring(0, end);
        String fraction = end < 0 ? "" : written.substring(end);
        if (end >= 0 && !isDigits(fraction.substring(1))) {
            return null;
        }
        StringBuilder joined = new StringBuilder(written.length());
        int start = 0;
        for (int at = whole.indexOf(separator); ; at = whole.indexOf(separator, start)) {
            String group = whole.substring(start, at < 0 ? whole.length() : at);
            boolean fits = start == 0
                    ? group.length() < 4 && !group.equals("0")
                    : at < 0 ? group.length() == 3 : group.length() == 3 || group.length() == 2;
            if (!fits || !isDigits(group)) {
                return null;
            }
            joined.append(group);
            if (at < 0) {
                return joined.append(fraction).toString();
            }
            start = at + 1;
        }
    }

    private static String plain(String number) {
        if (number.length() > LONGEST || (number.length() > 1 && number.charAt(0) == '0' && number.charAt(1) != '.')) {
            return number;
        }
        int dot = number.indexOf('.');
        if (dot < 0) {
            return number;
        }
        if (dot == 0 || !isDigits(number.substring(0, dot)) || !isDigits(number.substring(dot + 1))) {
            return number;
        }
        return stripped(new BigDecimal(number));
    }
}
