package io.fmware.text;

/** How a piece of a text looks. */
final class Shapes {
    static final String CURRENCIES = "$\u20ac\u00a3\u00a5\u20b9\u20bd\u20a9";
    private static final String INSIDE_CODE = "_\\=<>()[]{}$|:#%&;~^\"";

    private Shapes() {}

    static boolean hasCode(String core) {
        for (int i = 0; i < core.length(); i++) {
            if (INSIDE_CODE.indexOf(core.charAt(i)) >= 0 && core.length() > 1) {
                return true;
            }
        }
        return false;
    }

    /** A digit, or a separator between two of them. */
    static boolean isOfNumber(String core, int at) {
        char each = core.charAt(at);
        return Digits.isDigit(each)
                || ((each == '.' || each == ',' || each == '\'')
                        && at + 1 < core.length()
                        && Digits.isDigit(core.charAt(at + 1)));
    }

    static boolean isSuffix(String rest) {
        return rest.isEmpty()
                || rest.equals("%")
                || rest.equals("\u2030")
                || (rest.length() == 1 && (CURRENCIES.contains(rest) || rest.equals("+")))
                || rest.chars().allMatch(each -> Character.isLetter(each) || each == '\u00b0');
    }

    static boolean isIsoRest(String rest) {
        return rest.length() == 6
                && rest.charAt(0) == '-'
                && rest.charAt(3) == '-'
                && Digits.isDigits(rest.substring(1, 3))
                && Digits.isDigits(rest.substring(4));
    }

    static boolean isCamel(String written) {
        for (int i = 1; i < written.length(); i++) {
            if (Character.isUpperCase(written.charAt(i)) && Character.isLowerCase(written.charAt(i - 1))) {
                return true;
            }
        }
        return false;
    }

    static boolean hasSymbol(String norm) {
        return norm.codePoints().noneMatch(Character::isLetter);
    }

    static boolean hasDigit(String core) {
        for (int i = 0; i < core.length(); i++) {
            if (Digits.isDigit(core.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** A capital behind the first letter, and a small letter too: shouted words have none. */
    static boolean hasInnerCapital(String written) {
        boolean capital = false;
        boolean small = false;
        for (int i = 0; i < written.length(); i++) {
            capital |= i > 0 && Character.isUpperCase(written.charAt(i));
            small |= Character.isLowerCase(written.charAt(i));
        }
        return capital && small;
    }
}
