package io.fmware.route;

import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.BoundaryKind;
import io.fmware.Chain;
import io.fmware.Durations;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.Shares;
import io.fmware.Target;
import io.fmware.TimeSource;
import io.fmware.retry.Validator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a model by another one while it is in use: the new one is warmed up and has to pass the user's own cases, then all calls
 * that begin go to it at once, or a share of them first, and those that the old one has are waited for.
 *
 * <pre>{@code
 * ModelSwap swap = ModelSwap.startingWith(Target.of(old).named("old")).build();
 * FmPipeline pipeline = FmPipeline.builder().with(swap).build();
 * ...
 * SwapReport report = swap.to(Target.of(next).named("next"))
 *         .check("refund", refundRequest, Replies.areJson())
 *         .now();
 * }</pre>
 *
 * <p>It fails closed: a model that does not warm up, fails a case or is not checked at all does not answer, and the one before goes
 * on. What is swapped in is not watched: that calls of it fail takes nothing back; {@link #rollBack} does.
 *
 * <p>A call stays with the model that it began with, attempts and fallbacks included. The swap stands before caches, so that these
 * keep the answers of models apart. Retries, breakers and limits of the pipeline are those of the model that it wraps; others may
 * bring their own by being wrapped in a pipeline of theirs.
 *
 * <p>In a recorded run the choice is recorded, and a replay takes it from there where it still knows the model. The time
 * is that of the pipeline that asks first. Thread-safe.
 *
 * <p>Long for its documentation, and because a swap and its plan are of no use without each other.
 */
public final class ModelSwap implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call goes to the model that is on trial. */
    public static final String TRIED = "tried";

    private static final String SHARE = "the calls of the model on trial";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final ReentrantLock swapping = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private Version current;
    private @Nullable Version trial;
    private @Nullable Version previous;
    private double share;
    /** That of the pipeline that asked first. */
    private @Nullable TimeSource time;

    /** A model as long as it is in use. What changes is guarded by the lock. */
    private static final class Version {
        private final @Nullable Target target;
        private final String name;
        private volatile boolean isTrial;
        private int underWay;

        Version(@Nullable Target target, String name, boolean isTrial) {
            this.target = target;
            this.name = name;
            this.isTrial = isTrial;
        }

        /** The same model in use once more. */
        Version again() {
            return new Version(target, name, false);
        }
    }

    private ModelSwap(Builder builder) {
        this.current = new Version(builder.first, builder.firstName, false);
        this.name = builder.name;
    }

    /**
     * Starts with a model.
     *
     * @param first the model that answers until it is replaced
     * @return a builder
     */
    public static Builder startingWith(Target first) {
        return new Builder(Objects.requireNonNull(first, "first"), first.name());
    }

    /**
     * Starts with the model that the pipeline wraps.
     *
     * @param nameOfFirst the name of that model in reports
     * @return a builder
     */
    public static Builder startingWithTheWrapped(String nameOfFirst) {
        return new Builder(null, Objects.requireNonNull(nameOfFirst, "nameOfFirst"));
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        String drawn = FmRun.cross(BoundaryKind.RANDOM, "swap " + name, this::draw);
        Version version = enter(drawn, call);
        try {
            if (version.isTrial) {
                call.metrics().interceptorActed(name, TRIED);
            }
            return next.proceed(version.target == null ? call : call.withTarget(version.target));
        } finally {
            leave(version);
        }
    }

    private String draw() {
        lock.lock();
        try {
            return trial != null && ThreadLocalRandom.current().nextDouble() < share ? trial.name : current.name;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the model of a name, or the current one where that is out of use by now: what is drained gets no call any more. */
    private Version enter(String drawn, FmCall call) {
        lock.lock();
        try {
            if (time == null) {
                time = call.time();
            }
            Version version = current;
            if (trial != null && trial.name.equals(drawn)) {
                version = trial;
            } else if (call.isReplayed() && previous != null && previous.name.equals(drawn)) {
                version = previous; // which is not asked
            }
            version.underWay++;
            return version;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Version version) {
        lock.lock();
        try {
            version.underWay--;
            if (version.underWay == 0) {
                left.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Plans to replace the current model.
     *
     * @param next the new model; its name differs from that of the current one
     * @return a plan, which does nothing yet
     */
    public Plan to(Target next) {
        return new Plan(Objects.requireNonNull(next, "next"));
    }

    /**
     * Changes the share of the calls that the model on trial gets.
     *
     * @param changed the share, from 0 to 1
     * @throws IllegalStateException if no model is on trial
     */
    public void share(double changed) {
        Shares.checked(changed, SHARE);
        lock.lock();
        try {
            if (trial == null) {
                throw new IllegalStateException(
                        "no model is on trial in " + name + "; start one with to(..).trial(share)");
            }
            share = changed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets the model that is on trial answer all calls, and waits for those of the one before.
     *
     * @param drain the longest wait; zero for none
     * @return what was done
     * @throws IllegalStateException if no model is on trial
     */
    public SwapReport promote(Duration drain) {
        checkedDrain(drain);
        Version out;
        Version in;
        lock.lock();
        try {
            if (trial == null) {
                throw new IllegalStateException(
                        "no model is on trial in " + name + "; start one with to(..).trial(share), or swap with now()");
            }
            out = current;
            in = trial;
            in.isTrial = false;
            replace(in);
        } finally {
            lock.unlock();
        }
        return new SwapReport(SwapReport.Outcome.SWAPPED, out.name, in.name, List.of(), drain(out, drain));
    }

    /** Under the lock. */
    private void replace(Version next) {
        previous = current;
        current = next;
        trial = null;
    }

    /**
     * Ends the trial of a model, or else goes back to the model before the current one; and waits for the calls of the one that is
     * taken out. Nothing is checked. Going back twice is to go forth again.
     *
     * @param drain the longest wait; zero for none
     * @return what was done
     * @throws IllegalStateException if no model was ever replaced
     */
    public SwapReport rollBack(Duration drain) {
        checkedDrain(drain);
        Version out;
        Version in;
        lock.lock();
        try {
            if (trial != null) {
                out = trial;
                trial = null;
            } else if (previous != null) {
                out = current;
                replace(previous.again());
            } else {
                throw new IllegalStateException(
                        "there is nothing to go back to in " + name + ": " + current.name + " is its first model");
            }
            in = current;
        } finally {
            lock.unlock();
        }
        return new SwapReport(SwapReport.Outcome.ROLLED_BACK, out.name, in.name, List.of(), drain(out, drain));
    }

    private static Duration checkedDrain(Duration drain) {
        if (Objects.requireNonNull(drain, "drain").isNegative()) {
            throw new IllegalArgumentException("the wait for calls must not be negative, but is " + drain);
        }
        return drain;
    }

    /** Long durations are cut to some 146 years, so that moments can be told apart by what lies between them. */
    private static long nanos(Duration duration) {
        return Math.min(Durations.nanos(duration), Long.MAX_VALUE / 2);
    }

    /** Waits until a model has no call any more, or some time is over; returns how many it has. */
    private int drain(Version out, Duration atMost) {
        TimeSource of = time();
        lock.lock();
        try {
            long until = of.nanoTime() + nanos(atMost);
            while (out.underWay > 0 && until - of.nanoTime() > 0) {
                of.await(left, lock, until);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        lock.lock();
        try {
            return out.underWay;
        } finally {
            lock.unlock();
        }
    }

    private TimeSource time() {
        lock.lock();
        try {
            return time == null ? TimeSource.system() : time;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The name of the model that answers, besides one that may be on trial.
     *
     * @return the name
     */
    public String current() {
        lock.lock();
        try {
            return current.name;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Phase phase() {
        return Phase.ROUTE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return "ModelSwap[" + name + ", " + current.name
                    + (trial == null ? "" : ", " + trial.name + " on trial with a share of " + share) + "]";
        } finally {
            lock.unlock();
        }
    }

    /** What a new model has to do before it is put in the place of the current one. Not thread-safe. */
    public final class Plan {
        private final Target next;
        private final List<ChatRequest> warmUp = new ArrayList<>();
        private final List<SwapCase> cases = new ArrayList<>();
        private boolean unchecked;
        private double least = 1;
        private Duration eachWithin = Duration.ofMinutes(1);
        private Duration drain = PATIENCE;

        private Plan(Target next) {
            this.next = next;
        }

        /**
         * Has the new model answer something first, so that it is loaded and connected; what it answers is not looked at. A
         * failure means that it is refused.
         *
         * @param request what is asked
         * @return this
         */
        public Plan warmUp(ChatRequest request) {
            warmUp.add(Objects.requireNonNull(request, "request"));
            return this;
        }

        /**
         * Adds a case that the new model must pass; a plan has at least one, or is {@link #unchecked()}.
         *
         * @param caseName what it shows, for the report
         * @param request what is asked, once
         * @param validator what a valid answer is
         * @return this
         */
        public Plan check(String caseName, ChatRequest request, Validator validator) {
            return check(List.of(new SwapCase(caseName, request, validator)));
        }

        /**
         * Adds cases that the new model must pass.
         *
         * @param more the cases
         * @return this
         */
        public Plan check(List<SwapCase> more) {
            for (SwapCase each : Objects.requireNonNull(more, "cases")) {
                cases.add(Objects.requireNonNull(each, "case"));
            }
            return this;
        }

        /**
         * Has the new model used though there is no case that it must pass. Requests of the {@linkplain #warmUp warm-up} must be
         * answered all the same, and cases, where there are some, passed.
         *
         * @return this
         */
        public Plan unchecked() {
            this.unchecked = true;
            return this;
        }

        /**
         * Lets some cases fail. By default all must pass.
         *
         * @param part the share of the cases that must pass, from 0.001 to 1
         * @return this
         */
        public Plan atLeast(double part) {
            this.least = Shares.positive(part, "the cases that must pass");
            return this;
        }

        /**
         * Bounds the time of each case and each request of the warm-up. By default a minute.
         *
         * @param allowed the time, positive
         * @return this
         */
        public Plan eachWithin(Duration allowed) {
            this.eachWithin = Durations.positive(allowed, "the time of each case");
            return this;
        }

        /**
         * Bounds the wait for the calls that the old model has. By default 30 s.
         *
         * @param atMost the longest wait; zero for none
         * @return this
         */
        public Plan draining(Duration atMost) {
            this.drain = checkedDrain(atMost);
            return this;
        }

        /**
         * Checks the new model and, if it passes, has it answer all calls that begin from then on; then waits for the calls of
         * the old one. Not to be called from a call that goes through this swap, which would wait for itself.
         *
         * @return what was done, and why not where the model was refused
         * @throws IllegalStateException if there is no case and nobody said {@link #unchecked()}, another swap is being checked, or
         *     a model is on trial
         */
        public SwapReport now() {
            Version out;
            List<SwapReport.CaseResult> results;
            begin();
            try {
                SwapChecks.Checked checked = checked();
                results = checked.results();
                if (!checked.isEnough(least)) {
                    return refused(results);
                }
                lock.lock();
                try {
                    refuseTrial();
                    out = current;
                    replace(new Version(next, next.name(), false));
                } finally {
                    lock.unlock();
                }
            } finally {
                swapping.unlock();
            }
            return new SwapReport(SwapReport.Outcome.SWAPPED, out.name, next.name(), results, drain(out, drain));
        }

        /**
         * Checks the new model and, if it passes, has it answer a share of the calls, until it is {@linkplain ModelSwap#promote
         * promoted} or {@linkplain ModelSwap#rollBack taken back}.
         *
         * @param ofCalls the share of the calls, from 0 to 1
         * @return what was done, and why not where the model was refused
         * @throws IllegalStateException if there is no case and nobody said {@link #unchecked()}, another swap is being checked, or
         *     a model is on trial
         */
        public SwapReport trial(double ofCalls) {
            Shares.checked(ofCalls, SHARE);
            begin();
            try {
                SwapChecks.Checked checked = checked();
                List<SwapReport.CaseResult> results = checked.results();
                if (!checked.isEnough(least)) {
                    return refused(results);
                }
                lock.lock();
                try {
                    refuseTrial();
                    trial = new Version(next, next.name(), true);
                    share = ofCalls;
                    return new SwapReport(SwapReport.Outcome.ON_TRIAL, current.name, next.name(), results, 0);
                } finally {
                    lock.unlock();
                }
            } finally {
                swapping.unlock();
            }
        }

        private void begin() {
            if (cases.isEmpty() && !unchecked) {
                throw new IllegalStateException(
                        "nothing says what " + next.name() + " must be able to answer before it is used in " + name
                                + "; add a case of yours with check(..), or say unchecked() to use it without one");
            }
            if (!swapping.tryLock()) {
                throw new IllegalStateException("another swap of " + name + " is being checked; wait for its end");
            }
            lock.lock();
            try {
                refuseTrial();
                if (current.name.equals(next.name())) {
                    throw new IllegalArgumentException("the new model has the name of the current one, " + current.name
                            + "; give it another one with Target.of(..).named(..)");
                }
            } catch (RuntimeException e) {
                swapping.unlock();
                throw e;
            } finally {
                lock.unlock();
            }
        }

        private void refuseTrial() {
            if (trial != null) {
                throw new IllegalStateException(
                        trial.name + " is on trial in " + name + "; promote it or roll it back before another swap");
            }
        }

        private SwapChecks.Checked checked() {
            return SwapChecks.run(next, warmUp, cases, eachWithin, time());
        }

        private SwapReport refused(List<SwapReport.CaseResult> results) {
            return new SwapReport(SwapReport.Outcome.REFUSED, current(), next.name(), results, 0);
        }
    }

    /** Builds a swap. Not thread-safe. */
    public static final class Builder {
        private final @Nullable Target first;
        private final String firstName;
        private String name = "modelSwap";

        private Builder(@Nullable Target first, String firstName) {
            this.first = first;
            this.firstName = firstName;
        }

        /**
         * Names the interceptor. By default "modelSwap".
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
         * @return the interceptor, to be kept for swaps
         */
        public ModelSwap build() {
            return new ModelSwap(this);
        }
    }
}
