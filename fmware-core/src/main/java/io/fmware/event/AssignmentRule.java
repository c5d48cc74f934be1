package io.fmware.event;

import static io.fmware.event.CharClass.DIGIT;
import static io.fmware.event.CharClass.DOTTED;
import static io.fmware.event.CharClass.LETTER;
import static io.fmware.event.CharClass.NOT_BACKTICK;
import static io.fmware.event.CharClass.NOT_DOUBLE_QUOTE;
import static io.fmware.event.CharClass.NOT_SINGLE_QUOTE;
import static io.fmware.event.CharClass.UPPER_DIGIT;
import static io.fmware.event.CharClass.VALUE;
import static io.fmware.event.CharClass.WORD;

import java.util.Set;

/**
 * The value of something that is named like a secret: in properties, YAML, JSON and JSON in JSON, XML, URLs, connection
 * strings, options of a command, and in code, where the value stands there and is not read from elsewhere. It is long because
 * each of these ends a value in its own way.
 */
final class AssignmentRule extends Rule {
    /** What a value must be to count. */
    enum Strictness {
        /** Anything: people choose them. */
        PASSWORD,
        /** No single word. */
        KEY,
        /** No short number and no word: models count tokens, and speak in them. */
        TOKEN
    }

    private static final int LONGEST_SUFFIX = 24;
    private static final int MOST_SPACES = 8;
    private static final int SOON = 120;

    /** What may follow in the name of a secret, without its separators and digits. */
    private static final Set<String> SUFFIXES = Set.of(
            "",
            "key",
            "keybase",
            "accesskey",
            "value",
            "text",
            "string",
            "str",
            "hash",
            "base",
            "base64",
            "b",
            "prod",
            "dev",
            "test",
            "staging",
            "env",
            "old",
            "new",
            "current",
            "plain",
            "plaintext",
            "confirmation",
            "confirm",
            "again",
            "raw",
            "primary",
            "secondary",
            "main",
            "default");

    /** What stands for a value, or for its type. */
    private static final Set<String> NO_VALUES = Set.of(
            "null",
            "none",
            "nil",
            "true",
            "false",
            "undefined",
            "string",
            "str",
            "text",
            "required",
            "optional",
            "void",
            "object",
            "bytes",
            "secretstr",
            "any",
            "number",
            "int",
            "boolean",
            "new",
            "await",
            "function",
            "lambda",
            "varchar",
            "char",
            "empty",
            "unset",
            "redacted",
            "masked",
            "hidden",
            "password",
            "secret",
            "token");

    /** Where code reads a value from. */
    private static final Set<String> SOURCES = Set.of(
            "config",
            "settings",
            "env",
            "process",
            "os",
            "self",
            "this",
            "props",
            "properties",
            "request",
            "req",
            "args",
            "options",
            "opts",
            "conf",
            "cfg",
            "params",
            "data",
            "user",
            "ctx",
            "context",
            "credentials",
            "secrets",
            "vars",
            "var",
            "local",
            "module",
            "app",
            "system",
            "environment",
            "event",
            "input",
            "form",
            "body",
            "res",
            "response");

    private final Strictness strictness;

    AssignmentRule(String kind, Strictness strictness, String... names) {
        super(kind, names);
        this.strictness = strictness;
    }

    @Override
    void look(Scan scan, int from, int to) {
        int name = scan.end(to, WORD, LONGEST_SUFFIX);
        char after = scan.at(name);
        if (after == '>') {
            element(scan, from, to, name);
        } else if (after == ' ' && isOption(scan, from)) {
            option(scan, to, name);
        }
        int value = valueAfter(scan, name);
        if (value < 0 || !isSecretName(scan, to, name)) {
            return;
        }
        int quote = openingQuote(scan, value);
        if (quote < 0) {
            bare(scan, from, value);
        } else {
            quoted(scan, value, quote);
        }
    }

    /** Where the value of a name begins, quotes included, or -1 if the name is given none. */
    static int valueAfter(Scan scan, int name) {
        int at = name;
        for (int i = 0; i < 6; i++) { // quotes of the name, escaped or not
            char c = scan.at(at);
            if (c == '\\' && scan.at(at + 1) == 'u') {
                at += scan.standsFolded(at, "\\u0022") || scan.standsFolded(at, "\\u0027") ? 6 : 0;
            } else if ((c == '\\' && "\"'\\".indexOf(scan.at(at + 1)) >= 0)
                    || c == '"'
                    || c == '\''
                    || c == '`'
                    || c == ']') {
                at++;
            } else if (scan.stands(at, "%22")) {
                at += 3;
            } else if (scan.stands(at, "&quot;")) {
                at += 6;
            }
        }
        boolean quotedName = at > name;
        at = spaces(scan, at);
        if (quotedName && scan.standsFolded(at, "value")) { // <property name="password" value="..."/>
            at += 5;
        }
        if (scan.stands(at, ":=") || scan.stands(at, "=>")) {
            at += 2;
        } else if (scan.at(at) == '=' || scan.at(at) == ':') {
            at++;
            if (scan.at(at) == scan.at(at - 1) || scan.stands(at - 1, "://")) {
                return -1; // a comparison, a scope, a URL
            }
        } else if (scan.standsFolded(at, "%3d") || scan.standsFolded(at, "%3a")) {
            at += 3;
        } else if (scan.standsFolded(at, "\\u003d") || scan.standsFolded(at, "\\u003a")) {
            at += 6;
        } else {
            return -1;
        }
        return spaces(scan, at);
    }

