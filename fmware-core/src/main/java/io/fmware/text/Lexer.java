package io.fmware.text;

import io.fmware.text.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Takes a plain text apart, in one pass. */
final class Lexer {
    private static final String OPENING = "([{\"'*_~<>=!,;:.?|`\u00bf\u00a1\u2022\u00b7\u2026";
    private static final String CLOSING = ".,;:!?)]}\"'*_~<>=|`\u2026\u3002\uff0c\u3001";
    private static final String SENTENCE = ".!?\u2026\u3002";
    private static final String OPERATORS = "<>=+*/^|&!-\u00d7\u00f7";

    /** What is longer is not taken apart. */
    private static final int LONGEST_WORD = 100;

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private boolean clause = true;
    private boolean sentence = true;
    private boolean quoted;
    private boolean verbatim;
    private boolean path;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String plain) {
        Lexer lexer = new Lexer(plain);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        int at = 0;
        while (at < text.length()) {
            char each = text.charAt(at);
            if (Plain.isSpace(each)) {
                if (each == '\n') {
                    sentence = true;
                    clause = true;
                }
                at++;
            } else if (each == '`') {
                while (at < text.length() && text.charAt(at) == '`') {
                    at++;
                }
                verbatim = !verbatim;
            } else if (each == '"') {
                quoted = !quoted;
                at++;
            } else {
                int end = at;
                while (end < text.length()
                        && !Plain.isSpace(text.charAt(end))
                        && text.charAt(end) != '`'
                        && text.charAt(end) != '"') {
                    end++;
                }
                chunk(at, end);
                at = end;
            }
        }
    }

    private void chunk(int from, int to) {
        if (verbatim) {
            String code = text.substring(from, to);
            add(Kind.CODE, code, code.toLowerCase(Locale.ROOT));
            return;
        }
        int start = from;
        int end = to;
        while (start < end && isPeeled(start, end)) {
            start++;
        }
        if (start > from && ",;:.?!(".indexOf(text.charAt(start - 1)) >= 0) {
            clause = true;
        }
        int closing = end;
        while (closing > start && CLOSING.indexOf(text.charAt(closing - 1)) >= 0) {
            closing--;
        }
        if (closing < end && text.startsWith("(", closing - 1)) {
            closing++; // the call of a function
        }
        if (start > from) {
            operators(from, start);
        }
        if (start < closing) {
            core(text.substring(start, closing));
        }
        boolean abbreviation = start < closing
                && closing < end
                && text.charAt(closing) == '.'
                && !tokens.isEmpty()
                && Words.ABBREVIATIONS.contains(tokens.get(tokens.size() - 1).norm());
        for (int i = Math.max(closing, start); i < end && !abbreviation; i++) {
            char each = text.charAt(i);
            clause |= ",;:.?!)|\u2026\u3002\uff0c\u3001".indexOf(each) >= 0;
            sentence |= SENTENCE.indexOf(each) >= 0 || each == ':';
        }
        if (start < closing && closing < end) {
            operators(closing, end);
        }
    }

    private boolean closesEmphasis(int start, int end) {
        int last = end - 1;
        while (last > start && ".,;:!?)".indexOf(text.charAt(last)) >= 0) {
            last--;
        }
        return last > start && text.charAt(last) == '_';
    }

    private boolean isPeeled(int at, int end) {
        char each = text.charAt(at);
        char next = at + 1 < end ? text.charAt(at + 1) : ' ';
        if (each == '.') {
            return !Character.isLetterOrDigit(next) || (at > 0 && text.charAt(at - 1) == '.');
        }
        if (each == '_') {
            return next == '_' || !Character.isLetterOrDigit(next) || closesEmphasis(at, end);
        }
        if (each == '-' || each == '+') {
            boolean number =
                    Digits.isDigit(next) || (next == '.' && at + 2 < end && Digits.isDigit(text.charAt(at + 2)));
            boolean flag = each == '-' && (Character.isLetter(next) || (next == '-' && at + 2 < end));
            return !number && !flag;
        }
        if (each == '#' || each == '/' || each == '@' || each == '\\') {
            return !Character.isLetterOrDigit(next);
        }
        return OPENING.indexOf(each) >= 0 || "^&\u00d7\u00f7)]}".indexOf(each) >= 0;
    }

    /** Comparisons and arithmetic between or before numbers and names; a lone hyphen or slash is punctuation. */
    private void operators(int from, int to) {
        int start = from;
        while (start < to && OPERATORS.indexOf(text.charAt(start)) < 0) {
            start++;
        }
        int end = start;
        while (end < to && OPERATORS.indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        String operator = text.substring(start, end);
        boolean emphasis = operator.chars().allMatch(each -> each == '*' || each == '!' || each == '|');
        boolean alone = to - from == end - start && isAlone(from, to);
        boolean comparison = operator.indexOf('<') >= 0 || operator.indexOf('>') >= 0 || operator.indexOf('=') >= 0;
        if (comparison || (alone && !emphasis && !operator.isEmpty()) || (alone && operator.equals("*") && follows())) {
            boolean dash = (operator.startsWith("-") && !comparison) || operator.equals("/") || operator.equals("&");
            if (!dash || (operator.equals("-") && followsNumber()) || (operator.equals("/") && followsNumber())) {
                if (!operator.equals("<") || alone || (to < text.length() && !Character.isLetter(text.charAt(to)))) {
                    add(Kind.SYMBOL, operator, operator);
                }
            }
        }
        if (alone && operator.startsWith("-")) {
            clause = true;
        }
    }

    private boolean isAlone(int from, int to) {
        return (from == 0 || Plain.isSpace(text.charAt(from - 1)))
                && (to == text.length() || Plain.isSpace(text.charAt(to)));
    }

    private boolean follows() {
        return !sentence && !tokens.isEmpty();
    }

    /** "kW" and "\u2030" behind a number, "mW" anywhere. */
    private boolean isUnit(String written, String norm) {
        boolean kept = norm.equals(written) && Shapes.hasInnerCapital(written);
        return kept || (followsNumber() && !Units.after(norm).isEmpty());
    }

    private boolean followsNumber() {
        return follows() && tokens.get(tokens.size() - 1).isNumber();
    }

    private void core(String core) {
        if (core.length() > LONGEST_WORD) {
            code(core);
        } else if (core.contains("://") || core.indexOf('@') >= 0 || core.startsWith("www.")) {
            code(core);
        } else if (Shapes.hasDigit(core)) {
            withDigits(core);
        } else if (core.startsWith("-") || core.endsWith("+") || core.endsWith("#") || Shapes.hasCode(core)) {
            code(core);
        } else if (core.indexOf('/') >= 0) {
            slashed(core);
        } else if (core.indexOf('.') >= 0) {
            dotted(core);
        } else {
            for (String part : core.split("-", -1)) {
                word(part);
            }
        }
    }

    private void slashed(String core) {
        if (core.startsWith("/") || core.indexOf('/') != core.lastIndexOf('/') || core.indexOf('.') >= 0) {
            code(core);
            return;
        }
        int slash = core.indexOf('/');
        path = true;
        core(core.substring(0, slash));
        if (slash + 1 < core.length()) {
            core(core.substring(slash + 1));
        }
        path = false;
    }

    private void dotted(String core) {
        StringBuilder letters = new StringBuilder();
        boolean initials = true;
        for (String part : core.split("\\.", -1)) {
            initials &= part.length() == 1 && Character.isLetter(part.charAt(0));
            letters.append(part);
        }
        if (initials) {
            word(letters.toString());
        } else {
            code(core);
        }
    }

    private void withDigits(String core) {
        int start = 0;
        String currency = "";
        boolean negative = core.charAt(0) == '-';
        if (negative || core.charAt(0) == '+') {
            start++;
        }
        if (start < core.length() && Shapes.CURRENCIES.indexOf(core.charAt(start)) >= 0) {
            currency = core.substring(start, start + 1);
            start++;
        }
        if (start + 1 < core.length()
                && (core.charAt(start) == 'v' || core.charAt(start) == 'V')
                && Digits.isDigit(core.charAt(start + 1))) {
            start++;
        }
        int end = start;
        while (end < core.length() && Shapes.isOfNumber(core, end)) {
            end++;
        }
        String digits = core.substring(start, end);
        String rest = core.substring(end);
        if (digits.isEmpty()) {
            int hyphen = core.indexOf('-');
            boolean words = hyphen > 0 && core.substring(hyphen + 1).chars().allMatch(Character::isLetter);
            if (words) {
                core(core.substring(0, hyphen));
                word(core.substring(hyphen + 1));
            } else {
                code(core.toLowerCase(Locale.ROOT).replace("-", ""), core);
            }
        } else if (Shapes.isSuffix(rest)) {
            number(digits, negative, currency, rest);
        } else if (digits.length() == 4 && Shapes.isIsoRest(rest)) {
            number(digits, false, "", "");
            word(Words.MONTHS.get(Math.floorMod(Integer.parseInt(rest.substring(1, 3)) - 1, 12)));
            number(Integer.toString(Integer.parseInt(rest.substring(4, 6))), false, "", "");
        } else if (rest.charAt(0) == '-' && rest.length() > 1 && rest.indexOf('/') < 0 && rest.indexOf(':') < 0) {
            number(digits, negative, currency, "");
            core(rest.substring(1));
        } else if (rest.endsWith("am") || rest.endsWith("pm")) {
            code(core.substring(0, core.length() - 2));
            word(rest.substring(rest.length() - 2));
        } else {
            code(core);
        }
    }

    private void number(String digits, boolean negative, String currency, String suffix) {
        String unit = Units.norm(suffix, currency.isEmpty());
        String value = Digits.value(digits);
        boolean ordinal = unit.equals("st") || unit.equals("nd") || unit.equals("rd") || unit.equals("th");
        if (unit.equals("k")) {
            value = Digits.times(value, BigDecimal.valueOf(1000));
        } else if (unit.equals("bn")) {
            value = Digits.times(value, BigDecimal.valueOf(1_000_000_000));
        }
        add(Kind.NUMBER, digits, (negative ? "-" : "") + value);
        if (!currency.isEmpty()) {
            add(Kind.WORD, currency, currency);
        }
        if (!unit.isEmpty() && !ordinal && !unit.equals("k") && !unit.equals("bn")) {
            add(Kind.WORD, suffix, unit);
        }
    }

    private void code(String code) {
        code(code.toLowerCase(Locale.ROOT), code);
    }

    private void code(String norm, String written) {
        boolean flag = written.startsWith("-");
        add(Kind.CODE, written, flag ? written : norm);
    }

    private void word(String written) {
        if (written.isEmpty()) {
            return;
        }
        String norm = Units.norm(written, followsNumber());
        int apostrophe = norm.indexOf('\'');
        if (apostrophe < 0) {
            String open = Words.WITHOUT_APOSTROPHE.get(norm);
            if (open != null) {
                add(Kind.WORD, written, open);
                add(Kind.WORD, "not", "not");
            } else if (norm.equals("cannot")) {
                add(Kind.WORD, "can", "can");
                add(Kind.WORD, "not", "not");
            } else if (isUnit(written, norm)) {
                add(Kind.WORD, written, norm);
            } else if (Shapes.isCamel(written)) {
                code(written);
            } else if (Shapes.hasSymbol(norm)) {
                symbols(norm);
            } else {
                add(Kind.WORD, written, norm);
            }
            return;
        }
        String left = norm.substring(0, apostrophe);
        String right = norm.substring(apostrophe + 1);
        if (right.equals("t") && left.endsWith("n")) {
            String auxiliary = Words.SHORTENED.getOrDefault(left, left.substring(0, left.length() - 1));
            add(Kind.WORD, written.substring(0, Math.max(1, apostrophe - 1)), auxiliary);
            add(Kind.WORD, "not", "not");
        } else if (Words.CLITICS.contains(right)) {
            word(written.substring(0, apostrophe));
        } else if (apostrophe <= 2 && apostrophe > 0) {
            word(written.substring(0, apostrophe));
            word(written.substring(apostrophe + 1));
        } else {
            add(Kind.WORD, written, norm);
        }
    }

    /** Signs that mean something, such as emoji, one by one; others are none of our business. */
    private void symbols(String norm) {
        norm.codePoints()
                .filter(each -> Character.getType(each) == Character.OTHER_SYMBOL
                        || (Character.getType(each) == Character.MATH_SYMBOL && each >= 0x80)
                        || Character.getType(each) == Character.CURRENCY_SYMBOL
                        || Character.getType(each) == Character.SURROGATE
                        || Character.getType(each) == Character.PRIVATE_USE
                        || Character.getType(each) == Character.UNASSIGNED)
                .forEach(each -> add(Kind.SYMBOL, Character.toString(each), Character.toString(each)));
    }

    private void add(Kind kind, String written, String norm) {
        boolean capital = Shapes.hasInnerCapital(written) && Units.after(norm).isEmpty();
        boolean cased = kind == Kind.CODE || quoted || verbatim || path || capital;
        tokens.add(new Token(kind, written, norm, clause, sentence, quoted, verbatim, cased));
        clause = false;
        sentence = false;
    }
}
