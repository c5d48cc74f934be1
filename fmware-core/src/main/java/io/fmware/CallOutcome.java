package io.fmware;

import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one logical call ended.
 *
 * @param operation what was asked
 * @param mode how the caller took the answer
 * @param duration from the start of the call to its end
 * @param timeToFirstOutput from the start to the first piece of output that the caller was given; {@code null} where nothing
 *     was streamed
 * @param source where the answer came from; {@code null} where there is none
 * @param attempts how many calls of a model the answer took; 0 where there is no answer
 * @param usage the tokens it took; {@code null} where there is no answer or the model does not report them
 * @param error why there is no answer; {@code null} where there is one
 */
public record CallOutcome(
        Operation operation,
        Mode mode,
        Duration duration,
        @Nullable Duration timeToFirstOutput,
        FmReply.@Nullable Source source,
        int attempts,
        @Nullable TokenUsage usage,
        @Nullable Throwable error) {}