    /** The same, behind the quotes of the value. */
    static int quotedValueAfter(Scan scan, int name) {
        int value = valueAfter(scan, name);
        if (value < 0) {
            return value;
        }
        int quote = openingQuote(scan, value);
        return quote < 0 ? value : quote + 1;
    }

    private static int spaces(Scan scan, int from) {
        int at = from;
        while (at < from + MOST_SPACES && (scan.at(at) == ' ' || scan.at(at) == '\t')) {
            at++;
        }
        return at;
    }

    private boolean isSecretName(Scan scan, int to, int end) {
        if (to == end) {
            return true;
        }
        if (strictness == Strictness.TOKEN) {
            return false;
        }
        StringBuilder suffix = new StringBuilder();
        for (int i = to; i < end; i++) {
            if (scan.is(i, LETTER)) {
                suffix.append(Scan.lower(scan.at(i)));
            }
        }
        return SUFFIXES.contains(suffix.toString());
    }

    /** Where the quote stands that opens a value, behind backslashes and the prefix of a literal, or -1. */
    private static int openingQuote(Scan scan, int value) {
        int at = value;
        char c = scan.at(at);
        if ((c == 'b' || c == 'f' || c == 'r' || c == '@' || c == 'u') && isQuote(scan.at(at + 1))) {
            at++;
        }
        while (at < value + 8 && scan.at(at) == '\\') {
            at++;
        }
        return isQuote(scan.at(at)) ? at : -1;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    // Values

    private void quoted(Scan scan, int value, int quote) {
        char mark = scan.at(quote);
        int level = 0;
        while (scan.at(quote - 1 - level) == '\\' && quote - level > value) {
            level++;
        }
        int start = quote + 1;
        int end = start;
        int backslashes = 0;
        while (end < start + SOON && !scan.isBehindEnd(end)) {
            char c = scan.at(end);
            if (c == '\n' || c == '\r') {
                break;
            }
            if (c == mark && (level == 0 ? backslashes % 2 == 0 : backslashes <= level)) {
                end -= level == 0 ? 0 : backslashes;
                break;
            }
            backslashes = c == '\\' ? backslashes + 1 : 0;
            end++;
        }
        if (end == start + SOON) {
            int run = mark == '"' ? NOT_DOUBLE_QUOTE : mark == '\'' ? NOT_SINGLE_QUOTE : NOT_BACKTICK;
            scan.found(this, start, end, run);
        } else if (countsQuoted(scan, start, end)) {
            scan.found(this, start, end);
        }
    }

    private boolean countsQuoted(Scan scan, int start, int end) {
        int size = end - start;
        if (size == 0 || isPlaceholder(scan, start, end)) {
            return false;
        }
        return switch (strictness) {
            case PASSWORD -> true;
            case KEY -> size >= 6 && (size >= 12 || !scan.isAll(start, end, LETTER));
            case TOKEN -> size >= 8 && (size >= 20 || scan.hasAny(start, end, DIGIT)) && !isPhrase(scan, start, end);
        };
    }

    private static boolean isPhrase(Scan scan, int start, int end) {
        for (int i = start; i < end; i++) {
            if (scan.at(i) == ' ') {
                return true;
            }
        }
        return false;
    }

    private void bare(Scan scan, int name, int value) {
        char first = scan.at(value);
        if (first == '{' || first == '(' || (first == '[' && scan.markEnd(value) < 0)) {
            return;
        }
        boolean encoded = scan.at(value - 3) == '%';
        int start = value;
        if (scan.stands(start, "%22")) {
            encoded = true;
            start += 3;
        } else if (scan.stands(start, "&quot;")) {
            start += 6;
        } else if (scan.standsFolded(start, "\\u0022")) {
            start += 6;
        }
        int end = bareEnd(scan, start, encoded);
        if (end == start + SOON) {
            scan.found(this, start, end, VALUE);
        } else if (end > start && countsBare(scan, name, start, end)) {
            scan.found(this, start, end);
        }
    }

    /** Where a value without quotes ends; a bracket or a comma ends it where something else seems to begin. */
    private static int bareEnd(Scan scan, int start, boolean encoded) {
        int mark = scan.markEnd(start);
        int at = mark < 0 ? start : mark;
        while (at < start + SOON) {
            char c = scan.at(at);
            if (!CharClass.is(c, VALUE) || (encoded && c == '%' && !isCharacter(scan, at))) {
                return at;
            }
            boolean bracket = c == ')' || c == ']' || c == '}';
            if ((c == ',' && endsAtComma(scan, at + 1)) || (bracket && endsAtBracket(scan.at(at + 1)))) {
                return at;
            }
            at++;
        }
        return start + SOON;
    }

    /** Whether an escape in a URL that is part of a URL stands for a character of the value, and does not end it. */
    private static boolean isCharacter(Scan scan, int percent) {
        return !scan.standsFolded(percent, "%26")
                && !scan.standsFolded(percent, "%22")
                && !scan.standsFolded(percent, "%23");
    }

    private static boolean endsAtComma(Scan scan, int next) {
        if (!scan.is(next, VALUE)) {
            return true;
        }
        int word = scan.end(next, DOTTED, 32);
        return word > next && scan.is(next, LETTER) && (scan.at(word) == '=' || scan.at(word) == ':');
    }

    private static boolean endsAtBracket(char next) {
        return !CharClass.is(next, VALUE) || ",)]}.:!?".indexOf(next) >= 0;
    }

    private boolean countsBare(Scan scan, int name, int start, int end) {
        int size = end - start;
        if (size < 3 || isPlaceholder(scan, start, end) || isReadFromElsewhere(scan, start, end)) {
            return false;
        }
        if (size <= 12 && NO_VALUES.contains(lower(scan, start, end))) {
            return false;
        }
        boolean word = scan.isAll(start, end, LETTER);
        return switch (strictness) {
            case PASSWORD ->
                !(scan.at(start) == '/' && Scan.lower(scan.at(name + 1)) == 'w'); // the directory of a shell
            case KEY -> word ? size >= 16 : size >= 8 || (size >= 6 && scan.hasAny(start, end, DIGIT));
            case TOKEN -> word ? size >= 20 : size >= 8 && (size >= 20 || scan.hasAny(start, end, DIGIT));
        };
    }

    private static boolean isPlaceholder(Scan scan, int start, int end) {
        char first = scan.at(start);
        char second = scan.at(start + 1);
        return switch (first) {
            case '$' ->
                second == '{'
                        || second == '('
                        || (scan.end(start + 1, UPPER_DIGIT | WORD, end - start) == end
                                && scan.end(start + 1, CharClass.LOWER, 1) == start + 1);
            case '{' -> second == '{' || scan.at(end - 1) == '}';
            case '%' -> (second == 's' && end == start + 2) || second == '(' || scan.at(end - 1) == '%';
            case '<' -> scan.at(end - 1) == '>';
            case '*', '.', 'x', 'X' -> isRepeated(scan, start, end);
            default -> false;
        };
    }

    private static boolean isRepeated(Scan scan, int start, int end) {
        for (int i = start; i < end; i++) {
            if (scan.at(i) != scan.at(start)) {
                return false;
            }
        }
        return true;
    }

    /** A call, or a path that begins where code reads configuration. */
    private static boolean isReadFromElsewhere(Scan scan, int start, int end) {
        int path = scan.end(start, DOTTED, end - start);
        if (!scan.is(start, LETTER)) {
            return false;
        }
        if (path < end && scan.at(path) == '(') {
            return true;
        }
        if (scan.hasAny(start, path, DIGIT) || (path < end && scan.at(path) != '[')) {
            return false;
        }
        int first = scan.end(start, LETTER, end - start);
        return first < end
                && (scan.at(first) == '.' || scan.at(first) == '[')
                && SOURCES.contains(scan.window(start, first));
    }

    private static String lower(Scan scan, int start, int end) {
        StringBuilder lower = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            lower.append(Scan.lower(scan.at(i)));
        }
        return lower.toString();
    }

