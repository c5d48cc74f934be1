package io.fmware.retry;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.BufferedSink;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.Phase;
import io.fmware.StreamEvent;
import io.fmware.TokenSink;
import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Asks again where an answer is not valid, and tells the model why: the messages of the request, the rejected answer, and what
 * was wrong with it, or what else a {@link RepromptStrategy} changes. An answer that is not valid is never returned; when the attempts are used up the call fails with an
 * {@link InvalidReplyException} that has all of them.
 *
 * <p>Answers that call tools pass unchecked, whatever text they have beside: they are no answers yet. The token usage of the
 * reply is the sum over all attempts. A validator sees the request as it was before anything was asked again.
 *
 * <p>In a stream the pieces of an answer are shown before it can be checked, so there is nothing left to ask again for: an
 * invalid answer fails the call, unless the user accepts with {@link Builder#bufferStreams()} that the pieces are held back
 * until their answer is known to be valid.
 *
 * <p>Thread-safe.
 */
public final class Reprompting implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when the model is asked again. */
    public static final String REPROMPTED = "reprompted";

    /** What it is told when no attempt is left. */
    public static final String EXHAUSTED = "exhausted";

    /** What it is told when an invalid answer had been streamed already. */
    public static final String RELEASED = "released";

    private final int maxAttempts;
    private final Validator validator;
    private final boolean bufferStreams;
    private final Function<String, String> complaint;
    private final @Nullable IntFunction<ChatRequestParameters> parameters;
    private final List<RepromptStrategy> strategies;
    private final RepromptCounts counts = new RepromptCounts();
    private final String name;

    private Reprompting(Builder builder, Validator validator) {
        this.maxAttempts = builder.maxAttempts;
        this.validator = validator;
        this.bufferStreams = builder.bufferStreams;
        this.complaint = builder.complaint;
        this.parameters = builder.parameters;
        this.strategies =
                builder.strategies.isEmpty() ? List.of(RepromptStrategy.feedback()) : List.copyOf(builder.strategies);
        this.name = builder.name;
    }

    /**
     * Allows some attempts; {@link Builder#until} says for what.
     *
     * @param maxAttempts the most calls of the model, the first included, at least 1
     * @return a builder
     */
    public static Builder upTo(int maxAttempts) {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("the number of attempts must be at least 1, but is " + maxAttempts);
        }
        return new Builder(maxAttempts);
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        List<InvalidReplyException.Attempt> rejected = new ArrayList<>();
        TokenUsage usage = null;
        int calls = 0;
        Again step = new Again(call, null, null, null);
        while (true) {
            FmCall current = step.call();
            BufferedSink buffer = bufferStreams || step.part() != null ? TokenSink.buffer(call.sink()) : null;
            FmReply came;
            try {
                came = next.proceed(buffer == null ? current : current.withSink(buffer));
            } catch (RuntimeException e) {
                throw withEarlier(e, rejected);
            }
            calls += came.attempts();
            FmReply reply = step.completed(came);
            // Against what was asked first: in later requests the complaint quotes the answer.
            Verdict verdict = check(current.withRequest(call.request()), reply.response());
            step.count(counts, verdict, came.usage());
            if (verdict.isValid()) {
                release(buffer, came, reply, call.sink());
                return reply.plusUsage(usage).withAttempts(calls);
            }
            rejected.add(new InvalidReplyException.Attempt(current.request(), reply.response(), verdict.reason()));
            usage = reply.plusUsage(usage).usage();
            if (rejected.size() >= maxAttempts) {
                call.metrics().interceptorActed(name, EXHAUSTED);
                throw new InvalidReplyException(rejected);
            }
            if (buffer == null && !call.sink().restart()) {
                call.metrics().interceptorActed(name, RELEASED);
                throw new InvalidReplyException(
                        rejected,
                        "its pieces were streamed already; hold them back with Reprompting's bufferStreams()");
            }
            call.metrics().interceptorActed(name, REPROMPTED);
            step = again(call, current, reply.response(), verdict, rejected.size() + 1);
        }
    }

    /**
     * An attempt.
     *
     * @param call what is asked
     * @param after what was rejected before, {@code null} for the first attempt
     * @param strategy by what it is asked again, {@code null} for the first attempt
     * @param part what is to be completed, {@code null} where a whole answer is asked for
     */
    private record Again(
            FmCall call,
            @Nullable Rejection after,
            @Nullable RepromptStrategy strategy,
            @Nullable MissingPart part) {

        FmReply completed(FmReply came) {
            FmReply reply = part == null ? came : came.withResponse(part.with(came.response()));
            boolean other = after != null && call.target() != after.call().target();
            return other && reply.source() == FmReply.Source.MODEL ? reply.withSource(FmReply.Source.FALLBACK) : reply;
        }

        void count(RepromptCounts counts, Verdict verdict, @Nullable TokenUsage usage) {
            if (after != null && strategy != null) {
                counts.count(after.validator(), strategy.name(), verdict.isValid(), usage);
            }
        }
    }

    /** Builds on the original messages each time: a chain of rejected answers would be long, dear, and an example of what not to do. */
    private Again again(FmCall call, FmCall current, ChatResponse response, Verdict verdict, int attempt) {
        RepromptStrategy strategy = strategies.get(Math.min(attempt - 2, strategies.size() - 1));
        String by = verdict.by() == null ? validator.name() : verdict.by();
        Rejection rejection = new Rejection(call, response, verdict.reason(), by, attempt, this::complain);
        FmCall next = strategy.apply(call, rejection);
        ChatRequestParameters own = parameters == null ? null : parameters.apply(attempt);
        if (own != null) {
            next = RepromptStrategy.overridden(next, own);
        }
        while (next.attempt() <= current.attempt()) {
            next = next.nextAttempt();
        }
        return new Again(next, rejection, strategy, strategy.partOf(rejection));
    }

    /** What was completed is shown as a whole, since its pieces never were those of an answer. */
    private static void release(@Nullable BufferedSink buffer, FmReply came, FmReply reply, TokenSink sink) {
        if (buffer == null) {
            return;
        }
        String text = reply.response().aiMessage().text();
        if (text == null || text.equals(came.response().aiMessage().text())) {
            buffer.release();
        } else {
            sink.emit(new StreamEvent.Text(new PartialResponse(text)));
        }
    }

    /** Attaches what was rejected before a later attempt failed, so that it is not lost. */
    private static RuntimeException withEarlier(
            RuntimeException failure, List<InvalidReplyException.Attempt> rejected) {
        boolean attached = Arrays.stream(failure.getSuppressed()).anyMatch(InvalidReplyException.class::isInstance);
        if (!rejected.isEmpty() && !attached) { // a model may throw one and the same exception each time
            failure.addSuppressed(new InvalidReplyException(rejected));
        }
        return failure;
    }

    private Verdict check(FmCall call, ChatResponse response) {
        AiMessage message = response.aiMessage();
        if (message.hasToolExecutionRequests()) {
            return Verdict.valid();
        }
        if (message.text() == null || message.text().isEmpty()) {
            return Verdict.invalid("The answer is empty.").by("not empty");
        }
        Verdict verdict = validator.validate(call, response);
        if (verdict == null) {
            throw new IllegalStateException("the validator of interceptor '" + name
                    + "' returned null; return Verdict.valid() or Verdict.invalid(reason)");
        }
        FmRun.note(at ->
                new FmEvent.VerdictGiven(at, name, verdict.isValid(), verdict.isValid() ? null : verdict.reason()));
        return verdict;
    }

    private String complain(String reason) {
        String text = complaint.apply(reason);
        if (text == null || text.isBlank()) {
            throw new IllegalStateException("the wording of interceptor '" + name
                    + "' made no message of a reason; return what the model is to be told");
        }
        return text;
    }

    /**
     * Which strategies brought a valid answer, since this interceptor was made, in all pipelines that have it. Attempts that
     * failed are not counted.
     *
     * @return the counts so far
     */
    public RepromptReport report() {
        return counts.report();
    }

    @Override
    public Phase phase() {
        return Phase.VALIDATE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "Reprompting[" + name + ", maxAttempts=" + maxAttempts + ", bufferStreams=" + bufferStreams + "]";
    }

    /** Builds a re-prompting interceptor. Not thread-safe; may be used again. */
    public static final class Builder {
        private final int maxAttempts;
        private boolean bufferStreams;
        private Function<String, String> complaint = reason ->
                "Your last answer was rejected. " + reason + " Answer the original question again, without this fault.";
        private @Nullable IntFunction<ChatRequestParameters> parameters;
        private final List<RepromptStrategy> strategies = new ArrayList<>();
        private String name = "reprompting";

        private Builder(int maxAttempts) {
            this.maxAttempts = maxAttempts;
        }

        /**
         * Holds the pieces of a stream back until the answer that they make is known to be valid. The user of a stream then
         * waits for the first piece as long as for the last.
         *
         * @return this
         */
        public Builder bufferStreams() {
            this.bufferStreams = true;
            return this;
        }

        /**
         * Words the message to the model otherwise.
         *
         * @param wording makes the text of the message from the reason
         * @return this
         */
        public Builder saying(Function<String, String> wording) {
            this.complaint = Objects.requireNonNull(wording, "wording");
            return this;
        }

        /**
         * Says what changes in the next attempt: the first time this is called for the second attempt, then for the third, and so
         * on; the last holds for all that follow. By default {@link RepromptStrategy#feedback()}.
         *
         * @param strategy what changes
         * @return this
         */
        public Builder then(RepromptStrategy strategy) {
            strategies.add(Objects.requireNonNull(strategy, "strategy"));
            return this;
        }

        /**
         * Changes the parameters of later attempts, on top of their strategies: a lower temperature, a larger output.
         *
         * @param perAttempt gives the parameters to change for an attempt, numbered from 2; {@code null} changes none
         * @return this
         */
        public Builder withParameters(IntFunction<ChatRequestParameters> perAttempt) {
            this.parameters = Objects.requireNonNull(perAttempt, "perAttempt");
            return this;
        }

        /**
         * Names the interceptor, for pipelines with several. By default "reprompting".
         *
         * @param own the name
         * @return this
         */
        public Builder named(String own) {
            this.name = Objects.requireNonNull(own, "name");
            return this;
        }

        /**
         * Ends with what a valid answer is.
         *
         * @param validator says whether an answer is valid
         * @return the interceptor
         */
        public Reprompting until(Validator validator) {
            return new Reprompting(this, Objects.requireNonNull(validator, "validator"));
        }
    }
}
