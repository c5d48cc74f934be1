package io.fmware.route;

import io.fmware.AttributeKey;
import io.fmware.CancelledException;
import io.fmware.Chain;
import io.fmware.DeadlineExceededException;
import io.fmware.Durations;
import io.fmware.FailureClass;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.OverloadedException;
import io.fmware.PerModel;
import io.fmware.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Bounds how many calls of a model are in flight at once. The limit of each model is found out, by how long answers take and
 * whether the model refuses for its load, or fixed. Who finds no permit waits in a short queue, by {@link io.fmware.Priority}
 * and then in order; in a full queue a call displaces the last of the lowest priority below its own. Within one priority
 * nobody is passed; lower ones wait as long as there are higher ones, at most for the longest wait.
 *
 * <p>A permit is held until the whole answer is there, of a stream until its end, and the same time is what the limit is found
 * out from. Waiting obeys deadline and cancellation. It fails closed: who gets no permit is refused with an
 * {@link OverloadedException}, and no model was asked.
 *
 * <p>Chat and embedding calls. Thread-safe.
 */
public final class ConcurrencyLimit implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call has to wait for a permit. */
    public static final String QUEUED = "queued";

    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call is refused since the queue is full. */
    public static final String REFUSED = "refused";

    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call that waits has to give way to one that matters more. */
    public static final String DISPLACED = "displaced";

    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call has waited for the longest time. */
    public static final String WAITED_TOO_LONG = "waited too long";

    private final int fixed;
    private final int most;
    private final int capacity;
    private final Duration longestWait;
    private final String name;
    private final PerModel<ModelPermits> permits;
    private final AttributeKey<String> permitted = AttributeKey.of("the model that has a permit", String.class);

    private ConcurrencyLimit(Builder builder) {
        this.fixed = builder.fixed;
        this.most = builder.most;
        this.capacity = builder.capacity;
        this.longestWait = builder.longestWait;
        this.name = builder.name;
        this.permits = PerModel.of(model -> new ModelPermits(fixed, most, capacity));
    }

    /**
     * Finds the limit of each model out.
     *
     * @return the interceptor
     */
    public static ConcurrencyLimit adaptive() {
        return builder().build();
    }

    /**
     * Lets a fixed number of calls of each model be in flight.
     *
     * @param calls the number, from 1 to 100,000
     * @return the interceptor
     */
    public static ConcurrencyLimit of(int calls) {
        return builder().fixed(calls).build();
    }

    /**
     * Starts a limit.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        if (call.model().equals(call.attribute(permitted))) { // this limit stands in the pipeline around this one too
            return next.proceed(call);
        }
        ModelPermits of = permits.of(call);
        boolean waited = !of.queue().tryEnter();
        if (waited) {
            enter(call, of);
        }
        int inFlight = of.queue().inFlight();
        long begun = call.time().nanoTime();
        int asked = call.timesAsked();
        try {
            FmReply reply = next.proceed(call.target().isWrapped() ? call.with(permitted, call.model()) : call);
            if (call.timesAsked() > asked) { // a cache of a nested pipeline says nothing of the model
                of.answered(begun, call.time().nanoTime() - begun, inFlight);
            }
            return reply;
        } catch (RuntimeException e) {
            boolean late = waited && e instanceof DeadlineExceededException; // the wait may have used the time up
            if (!late && FailureClass.LOAD.includes(e)) {
                of.refused(call.time().nanoTime(), Math.max(inFlight, of.queue().inFlight()));
            }
            throw e;
        } finally {
            of.queue().release();
        }
    }

    private void enter(FmCall call, ModelPermits of) {
        PermitQueue queue = of.queue();
        PermitQueue.Waiter waiter = queue.enter(call.priority(), of.capacity());
        if (waiter == null) {
            call.metrics().interceptorActed(name, REFUSED);
            throw refusal(call, of, "refused this " + call.priority() + " call");
        }
        if (!waiter.turn().isDone()) {
            call.metrics().interceptorActed(name, QUEUED);
            await(call, of, waiter);
        }
        if (waiter.turn().join() == PermitQueue.Turn.DISPLACED) {
            call.metrics().interceptorActed(name, DISPLACED);
            throw refusal(call, of, "gave the place of this " + call.priority() + " call to one that matters more");
        }
    }

    private void await(FmCall call, ModelPermits of, PermitQueue.Waiter waiter) {
        PermitQueue queue = of.queue();
        boolean come;
        try {
            come = call.await(
                    waiter.turn(),
                    longestWait,
                    "waiting for one of " + queue.limit() + " permits of " + call.model() + " in interceptor '" + name
                            + "'");
        } catch (CancelledException | DeadlineExceededException e) {
            if (!queue.leave(waiter) && waiter.turn().join() == PermitQueue.Turn.GRANTED) {
                queue.release(); // it came too late
            }
            throw e;
        }
        if (!come && queue.leave(waiter)) {
            call.metrics().interceptorActed(name, WAITED_TOO_LONG);
            throw refusal(
                    call,
                    of,
                    "let this " + call.priority() + " call wait for " + Durations.text(longestWait)
                            + ", the longest wait,");
        }
    }

    private OverloadedException refusal(FmCall call, ModelPermits of, String what) {
        PermitQueue queue = of.queue();
        return new OverloadedException(
                "interceptor '" + name + "' " + what + " of model " + call.model() + ": " + queue.inFlight()
                        + " calls are in flight, the limit is " + queue.limit() + ", and " + queue.queued() + " of "
                        + of.capacity() + " places in the queue are taken; ask later, ask another model, allow more"
                        + " with ConcurrencyLimit.builder(), or say with CallOptions.priority(..) which calls matter more",
                null);
    }

    /**
     * How many calls of a model may be in flight now, for a look from outside.
     *
     * @param model the name of the model, as {@link FmCall#model()} has it
     * @return the limit, at least 1; that at the start for a model that was never asked
     */
    public int limit(String model) {
        ModelPermits known = permits.all().get(model);
        return known != null ? known.queue().limit() : fixed > 0 ? fixed : AdaptiveLimit.initial(most);
    }

    /**
     * How many calls of a model are in flight now.
     *
     * @param model the name of the model, as {@link FmCall#model()} has it
     * @return how many hold a permit; for a while more than the limit where that was lowered
     */
    public int inFlight(String model) {
        ModelPermits known = permits.all().get(model);
        return known == null ? 0 : known.queue().inFlight();
    }

    /**
     * How many calls of a model wait for a permit now.
     *
     * @param model the name of the model, as {@link FmCall#model()} has it
     * @return how many are in the queue
     */
    public int queued(String model) {
        ModelPermits known = permits.all().get(model);
        return known == null ? 0 : known.queue().queued();
    }

    @Override
    public Phase phase() {
        return Phase.LIMIT;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.CHAT, Operation.EMBEDDINGS);
    }

    @Override
    public void check(List<Interceptor> order) {
        boolean below = false;
        for (Interceptor other : order) {
            Interceptor body = other.unwrapped();
            if (body == this) {
                below = true;
            } else if (body instanceof ConcurrencyLimit limit) {
                throw new IllegalArgumentException("interceptors '" + name + "' and '" + limit.name
                        + "' both bound the calls in flight in one pipeline, and only the lower limit would ever hold;"
                        + " keep one");
            } else if (below && body instanceof RateLimit rate) {
                throw new IllegalArgumentException("interceptor '" + rate.name() + "' stands behind '" + name
                        + "', so that calls would hold a permit while they wait for their rate; add it first");
            }
        }
    }

    @Override
    public String toString() {
        return "ConcurrencyLimit[" + name + ", " + (fixed > 0 ? "of " + fixed : "adaptive, at most " + most) + "]";
    }

    /** Builds a limit. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final int MOST = 100_000;
        private static final int DEFAULT_MOST = 1_000;
        private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);

        private int fixed;
        private int most = DEFAULT_MOST;
        private int capacity = -1;
        private Duration longestWait = DEFAULT_WAIT;
        private String name = "concurrencyLimit";

        private Builder() {}

        /**
         * Fixes the limit, in place of finding it out.
         *
         * @param calls how many calls of a model may be in flight, from 1 to 100,000
         * @return this
         */
        public Builder fixed(int calls) {
            this.fixed = checked("the calls of a model in flight", calls, 1);
            return this;
        }

        /**
         * Finds the limit out, from 10 on, but lets no more be in flight than this. By default 1,000.
         *
         * @param calls the most, from 1 to 100,000
         * @return this
         */
        public Builder adaptive(int calls) {
            this.most = checked("the calls of a model in flight", calls, 1);
            this.fixed = 0;
            return this;
        }

        /**
         * Chooses how many calls of a model may wait. By default half as many as may be in flight, at least one, so that a call
         * waits about half as long as it takes; where the limit is found out, no fewer than at its start, however low it falls.
         *
         * @param calls how many, from 0 to 100,000
         * @return this
         */
        public Builder queue(int calls) {
            this.capacity = checked("the calls of a model that wait", calls, 0);
            return this;
        }

        private static int checked(String what, int value, int least) {
            if (value < least || value > MOST) {
                throw new IllegalArgumentException(what + " must be from " + least + " to 100,000, but are " + value);
            }
            return value;
        }

        /**
         * Chooses how long a call may wait. By default 10 s.
         *
         * @param wait the longest wait, positive
         * @return this
         */
        public Builder longestWait(Duration wait) {
            this.longestWait = Durations.positive(wait, "the longest wait");
            return this;
        }

        /**
         * Names the interceptor. By default "concurrencyLimit".
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
         */
        public ConcurrencyLimit build() {
            return new ConcurrencyLimit(this);
        }
    }
}