    // Elements and options

    private void element(Scan scan, int from, int to, int close) {
        int open = from;
        while (open > from - 40 && (scan.is(open - 1, DOTTED) || scan.at(open - 1) == ':')) {
            open--;
        }
        if (scan.at(open - 1) != '<' || !isSecretName(scan, to, close)) {
            return;
        }
        int start = scan.end(close + 1, CharClass.SPACE, 40);
        int end = start;
        while (end < start + SOON && scan.at(end) != '<' && !scan.isBehindEnd(end)) {
            end++;
        }
        if (end == start + SOON) {
            scan.found(this, start, end, VALUE);
        } else if (countsQuoted(scan, start, end)) {
            scan.found(this, start, end);
        }
    }

    private static boolean isOption(Scan scan, int from) {
        int start = from;
        while (start > from - 40 && scan.is(start - 1, WORD)) {
            start--;
        }
        return scan.at(start) == '-' && scan.at(start + 1) == '-' && !scan.is(start - 1, VALUE);
    }

    private void option(Scan scan, int to, int name) {
        int start = name + 1;
        int end = bareEnd(scan, start, false);
        if (end > start
                && scan.at(start) != '-'
                && !scan.isAll(start, end, LETTER)
                && isSecretName(scan, to, name)
                && !isPlaceholder(scan, start, end)) {
            scan.found(this, start, end, end == start + SOON ? VALUE : 0);
        }
    }
}
