package io.fmware.retry;

import io.fmware.CancelledException;
import io.fmware.Chain;
import io.fmware.DeadlineExceededException;
import io.fmware.Durations;
import io.fmware.FailureClass;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.event.FmEvent;
import io.fmware.http.RequestedWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the same model again where an attempt failed in a way that may go away by itself, without making an outage worse:
 * exponential back-off with full jitter, the wait that the server asks for, or an {@link OverloadedException} where these are
 * tried again, and a {@link RetryBudget} that all calls share.
 *
 * <p>Everything happens within the deadline of the call. A wait that would outlast it, or is longer than
 * {@link Builder#longestWait}, is not begun: the call fails at once with the failure of the model. So it does where the budget is
 * used up, and where pieces of a stream were shown already. The failure then has a suppressed note that says why, and the
 * failures of earlier attempts are suppressed as well. Cancelled calls and those whose own time is over are never tried again;
 * an attempt whose own, shorter time is over ({@link Deadlines#ofEachAttempt}) is.
 *
 * <p>The budget fails open for calls and closed for retries: where it is used up, first attempts reach the model as ever, and
 * nothing is tried again.
 *
 * <p>Let nobody else retry: give {@code maxRetries(0)} to the models of langchain4j, and have one of these in nested pipelines.
 *
 * <p>Chat calls, streams up to their first piece, and embeddings. Thread-safe.
 */
public final class Retrying implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when the model is asked again. */
    public static final String RETRIED = "retried";

    /** What it is told when all attempts have failed. */
    public static final String GAVE_UP = "gave up";

    /** What it is told when the budget allowed no other attempt. */
    public static final String BUDGET_REFUSED = "budget refused";

    /** What it is told when the wait would have been too long. */
    public static final String WAIT_REFUSED = "wait refused";

    /** What it is told when a stream broke that had been shown already. */
    public static final String RELEASED = "released";

    private static final Logger log = LoggerFactory.getLogger(Retrying.class);

    private final int maxAttempts;
    private final Backoff backoff;
    private final Duration longestWait;
    private final @Nullable RetryBudget budget;
    private final Covering covering;
    private final String name;
    private final AtomicBoolean warned = new AtomicBoolean();

    private Retrying(Builder builder) {
        this.maxAttempts = builder.maxAttempts;
        this.backoff = new Backoff(
                builder.firstDelay.toNanos(), builder.factor, builder.longestDelay.toNanos(), builder.random);
        this.longestWait = builder.longestWait;
        this.budget = builder.budgeted && builder.budget == null ? RetryBudget.standard() : builder.budget;
        this.covering = Covering.of(builder.on, builder.name);
        this.name = builder.name;
    }

    /**
     * Allows some attempts. Without further settings: on {@link FailureClass#TRANSIENT}, after 0 to 500 ms the first time and
     * up to twice as much each time after that, 20 s at most, within a {@link RetryBudget#standard()} of its own.
     *
     * @param maxAttempts the most calls of the model, the first included, at least 2
     * @return a builder
     */
    public static Builder upTo(int maxAttempts) {
        if (maxAttempts < 2) {
            throw new IllegalArgumentException("retrying takes at least 2 attempts, the first included, but is allowed "
                    + maxAttempts + "; leave it out where nothing is to be tried again");
        }
        return new Builder(maxAttempts);
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        List<RuntimeException> failures = new ArrayList<>(0);
        RetryBudget.Bucket bucket = budget == null || call.isReplayed() ? null : budget.of(call);
        FmCall current = call;
        int before = call.timesAsked();
        while (true) {
            int asked = call.timesAsked();
            try {
                FmReply reply = next.proceed(current);
                if (bucket != null && call.timesAsked() > asked) {
                    bucket.answered();
                }
                return failures.isEmpty()
                        ? reply
                        : reply.plusRejected(failures).withAttempts(asked - before + reply.attempts());
            } catch (CancelledException e) {
                throw Covering.attach(e, failures);
            } catch (RuntimeException e) {
                boolean over = e instanceof DeadlineExceededException
                        && call.deadline().isExpired();
                if (over || !covering.includes(e)) {
                    throw Covering.attach(e, failures);
                }
                // What never reached a model costs it nothing, and is made good by the next attempt.
                boolean affordable = bucket == null || call.timesAsked() == asked || bucket.failed();
                failures.add(e);
                pauseOrThrow(call, failures, affordable);
            }
            FmRun.note(at -> new FmEvent.Decided(
                    at,
                    "whether to ask again",
                    List.of("ask again", "fail"),
                    "ask again",
                    failures.get(failures.size() - 1).getClass().getName()));
            call.metrics().interceptorActed(name, RETRIED);
            current = current.nextAttempt();
        }
    }

    /** Waits for the next attempt, or throws the last failure where there is none. */
    private void pauseOrThrow(FmCall call, List<RuntimeException> failures, boolean affordable) {
        if (failures.size() >= maxAttempts) {
            call.metrics().interceptorActed(name, GAVE_UP);
            throw Covering.attach(failures.get(failures.size() - 1), failures);
        }
        if (!affordable) {
            throw refused(
                    failures,
                    call,
                    BUDGET_REFUSED,
                    "the retry budget of " + call.model()
                            + " is used up, because too many of its calls fail; wait until it answers again, or turn to"
                            + " another model with Fallback");
        }
        if (!call.sink().restart()) {
            throw refused(
                    failures,
                    call,
                    RELEASED,
                    "pieces of the stream were shown already; hold them back with Reprompting's bufferStreams()");
        }
        Duration wait = wait(call, failures);
        warnOfAnotherOwner(call);
        try {
            call.pause(wait);
        } catch (CancelledException | DeadlineExceededException e) {
            throw Covering.attach(e, failures);
        }
    }

    private Duration wait(FmCall call, List<RuntimeException> failures) {
        RuntimeException failure = failures.get(failures.size() - 1);
        Duration left = call.deadline().remaining();
        boolean ours = failure instanceof OverloadedException;
        Optional<Duration> told = failure instanceof OverloadedException overloaded
                ? overloaded.retryAfter()
                : RequestedWait.find(failure, call.time().instant());
        String asks = ours ? "the pipeline has no room for this call for " : "the server asks for a wait of ";
        if (told.isPresent() && told.get().compareTo(longestWait) > 0) {
            throw refused(
                    failures,
                    call,
                    WAIT_REFUSED,
                    asks + Durations.text(told.get()) + ", and the longest wait is " + Durations.text(longestWait)
                            + "; raise that, or turn to another model with Fallback");
        }
        int failed = failures.size();
        Duration wait = told.isPresent() ? backoff.onTopOf(told.get(), failed, left) : backoff.after(failed);
        if (wait.compareTo(left) >= 0 && !call.isReplayed()) {
            throw refused(
                    failures,
                    call,
                    WAIT_REFUSED,
                    (told.isPresent()
                                    ? asks + Durations.text(told.get())
                                    : "a wait of " + Durations.text(wait) + " is due")
                            + ", and the deadline leaves " + Durations.text(left)
                            + "; allow more time, or turn to another model with Fallback");
        }
        return wait;
    }

    /** The last failure, with a note that says why there is no other attempt. */
    private RuntimeException refused(List<RuntimeException> failures, FmCall call, String action, String why) {
        call.metrics().interceptorActed(name, action);
        RuntimeException last = failures.get(failures.size() - 1);
        Covering.attach(
                last,
                List.of(new NoFurtherAttempt("interceptor '" + name + "' stopped after attempt " + failures.size()
                        + " of " + maxAttempts + ": " + why)));
        return Covering.attach(last, failures);
    }

    /** Attempts multiply where a model that fails retries by itself, or is wrapped in a pipeline that does. */
    private void warnOfAnotherOwner(FmCall call) {
        if (warned.get()) {
            return;
        }
        int asked = call.timesAsked();
        int sent = call.requestsSent();
        if (sent > asked && warned.compareAndSet(false, true)) {
            log.warn(
                    "interceptor '{}' retries calls of {}, which sent {} requests in {} attempts: it retries by itself too, so that"
                            + " attempts multiply; build the model with maxRetries(0)",
                    name,
                    call.target(),
                    sent,
                    asked);
            return;
        }
        long retrying = call.interceptors().stream()
                .filter(i -> i.unwrapped() instanceof Retrying)
                .count();
        if (retrying > 1 && warned.compareAndSet(false, true)) {
            log.warn(
                    "interceptor '{}' retries calls of {}, which is wrapped in a pipeline that retries them too, so that"
                            + " attempts multiply; keep one of the two",
                    name,
                    call.target());
        }
    }

    @Override
    public Phase phase() {
        return Phase.RETRY;
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
        boolean before = true;
        for (Interceptor each : order) {
            Interceptor other = each.unwrapped();
            if (other == this) {
                before = false;
            } else if (other instanceof Retrying r) {
                throw new IllegalArgumentException("interceptors '" + name + "' and '" + r.name
                        + "' of one pipeline both retry, so that up to " + (long) maxAttempts * r.maxAttempts
                        + " attempts would be made; keep one");
            } else if (before && other instanceof Deadlines && each.phase() == Phase.RETRY) {
                throw new IllegalArgumentException("interceptor '" + each.name() + "' stands before '" + name
                        + "', so that it would bound all attempts together; give " + name
                        + " to the pipeline first, or use Deadlines.of(..)");
            }
        }
    }

    @Override
    public String toString() {
        return "Retrying[" + name + ", maxAttempts=" + maxAttempts + ", on=" + covering + ", budget=" + budget + "]";
    }

    /** Builds a retrying interceptor. Not thread-safe; may be used again. */
    public static final class Builder {

        private final int maxAttempts;
        private Duration firstDelay = Duration.ofMillis(500);
        private double factor = 2;
        private Duration longestDelay = Duration.ofSeconds(20);
        private Duration longestWait = Duration.ofMinutes(1);
        private boolean budgeted = true;
        private @Nullable RetryBudget budget;
        private Set<FailureClass> on = Covering.chosen(FailureClass.TRANSIENT);
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private String name = "retrying";

        private Builder(int maxAttempts) {
            this.maxAttempts = maxAttempts;
        }

        /**
         * Bounds the wait before the second attempt, which is a random part of this. By default 500 ms.
         *
         * @param delay the bound, positive, at most a day
         * @return this
         */
        public Builder firstDelay(Duration delay) {
            this.firstDelay = Durations.withinADay(delay, "the first delay");
            return this;
        }

        /**
         * Says by how much the bound of the wait grows from attempt to attempt. By default 2.
         *
         * @param growth the factor, from 1 to 10
         * @return this
         */
        public Builder factor(double growth) {
            if (!(growth >= 1 && growth <= 10)) { // NaN too
                throw new IllegalArgumentException("the factor of the delays must be from 1 to 10, but is " + growth);
            }
            this.factor = growth;
            return this;
        }

        /**
         * Says where the bound of the wait stops growing. By default 20 s.
         *
         * @param delay the bound, positive, at most a day
         * @return this
         */
        public Builder longestDelay(Duration delay) {
            this.longestDelay = Durations.withinADay(delay, "the longest delay");
            return this;
        }

        /**
         * Bounds the wait that a server may ask for; a call that would have to wait longer fails at once. By default a minute.
         *
         * @param wait the longest wait, positive, at most a day
         * @return this
         */
        public Builder longestWait(Duration wait) {
            this.longestWait = Durations.withinADay(wait, "the longest wait");
            return this;
        }

        /**
         * Shares a budget with other pipelines that ask the same models.
         *
         * @param shared the budget
         * @return this
         */
        public Builder budget(RetryBudget shared) {
            this.budget = Objects.requireNonNull(shared, "budget");
            this.budgeted = true;
            return this;
        }

        /**
         * Retries without a budget: an outage then multiplies the load of the model by the attempts allowed.
         *
         * @return this
         */
        public Builder withoutBudget() {
            this.budget = null;
            this.budgeted = false;
            return this;
        }

        /**
         * Chooses the failures after which the model is asked again, in place of {@link FailureClass#TRANSIENT}.
         *
         * @param failures the classes of failures, at least one
         * @return this
         */
        public Builder on(FailureClass... failures) {
            this.on = Covering.chosen(failures);
            return this;
        }

        /**
         * Draws the jitter from a generator of one's own, for tests.
         *
         * @param generator the generator, thread-safe where calls run at once
         * @return this
         */
        public Builder random(RandomGenerator generator) {
            this.random = Objects.requireNonNull(generator, "random");
            return this;
        }

        /**
         * Names the interceptor. By default "retrying".
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
         * @throws IllegalArgumentException if the first delay is longer than the longest
         */
        public Retrying build() {
            if (firstDelay.compareTo(longestDelay) > 0) {
                throw new IllegalArgumentException("the first delay of " + Durations.text(firstDelay)
                        + " is longer than the longest delay of " + Durations.text(longestDelay) + "; change either");
            }
            return new Retrying(this);
        }
    }
}
