package io.fmware.retry;

import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The usual validators of answers. All are thread-safe and check the text of the answer. */
public final class Replies {

    private Replies() {}

    /**
     * The answer is one JSON value and nothing else: no code fence, no words around it, no key twice, no more than 256 levels, no
     * number that a {@code double} cannot hold.
     *
     * @return the validator
     */
    public static Validator areJson() {
        return named(
                "areJson", (call, response) -> JsonText.parse(text(response)).verdict());
    }

    /**
     * The answer is JSON that fits the schema langchain4j derives from a class. Fields are required unless they are marked with
     * {@code @JsonProperty(required = false)}, which allows {@code null} too; fields that the class does not have are refused,
     * since langchain4j would fail to read them.
     *
     * @param type the class that the answer is read into
     * @return the validator
     * @throws IllegalArgumentException if langchain4j derives no usable schema from the class
     */
    public static Validator matchSchema(Class<?> type) {
        return named("matchSchema", SchemaValidator.of(Objects.requireNonNull(type, "type")));
    }

    /**
     * The answer is JSON that fits a schema; an optional field may be {@code null}. A schema is read once, here, and never
     * refers to files or the network.
     *
     * @param schema the schema
     * @return the validator
     * @throws IllegalArgumentException if the schema cannot be used
     */
    public static Validator matchSchema(JsonSchema schema) {
        return named("matchSchema", SchemaValidator.of(Objects.requireNonNull(schema, "schema")));
    }

    /**
     * The answer is what the response format of its request asks for: JSON that fits the schema there, or any JSON where there
     * is no schema. Where a request asks for nothing, as when langchain4j describes the format in the prompt instead, every
     * answer is valid.
     *
     * @return the validator
     */
    public static Validator matchResponseFormat() {
        return named("matchResponseFormat", new ResponseFormatValidator());
    }

    /**
     * The answer as a whole matches a regular expression.
     *
     * @param pattern the expression; one that backtracks without bound makes a slow validator
     * @param description what it stands for, as told to the model: "an ISO date such as 2026-11-21"
     * @return the validator
     */
    public static Validator match(Pattern pattern, String description) {
        Objects.requireNonNull(pattern, "pattern");
        Objects.requireNonNull(description, "description");
        return named("match", (call, response) -> {
            try {
                return pattern.matcher(text(response).strip()).matches()
                        ? Verdict.valid()
                        : Verdict.invalid("The answer must be " + description + " and nothing else.");
            } catch (StackOverflowError e) { // java.util.regex recurses over alternatives that repeat
                return Verdict.invalid("The answer is too long to be checked; it must be " + description + ".");
            }
        });
    }

    /**
     * The answer is one of a few words, with white space around it ignored.
     *
     * @param allowed the words, at least one
     * @return the validator
     */
    public static Validator beOneOf(Collection<String> allowed) {
        Set<String> words = new LinkedHashSet<>(List.copyOf(allowed));
        if (words.isEmpty()) {
            throw new IllegalArgumentException("beOneOf needs at least one allowed answer");
        }
        return named(
                "beOneOf",
                (call, response) -> words.contains(text(response).strip())
                        ? Verdict.valid()
                        : Verdict.invalid("The answer must be exactly one of: " + String.join(", ", words) + "."));
    }

    /**
     * The answer is the name of one of the constants of an enum.
     *
     * @param <E> the enum
     * @param type its class
     * @return the validator
     */
    public static <E extends Enum<E>> Validator beOneOf(Class<E> type) {
        return beOneOf(Arrays.stream(type.getEnumConstants()).map(Enum::name).toList());
    }

    /**
     * The text of the answer is of some length.
     *
     * @param least the fewest characters, not negative
     * @param most the most characters
     * @return the validator
     */
    public static Validator haveLength(int least, int most) {
        if (least < 0 || most < least) {
            throw new IllegalArgumentException(
                    "the length must be from 0 <= least <= most, but is from " + least + " to " + most);
        }
        return named("haveLength", (call, response) -> {
            int length = text(response).length();
            return length >= least && length <= most
                    ? Verdict.valid()
                    : Verdict.invalid("The answer has " + length + " characters, but must have from " + least + " to "
                            + most + ".");
        });
    }

    /**
     * The text of the answer satisfies a condition.
     *
     * @param description what is asked for, as told to the model: "must name a currency"
     * @param condition the condition
     * @return the validator
     */
    public static Validator satisfy(String description, Predicate<? super String> condition) {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(description, "description");
        return named(
                "satisfy",
                (call, response) -> condition.test(text(response))
                        ? Verdict.valid()
                        : Verdict.invalid("The answer " + description + "."));
    }

    /**
     * The answer cites at least one source in its text, and cites only sources that the request holds in the same notation,
     * so that made-up citations are found. Messages of the user, system messages and tool results count as the request; the
     * model's own earlier answers do not. Whatever matches there counts as a source that was given, an example in the
     * instructions or something the user typed included: choose a notation that only sources have.
     *
     * @param citation finds a citation; its first group, or the whole match where it has none, is the identifier
     * @return the validator
     */
    public static Validator citeSourcesOfTheRequest(Pattern citation) {
        Objects.requireNonNull(citation, "citation");
        return named("citeSourcesOfTheRequest", (call, response) -> {
            Set<String> cited;
            try {
                cited = Citations.find(citation, text(response));
            } catch (StackOverflowError e) { // java.util.regex recurses over alternatives that repeat
                return Verdict.invalid("The answer is too long for its citations to be found.");
            }
            return cited.isEmpty()
                    ? Verdict.invalid("The answer must cite its source.")
                    : Citations.check(cited, citation, call.request());
        });
    }

    /**
     * The answer is JSON that names at least one source in one of its fields, and only sources that the request holds. What
     * counts as the request is said at {@link #citeSourcesOfTheRequest(Pattern)}.
     *
     * <pre>{@code
     * record Answer(String text, List<String> sources) {}
     *
     * // The prompt holds each passage under a line such as "source: top-up-limits"
     * Replies.citeSourcesOfTheRequest("/sources", Pattern.compile("(?m)^source: (\\S+)$"))
     * }</pre>
     *
     * @param jsonPointer where the answer has its sources (RFC 6901), an array of identifiers or a single one: "/sources"
     * @param inRequest finds a source in the request; its first group, or the whole match where it has none, is the identifier
     * @return the validator
     */
    public static Validator citeSourcesOfTheRequest(String jsonPointer, Pattern inRequest) {
        return named("citeSourcesOfTheRequest", new JsonCitations(jsonPointer, inRequest, false));
    }

    /**
     * As {@link #citeSourcesOfTheRequest(String, Pattern)}, but an answer that names no source is valid: one that declines.
     *
     * @param jsonPointer where the answer has its sources
     * @param inRequest finds a source in the request
     * @return the validator
     */
    public static Validator citeOnlySourcesOfTheRequest(String jsonPointer, Pattern inRequest) {
        return named("citeOnlySourcesOfTheRequest", new JsonCitations(jsonPointer, inRequest, true));
    }

    private static Validator named(String name, Validator validator) {
        return validator.named(name);
    }

    static String text(ChatResponse response) {
        String text = response.aiMessage().text();
        return text == null ? "" : text;
    }
}
