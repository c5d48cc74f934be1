package io.fmware.event;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Removes secrets and personal data from text before it is logged, traced or written.
 *
 * <p>What is removed is replaced by a mark, {@code [kind:xxxxxxxx]}: the kind, and eight hexadecimal digits of the
 * HMAC-SHA256 of the value as UTF-8 under the key of the redactor. Equal values have equal marks, and no mark gives its value
 * back to those who do not have the key. A mark has no character that JSON would have to escape, and is never redacted again.
 *
 * <p>The work grows with the length of the text, whatever the text is. Rules are asked only where one of their literals stands,
 * and see {@value Scan#BEHIND} characters before and {@value Scan#AHEAD} behind it.
 *
 * <p>Immutable and thread-safe.
 */
public final class Redactor {
    private static final int LEAST_KEY = 16;

    /** Finds the marks of any redactor, and what only looks like one; its first group is the kind. */
    public static final Pattern MARK = Pattern.compile("\\[([a-z0-9][a-z0-9-]{0,31}):[0-9a-f]{8}]");

    /** Shorter ones would be found by accident; nothing that protects anything is that short. */
    private static final int LEAST_SECRET = 6;

    private static final Pattern KIND = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    private final Rules rules;

    private Redactor(Rules rules) {
        this.rules = rules;
    }

    private static final class Standard {
        static final Redactor INSTANCE = builder().build();
    }

    /**
     * The redactor that knows the kinds of {@link #kinds()}, secrets and personal data, under a key that is drawn once for this
     * process.
     *
     * @return the same redactor each time
     */
    public static Redactor standard() {
        return Standard.INSTANCE;
    }

    /**
     * Builds on the standard kinds.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Redacts a text.
     *
     * @param text any text
     * @return the text with marks, or the very same string if there is nothing to remove
     */
    public String redact(String text) {
        String redacted = new Scan(rules, text.toCharArray()).whole();
        return redacted == null ? text : redacted;
    }

    /**
     * Redacts the values and names of a JSON text one by one, so that it stays JSON: strings are looked at unescaped and behind
     * their name, and a number that is removed becomes a string. The rest stays as it is written.
     *
     * @param json a JSON text; what is none is redacted as text
     * @return the JSON with marks, or the very same string if there is nothing to remove
     */
    public String redactJson(String json) {
        String redacted = new JsonText(json, rules).redacted();
        return redacted == null ? redact(json) : redacted;
    }

    /**
     * Redacts a text that arrives in pieces. Wherever it is cut, what comes out is what {@link #redact} makes of the whole.
     *
     * @return a stream for one text
     */
    public Stream stream() {
        return new Stream(new Scan(rules), Scan.BEHIND + rules.ahead());
    }

    /**
     * The kinds that this redactor removes.
     *
     * @return their names, sorted
     */
    public List<String> kinds() {
        return rules.kinds();
    }

    /** Without rules or key. */
    @Override
    public String toString() {
        return "Redactor[" + kinds().size() + " kinds]";
    }

    /** One text in pieces. Not thread-safe. */
    public static final class Stream {
        private final Scan scan;
        private final int longestHeldBack;
        private boolean ended;

        private Stream(Scan scan, int longestHeldBack) {
            this.scan = scan;
            this.longestHeldBack = longestHeldBack;
        }

        /**
         * Takes the next piece.
         *
         * @param chunk the piece, cut anywhere
         * @return what may be shown now, often of earlier pieces, often empty
         */
        public String accept(String chunk) {
            if (ended) {
                throw new IllegalStateException("the stream has ended; begin another one with Redactor.stream()");
            }
            return scan.piece(Objects.requireNonNull(chunk, "chunk"));
        }

        /**
         * Ends the text.
         *
         * @return the rest of it
         */
        public String end() {
            if (ended) {
                throw new IllegalStateException("the stream has ended already");
            }
            ended = true;
            return scan.rest();
        }

        /**
         * How many characters are held back at the most. A secret that is longer is not held, but taken in as it comes.
         *
         * @return 384, or some more than the longest secret that was given to {@link Builder#literal}
         */
        public int longestHeldBack() {
            return longestHeldBack;
        }
    }

    /** Builds a redactor. Not thread-safe; may be used again. */
    public static final class Builder {
        private final List<Rule> own = new ArrayList<>();
        private final Set<String> without = new LinkedHashSet<>();
        private byte[] key = new byte[0];

        private Builder() {}

        /**
         * Removes what a pattern finds; where it has a group, what the first group holds. The pattern is tried only around the
         * places where one of the literals stands, in any case, and only on what stands up to 128 characters before the end of
         * the literal and 256 behind it: anchors and lookarounds see no more. A match has to overlap the literal. Nothing
         * bounds a pattern that backtracks without bound, such as {@code (a+)+}, but that window.
         *
         * @param kind the kind, in lower-case letters, digits and hyphens
         * @param pattern the pattern
         * @param literals at least one of these stands in whatever the pattern matches
         * @return this
         */
        public Builder rule(String kind, Pattern pattern, String... literals) {
            Objects.requireNonNull(pattern, "pattern");
            if (literals.length == 0 || Arrays.stream(literals).anyMatch(String::isEmpty)) {
                throw new IllegalArgumentException("rule '" + kind + "' needs literals that are not empty, one of which"
                        + " stands in whatever it matches; without them its pattern would be tried everywhere");
            }
            for (String literal : literals) {
                if (literal.length() > Scan.MARGIN) {
                    throw new IllegalArgumentException("a literal of rule '" + kind + "' has " + literal.length()
                            + " characters, but at most " + Scan.MARGIN + " are allowed; give its beginning");
                }
            }
            own.add(new PatternRule(checked(kind), pattern, literals));
            return this;
        }

        /**
         * Removes a secret that is known, such as the value of an environment variable, wherever it stands: as it is, and as it
         * is written in JSON and in URLs.
         *
         * @param kind the kind, in lower-case letters, digits and hyphens
         * @param secret the secret, of at least 6 characters
         * @return this
         */
        public Builder literal(String kind, String secret) {
            if (secret.length() < LEAST_SECRET) {
                throw new IllegalArgumentException("the secret of kind '" + kind + "' has " + secret.length()
                        + " characters, but needs at least " + LEAST_SECRET
                        + "; what is shorter would be found by accident");
            }
            Set<String> forms = new LinkedHashSet<>();
            forms.add(secret);
            forms.add(new String(JsonStringEncoder.getInstance().quoteAsString(secret)));
            forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
            forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"));
            forms.forEach(form -> own.add(new LiteralRule(checked(kind), form)));
            return this;
        }

        /**
         * Leaves a standard kind in the text.
         *
         * @param kind one of {@link Redactor#kinds()}
         * @return this
         */
        public Builder without(String kind) {
            List<String> known = StandardRules.all().stream()
                    .map(Rule::kind)
                    .distinct()
                    .sorted()
                    .toList();
            if (!known.contains(kind)) {
                throw new IllegalArgumentException("there is no standard kind '" + kind + "'; there are " + known);
            }
            without.add(kind);
            return this;
        }

        /**
         * Sets the key of the hashes in marks, for marks that can be compared between processes. Without one, each redactor
         * draws its own.
         *
         * @param secretKey at least 16 bytes that nobody else has: those who have it can try which value a mark stands for
         * @return this
         */
        public Builder key(byte[] secretKey) {
            if (secretKey.length < LEAST_KEY) {
                throw new IllegalArgumentException("the key has " + secretKey.length + " bytes, but needs at least "
                        + LEAST_KEY + "; with a key that can be guessed, so can what was removed");
            }
            this.key = secretKey.clone();
            return this;
        }

        /**
         * Builds the redactor.
         *
         * @return the redactor
         */
        public Redactor build() {
            List<Rule> rules = new ArrayList<>(own);
            StandardRules.all().stream()
                    .filter(rule -> !without.contains(rule.kind()))
                    .forEach(rules::add);
            return new Redactor(new Rules(rules, key.length == 0 ? drawnKey() : key));
        }

        private static byte[] drawnKey() {
            byte[] drawn = new byte[32];
            new SecureRandom().nextBytes(drawn);
            return drawn;
        }

        private static String checked(String kind) {
            if (!KIND.matcher(kind).matches()) {
                throw new IllegalArgumentException(
                        "the kind '" + kind
                                + "' must be 1 to 32 lower-case letters, digits and hyphens, since marks are recognised by that");
            }
            return kind;
        }
    }
}
