package io.fmware.observability.command;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Finds what is looked for in texts, whether in capitals or not. */
interface Finder {

    /**
     * A place in a text.
     *
     * @param from where it begins
     * @param to where it ends
     */
    record Match(int from, int to) {}

    /** The first place where it is, {@code null} where it is not. */
    @Nullable
    Match in(String text);

    /** Finds a text, also as it stands in JSON. */
    static Finder text(String wanted) {
        if (wanted.isEmpty()) {
            throw new UserError("there is nothing to look for: the text is empty");
        }
        Plain plain = new Plain(wanted);
        String quoted = String.valueOf(JsonStringEncoder.getInstance().quoteAsString(wanted));
        if (quoted.equals(wanted)) {
            return plain;
        }
        Plain json = new Plain(quoted);
        return text -> {
            Match found = plain.in(text);
            return found == null ? json.in(text) : found;
        };
    }

    /** Finds a regular expression. */
    static Finder pattern(String wanted) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(wanted, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw new UserError(
                    "'" + Shown.cut(wanted, Shown.NAME) + "' is no regular expression: " + e.getDescription());
        }
        return text -> {
            try {
                Matcher matcher = pattern.matcher(new Counted(text));
                return matcher.find() ? new Match(matcher.start(), matcher.end()) : null;
            } catch (Counted.TooMuch | StackOverflowError e) {
                throw new UserError("the regular expression takes too long on a text of " + text.length()
                        + " characters; leave out repetitions inside of repetitions");
            }
        };
    }

    /** Finds a text as it is. */
    final class Plain implements Finder {
        private final char[] wanted;
        private final char small;
        private final char capital;

        Plain(String text) {
            wanted = text.toCharArray();
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = folded(wanted[i]);
            }
            small = wanted[0];
            capital = Character.toUpperCase(small);
        }

        private static char folded(char c) {
            if (c < 0x80) {
                return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            }
            return Character.toLowerCase(Character.toUpperCase(c));
        }

        @Override
        public @Nullable Match in(String text) {
            int last = text.length() - wanted.length;
            for (int i = 0; i <= last; i++) {
                char c = text.charAt(i);
                if ((c == small || c == capital || (c >= 0x80 && folded(c) == small)) && isAt(text, i)) {
                    return new Match(i, i + wanted.length);
                }
            }
            return null;
        }

        private boolean isAt(String text, int from) {
            for (int i = 1; i < wanted.length; i++) {
                if (folded(text.charAt(from + i)) != wanted[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A text that may be looked at so often and no more: some expressions take longer than the world stands. */
    final class Counted implements CharSequence {
        private static final long LOOKS = 100;
        private static final long AT_LEAST = 1_000_000;

        private final String text;
        private long left;

        /** It was looked at too often. */
        static final class TooMuch extends RuntimeException {
            private static final long serialVersionUID = 1L;

            TooMuch() {
                super(null, null, false, false);
            }
        }

        Counted(String text) {
            this.text = text;
            this.left = AT_LEAST + LOOKS * text.length();
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooMuch();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.substring(from, to);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
