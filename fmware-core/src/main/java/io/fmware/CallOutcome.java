package io.fmware;

import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one logical call ended. Immutable. */
public final class CallOutcome {
    private final Operation operation;
    private final Mode mode;
    private final Duration duration;
    private final @Nullable Duration timeToFirstOutput;
    private final FmReply.@Nullable Source source;
    private final int attempts;
    private final @Nullable TokenUsage usage;
    private final @Nullable Throwable error;

    private CallOutcome(
            Operation operation,
            Mode mode,
            Duration duration,
            @Nullable Duration timeToFirstOutput,
            FmReply.@Nullable Source source,
            int attempts,
            @Nullable TokenUsage usage,
            @Nullable Throwable error) {
        this.operation = operation;
        this.mode = mode;
        this.duration = duration;
        this.timeToFirstOutput = timeToFirstOutput;
        this.source = source;
        this.attempts = attempts;
        this.usage = usage;
        this.error = error;
    }

    static CallOutcome answered(
            Operation operation, Mode mode, Duration duration, @Nullable Duration timeToFirstOutput, FmReply reply) {
        return new CallOutcome(
                operation, mode, duration, timeToFirstOutput, reply.source(), reply.attempts(), reply.usage(), null);
    }

    static CallOutcome failed(
            Operation operation,
            Mode mode,
            Duration duration,
            @Nullable Duration timeToFirstOutput,
            int attempts,
            @Nullable Throwable error) {
        TokenUsage usage = error instanceof InvalidReplyException invalid ? invalid.usage() : null;
        return new CallOutcome(operation, mode, duration, timeToFirstOutput, null, attempts, usage, error);
    }

    /**
     * What was asked.
     *
     * @return the operation
     */
    public Operation operation() {
        return operation;
    }

    /**
     * How the caller took the answer.
     *
     * @return the mode
     */
    public Mode mode() {
        return mode;
    }

    /**
     * The time from the start of the call to its end.
     *
     * @return the duration
     */
    public Duration duration() {
        return duration;
    }

    /**
     * The time from the start of the call to the first piece of output that the caller was given.
     *
     * @return the duration, or {@code null} where nothing was streamed
     */
    public @Nullable Duration timeToFirstOutput() {
        return timeToFirstOutput;
    }

    /**
     * Where the answer came from.
     *
     * @return the source, or {@code null} where there is no answer
     */
    public FmReply.@Nullable Source source() {
        return source;
    }

    /**
     * How often a model was asked, with success or without.
     *
     * @return the number of attempts, 0 where no model was asked
     */
    public int attempts() {
        return attempts;
    }

    /**
     * The tokens of the answer and of those that were rejected on the way, or of the rejected ones alone where no valid one came.
     *
     * @return the usage, or {@code null} where none is known
     */
    public @Nullable TokenUsage usage() {
        return usage;
    }

    /**
     * Why there is no answer.
     *
     * @return the error, or {@code null} where there is an answer
     */
    public @Nullable Throwable error() {
        return error;
    }

    @Override
    public String toString() {
        return "CallOutcome[" + operation + ", " + mode + ", duration=" + duration + ", timeToFirstOutput="
                + timeToFirstOutput + ", source=" + source + ", attempts=" + attempts + ", usage=" + usage
                + ", error=" + (error == null ? null : error.getClass().getName()) + "]";
    }
}
