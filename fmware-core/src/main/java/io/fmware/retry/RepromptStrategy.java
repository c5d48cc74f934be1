package io.fmware.retry;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.fmware.FmCall;
import io.fmware.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Reprompting} changes when it asks again. Each strategy starts from what was asked first; {@link #and} makes one of
 * two. Immutable; thread-safe, provided that a function of the user's is.
 */
public final class RepromptStrategy {
    private final String name;
    private final BiFunction<FmCall, Rejection, FmCall> change;
    private final boolean partial;

    private RepromptStrategy(String name, BiFunction<FmCall, Rejection, FmCall> change, boolean partial) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name of a strategy must not be blank");
        }
        this.name = name;
        this.change = Objects.requireNonNull(change, "change");
        this.partial = partial;
    }

    /**
     * Tells the model its rejected answer and what was wrong with it. What is done by default.
     *
     * @return the strategy, named "feedback"
     */
    public static RepromptStrategy feedback() {
        return new RepromptStrategy(
                "feedback", (next, rejection) -> complaining(next, rejection, rejection.complaint()), false);
    }

    /**
     * Asks the same again with other parameters: another temperature, a larger output.
     *
     * @param changed the parameters to change
     * @return the strategy, named "parameters"
     */
    public static RepromptStrategy parameters(ChatRequestParameters changed) {
        Objects.requireNonNull(changed, "parameters");
        return new RepromptStrategy("parameters", (next, rejection) -> overridden(next, changed), false);
    }

    /**
     * Asks the same again at another temperature.
     *
     * @param changed the temperature, a number from 0
     * @return the strategy, named such as "temperature 0.0"
     */
    public static RepromptStrategy temperature(double changed) {
        if (!(changed >= 0 && changed < Double.POSITIVE_INFINITY)) { // NaN too
            throw new IllegalArgumentException("a temperature must be a number from 0, but is " + changed);
        }
        ChatRequestParameters own =
                ChatRequestParameters.builder().temperature(changed).build();
        return new RepromptStrategy("temperature " + changed, (next, rejection) -> overridden(next, own), false);
    }

    /**
     * Asks another model the same. Retries, breakers and limits of the first one are passed by, as in a
     * {@link io.fmware.route.Fallback}; the other may bring its own by being wrapped in a pipeline. The reply then has the source
     * {@link io.fmware.FmReply.Source#FALLBACK}.
     *
     * @param other the model
     * @return the strategy, named such as "model gpt-4o"
     */
    public static RepromptStrategy model(Target other) {
        Objects.requireNonNull(other, "model");
        return new RepromptStrategy("model " + other.name(), (next, rejection) -> next.withTarget(other), false);
    }

    /**
     * Asks only for the part of a JSON object that was missing or wrong, and merges what comes into the rejected answer, as a
     * JSON Merge Patch (RFC 7396): members that come replace those that were, objects are merged, {@code null} removes. The
     * merged answer is checked as a whole, and is what the caller gets. A schema that the request demands of the model is taken
     * back to "some JSON" for that attempt, since a part does not fit it.
     *
     * <p>Where the rejected answer is no JSON object, the whole is asked for as by {@link #feedback()}; where what comes is none,
     * that is taken for the answer.
     *
     * @return the strategy, named "missing part"
     */
    public static RepromptStrategy missingPart() {
        return new RepromptStrategy("missing part", MissingPart::ask, true);
    }

    /**
     * A strategy of the user's.
     *
     * @param name the name under which it is counted
     * @param change makes the next call of what was asked first, and of what was changed in it by strategies before this one
     * @return the strategy
     */
    public static RepromptStrategy of(String name, BiFunction<FmCall, Rejection, FmCall> change) {
        return new RepromptStrategy(name, change, false);
    }

    /**
     * This and another: both change the same call, this first.
     *
     * @param other the other
     * @return a strategy named after both
     */
    public RepromptStrategy and(RepromptStrategy other) {
        Objects.requireNonNull(other, "other");
        return new RepromptStrategy(
                name + " + " + other.name,
                (next, rejection) -> other.apply(apply(next, rejection), rejection),
                partial || other.partial);
    }

    /**
     * The name under which it is counted.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    FmCall apply(FmCall next, Rejection rejection) {
        FmCall changed = change.apply(next, rejection);
        if (changed == null) {
            throw new IllegalStateException("the re-prompt strategy '" + name
                    + "' returned null; return the call to be made, or the one it got");
        }
        return changed;
    }

    /** Whether what comes is a part, to be merged into the rejected answer; {@code null} where it is a whole. */
    @Nullable
    MissingPart partOf(Rejection rejection) {
        return partial ? MissingPart.of(rejection.response()) : null;
    }

    static FmCall complaining(FmCall next, Rejection rejection, String complaint) {
        List<ChatMessage> messages = new ArrayList<>(next.request().messages());
        String text = rejection.response().aiMessage().text();
        if (text != null && !text.isBlank()) {
            messages.add(AiMessage.from(text));
        }
        messages.add(UserMessage.from(complaint));
        return next.withRequest(next.request().toBuilder().messages(messages).build());
    }

    static FmCall overridden(FmCall next, ChatRequestParameters changed) {
        ChatRequest request = next.request();
        return next.withRequest(request.toBuilder()
                .parameters(request.parameters().overrideWith(changed))
                .build());
    }

    @Override
    public String toString() {
        return name;
    }
}
