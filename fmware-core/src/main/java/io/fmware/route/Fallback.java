package io.fmware.route;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.fmware.CancelledException;
import io.fmware.Chain;
import io.fmware.DeadlineExceededException;
import io.fmware.FailureClass;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.Target;
import io.fmware.event.FmEvent;
import io.fmware.retry.Covering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Turns to other models, in order, where the one that was asked fails in a way that the user chose. Interceptors that check the
 * answer check that of the other models too; those that belong to the first model (retries, breaker, limits) are passed by, and
 * the others may bring their own by being wrapped in a pipeline of theirs.
 *
 * <p>A stream is only continued by another model as long as nothing of it has been shown. A cancelled call and one whose time
 * is over never fall back; an attempt whose own, shorter time is over does. When all models fail, the failure of the last is thrown, with those of the others attached as
 * suppressed.
 *
 * <p>Thread-safe.
 */
public final class Fallback implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when another model is asked. */
    public static final String FELL_BACK = "fell back";

    private final List<Target> others;
    private final Set<FailureClass> on;
    private final Covering covering;
    private final String name;

    private Fallback(Builder builder) {
        this.others = List.copyOf(builder.others);
        this.on = builder.on;
        this.covering = Covering.of(builder.on, builder.name);
        this.name = builder.name;
    }

    /**
     * Falls back to other models on {@link FailureClass#UNAVAILABLE} and {@link FailureClass#INVALID_REPLY}.
     *
     * @param models the models, in order, at least one
     * @return the interceptor
     */
    public static Fallback to(ChatModel... models) {
        Builder builder = builder();
        Arrays.stream(Objects.requireNonNull(models, "models")).forEach(m -> builder.then(Target.of(m)));
        return builder.build();
    }

    /**
     * Falls back to other streaming models on {@link FailureClass#UNAVAILABLE} and {@link FailureClass#INVALID_REPLY}.
     *
     * @param models the models, in order, at least one
     * @return the interceptor
     */
    public static Fallback to(StreamingChatModel... models) {
        Builder builder = builder();
        Arrays.stream(Objects.requireNonNull(models, "models")).forEach(m -> builder.then(Target.of(m)));
        return builder.build();
    }

    /**
     * Starts a fallback.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        List<RuntimeException> failures = new ArrayList<>();
        FmCall current = call;
        int index = 0;
        int before = call.timesAsked();
        while (true) {
            int asked = call.timesAsked();
            try {
                FmReply reply = next.proceed(current);
                return failures.isEmpty()
                        ? reply
                        : reply.withSource(FmReply.Source.FALLBACK)
                                .plusRejected(failures)
                                .withAttempts(asked - before + reply.attempts());
            } catch (CancelledException e) {
                throw Covering.attach(e, failures);
            } catch (RuntimeException e) {
                boolean over = e instanceof DeadlineExceededException
                        && call.deadline().isExpired();
                if (over
                        || index == others.size()
                        || !covering.includes(e)
                        || !call.sink().restart()) {
                    throw Covering.attach(e, failures);
                }
                failures.add(e);
            }
            refuseIfOver(call, failures);
            call.metrics().interceptorActed(name, FELL_BACK);
            Target other = others.get(index++);
            FmRun.note(at -> new FmEvent.Decided(
                    at,
                    "which model answers",
                    others.stream().map(Target::name).toList(),
                    other.name(),
                    failures.get(failures.size() - 1).getClass().getName()));
            current = call.withTarget(other);
        }
    }

    private static void refuseIfOver(FmCall call, List<RuntimeException> failures) {
        try {
            call.checkActive();
        } catch (CancelledException | DeadlineExceededException e) {
            throw Covering.attach(e, failures);
        }
    }

    @Override
    public Phase phase() {
        return Phase.FALLBACK;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void check(List<Interceptor> order) {
        boolean validated = order.stream().anyMatch(i -> i.phase() == Phase.VALIDATE);
        if (on.equals(Set.of(FailureClass.INVALID_REPLY)) && !validated) {
            throw new IllegalArgumentException("interceptor '" + name
                    + "' falls back on invalid replies alone, but the pipeline has no interceptor in phase VALIDATE that"
                    + " could find one; add Reprompting, or fall back on UNAVAILABLE too");
        }
    }

    @Override
    public String toString() {
        return "Fallback[" + name + ", on=" + on + ", to=" + others + "]";
    }

    /** Builds a fallback. Not thread-safe; may be used again. */
    public static final class Builder {
        private final List<Target> others = new ArrayList<>();
        private Set<FailureClass> on = Covering.chosen(FailureClass.UNAVAILABLE, FailureClass.INVALID_REPLY);
        private String name = "fallback";

        private Builder() {}

        /**
         * Adds the next model to turn to.
         *
         * @param model the model
         * @return this
         */
        public Builder then(Target model) {
            others.add(Objects.requireNonNull(model, "model"));
            return this;
        }

        /**
         * Chooses the failures after which another model is asked, in place of the default.
         *
         * @param failures the classes of failures, at least one
         * @return this
         */
        public Builder on(FailureClass... failures) {
            this.on = Covering.chosen(failures);
            return this;
        }

        /**
         * Names the interceptor. By default "fallback".
         *
         * @param own the name
         * @return this
         */
        public Builder named(String own) {
            this.name = Objects.requireNonNull(own, "name");
            return this;
        }

        /**
         * Builds the interceptor.
         *
         * @return the interceptor
         * @throws IllegalArgumentException if it has no model to turn to
         */
        public Fallback build() {
            if (others.isEmpty()) {
                throw new IllegalArgumentException(
                        "a fallback needs at least one model to turn to; add it with then(..)");
            }
            return new Fallback(this);
        }
    }
}
