package io.fmware.retry;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.text.Answers;
import io.fmware.text.Equivalence;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/**
 * When two samples of {@link SelfConsistency} are votes for one answer. Immutable; thread-safe, provided that an equivalence of
 * the user's is.
 */
public final class Vote {
    private final String name;
    private final UnaryOperator<String> ballot;
    private final BiPredicate<String, String> same;

    private Vote(String name, UnaryOperator<String> ballot, BiPredicate<String, String> same) {
        this.name = name;
        this.ballot = ballot;
        this.same = same;
    }

    /**
     * The texts are equal but for white space at their ends.
     *
     * @return the vote
     */
    public static Vote exact() {
        return new Vote("exact", String::strip, String::equals);
    }

    /**
     * The texts are equal but for case, white space, forms of Unicode, Markdown and punctuation at the ends of words, as said at
     * {@link Answers#normalised}.
     *
     * @return the vote
     */
    public static Vote normalised() {
        return new Vote("normalised", Answers::normalised, String::equals);
    }

    /**
     * The last numbers of the texts are equal, as said at {@link Answers#lastNumber}; whatever stands around them. All texts
     * without a number, or whose last one cannot be read, such as {@code 1,234,56}, are votes for one answer.
     *
     * @return the vote
     */
    public static Vote numeric() {
        return new Vote("numeric", text -> Answers.lastNumber(text).orElse(""), String::equals);
    }

    /**
     * The texts are JSON with equal values in one place: numbers by value, to the last digit, objects whatever the order of their
     * members. All texts that are no JSON, or have nothing in that place, are votes for one answer.
     *
     * @param jsonPointer the place (RFC 6901), such as {@code /answer}; empty for the whole
     * @return the vote
     * @throws IllegalArgumentException if it is not a JSON pointer
     */
    public static Vote field(String jsonPointer) {
        JsonPointer place = JsonCitations.pointer(jsonPointer);
        return new Vote("field " + jsonPointer, text -> value(text, place), String::equals);
    }

    private static String value(String text, JsonPointer place) {
        JsonNode json = JsonText.exact(text);
        JsonNode value = json == null ? null : json.at(place);
        return value == null || value.isMissingNode() ? "" : canonical(value);
    }

    private static String canonical(JsonNode value) {
        StringBuilder text = new StringBuilder();
        if (value.isObject()) {
            Map<String, JsonNode> members = new TreeMap<>();
            value.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            members.forEach((key, member) -> text.append(JsonText.quoted(key))
                    .append(':')
                    .append(canonical(member))
                    .append(','));
            return "{" + text + "}";
        }
        if (value.isArray()) {
            value.forEach(each -> text.append(canonical(each)).append(','));
            return "[" + text + "]";
        }
        return value.isNumber()
                ? value.decimalValue().stripTrailingZeros().toString()
                : value.isTextual() ? JsonText.quoted(value.textValue()) : value.asText();
    }

    /**
     * The texts say the same. A sample is compared with the first of each answer that there is so far, in the order of the
     * samples as they come in.
     *
     * @param equivalence says whether two texts say the same; what it throws fails the call
     * @return the vote
     */
    public static Vote equivalence(Equivalence equivalence) {
        Objects.requireNonNull(equivalence, "equivalence");
        return new Vote("equivalence", text -> text, equivalence::same);
    }

    /** What of an answer is compared. */
    String ballot(String text) {
        return ballot.apply(text);
    }

    boolean same(String ballot, String other) {
        return same.test(ballot, other);
    }

    @Override
    public String toString() {
        return name;
    }
}
