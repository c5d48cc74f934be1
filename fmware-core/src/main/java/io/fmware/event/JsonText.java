package io.fmware.event;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Redacts JSON value by value, so that it stays JSON: strings as what they stand for, numbers as strings. Everything else
 * stays as it was written. Not thread-safe.
 */
final class JsonText {
    private static final Pattern UNQUOTABLE = Pattern.compile("[\"\\\\\\p{Cntrl}]");

    private final String json;
    private final Rules rules;
    private final StringBuilder out = new StringBuilder();
    private int copied;
    private String name = "";
    /** In how many arrays it stands since that name. */
    private int arrays;

    JsonText(String json, Rules rules) {
        this.json = json;
        this.rules = rules;
    }

    /** The redacted JSON; the same instance if nothing was found, null if it is no JSON that can be taken apart. */
    @Nullable
    String redacted() {
        int at = 0;
        while (at < json.length()) {
            char c = json.charAt(at);
            int end = at + 1;
            if (c == '"') {
                end = stringEnd(at);
                if (end < 0) {
                    return null;
                }
                string(at, end);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                end = numberEnd(at);
                replace(at, end, json.substring(at, end));
            } else if (c == ',' || c == '{' || c == '}') {
                arrays = c == ',' ? arrays : 0;
                name = arrays > 0 ? name : "";
            } else if (c == '[' || c == ']') {
                arrays = Math.max(0, arrays + (c == '[' ? 1 : -1));
            } else if (" \t\r\n:".indexOf(c) < 0) {
                end = wordEnd(at);
                if (end < 0) {
                    return null;
                }
            }
            at = end;
        }
        return copied == 0 ? json : out.append(json, copied, json.length()).toString();
    }

    private int stringEnd(int start) {
        for (int i = start + 1; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++;
            }
        }
        return -1;
    }

    private int numberEnd(int start) {
        int end = start + 1;
        while (end < json.length() && "0123456789.eE+-".indexOf(json.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    private int wordEnd(int start) {
        for (String word : new String[] {"true", "false", "null"}) {
            if (json.startsWith(word, start)) {
                return start + word.length();
            }
        }
        return -1;
    }

    private void string(int start, int end) {
        String value = unescaped(start + 1, end - 1);
        replace(start, end, value);
        name = isName(end) ? value : name;
    }

    private boolean isName(int end) {
        int at = end;
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
        return at < json.length() && json.charAt(at) == ':';
    }

    private void replace(int start, int end, String value) {
        String redacted = redacted(value);
        if (!redacted.equals(value)) {
            out.append(json, copied, start).append('"');
            JsonStringEncoder.getInstance().quoteAsString(redacted, out);
            out.append('"');
            copied = end;
        }
    }

    /** A value is looked at behind its name too, as in {@code name="value"}: the name may be what tells a password. */
    private String redacted(String value) {
        if (!name.isEmpty() && !value.isEmpty()) {
            // What would end the string becomes a character that ends words and separates nothing
            String plain = UNQUOTABLE.matcher(value).replaceAll("\001");
            String before = "'" + name.replace('"', '_') + "'=\"";
            String named = new Scan(rules, (before + plain + "\"").toCharArray()).whole();
            if (named != null && named.startsWith(before)) {
                Matcher mark = Redactor.MARK.matcher(named.substring(before.length(), named.length() - 1));
                if (mark.matches() && !mark.group().equals(plain)) {
                    return MarkWriter.mark(rules, mark.group(1), value);
                }
            }
        }
        String redacted = new Scan(rules, value.toCharArray()).whole();
        return redacted == null ? value : redacted;
    }

    private String unescaped(int start, int end) {
        if (json.indexOf('\\', start) < 0 || json.indexOf('\\', start) >= end) {
            return json.substring(start, end);
        }
        StringBuilder text = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            c = json.charAt(++i);
            switch (c) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'u' -> {
                    int code = i + 4 < end ? code(i + 1) : -1;
                    text.append(code < 0 ? 'u' : (char) code);
                    i += code < 0 ? 0 : 4;
                }
                default -> text.append(c);
            }
        }
        return text.toString();
    }

    private int code(int start) {
        int code = 0;
        for (int i = start; i < start + 4; i++) {
            int digit = Character.digit(json.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            code = (code << 4) | digit;
        }
        return code;
    }
}
