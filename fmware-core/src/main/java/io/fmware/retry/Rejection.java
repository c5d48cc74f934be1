package io.fmware.retry;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import java.util.function.UnaryOperator;

/** An answer that was rejected, for a {@link RepromptStrategy} to ask again by. Immutable. */
public final class Rejection {
    private final FmCall call;
    private final ChatResponse response;
    private final String reason;
    private final String validator;
    private final int attempt;
    private final UnaryOperator<String> wording;

    Rejection(
            FmCall call,
            ChatResponse response,
            String reason,
            String validator,
            int attempt,
            UnaryOperator<String> wording) {
        this.call = call;
        this.response = response;
        this.reason = reason;
        this.validator = validator;
        this.attempt = attempt;
        this.wording = wording;
    }

    /**
     * What was asked first.
     *
     * @return the call, before anything was asked again
     */
    public FmCall call() {
        return call;
    }

    /**
     * The answer that was rejected.
     *
     * @return the answer
     */
    public ChatResponse response() {
        return response;
    }

    /**
     * What was wrong with it.
     *
     * @return the reason, as the validator gave it
     */
    public String reason() {
        return reason;
    }

    /**
     * Who rejected it.
     *
     * @return the name of the validator
     */
    public String validator() {
        return validator;
    }

    /**
     * The attempt that is to come.
     *
     * @return its number, from 2
     */
    public int attempt() {
        return attempt;
    }

    /**
     * The reason as the model is told it, in the wording of {@link Reprompting.Builder#saying}.
     *
     * @return the text of a message of the user
     */
    public String complaint() {
        return wording.apply(reason);
    }

    /** Who and when; the answer is left out, so that it never reaches a log by accident. */
    @Override
    public String toString() {
        return "Rejection[by " + validator + ", next attempt " + attempt + "]";
    }
}
