package io.fmware.load;

import io.fmware.Durations;
import io.fmware.Shares;
import io.fmware.cost.Money;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model of an application under load: how long attempts take, what a provider lets through, what the pipeline does about
 * failures and slow answers. It answers what users would see at a rate of requests, and which rate an objective can bear, before
 * anybody pays for finding out.
 *
 * <pre>{@code
 * LoadModel checkout = LoadModel.builder(ServiceTimes.logNormal(Duration.ofMillis(400), 0.5))
 *         .slots(20)
 *         .requestsPerMinute(3_000)
 *         .attempts(3, Duration.ofMillis(500))
 *         .failures(0.02)
 *         .build();
 * Capacity capacity = checkout.capacity(Slo.percentile(95, Duration.ofSeconds(2)));
 * }</pre>
 *
 * <p>A discrete-event simulation with a fixed seed (Banks et al., "Discrete-Event System Simulation"): the same settings give
 * the same result on every machine. Ten thousand requests arrive, of which the first tenth is left out, five times over, and all
 * are counted together. It is as good as its settings: a provider that slows down under load has to be described so.
 *
 * <p>Immutable.
 */
public final class LoadModel {
    private static final double LOWEST_RATE = 0.01;
    private static final double HIGHEST_RATE = 1_000_000;
    private static final double PRECISION = 1.01;
    /** In a run, so that an answer takes seconds and not hours, and what is simulated has room in the memory. */
    private static final long MOST_ATTEMPTS = 5_000_000;

    private static final long MOST_CALLS = 200_000; // in a run that looks for the capacity
    private static final double PROMISES = 50; // how many times the longest promise such a run lasts

    private final Settings settings;

    /**
     * What is simulated; 0 stands for no limit.
     *
     * @param service how long an attempt takes
     * @param arrivals how requests arrive
     * @param cached the share that a cache answers at once
     * @param slots how many attempts are worked at, at once
     * @param queue how many may wait for a slot
     * @param longestWaitNanos how long one waits for a slot, or for the limits of rate
     * @param requestsPerMinute the limit of attempts
     * @param tokensPerMinute the limit of tokens
     * @param tokensPerAttempt what an attempt takes of these
     * @param failures the share of attempts that fail, after their time
     * @param attempts the most for a request
     * @param backoffNanos the longest pause before the second one, doubled from then on
     * @param isRetryBudgeted whether retries are paid from a budget
     * @param hedgeNanos when a second attempt is made beside the first
     * @param deadlineNanos when a request is given up
     * @param costPerAttempt what an attempt costs
     * @param calls requests in a run
     * @param runs how often
     * @param seed of the draws
     */
    record Settings(
            ServiceTimes service,
            Arrivals arrivals,
            double cached,
            int slots,
            int queue,
            long longestWaitNanos,
            long requestsPerMinute,
            long tokensPerMinute,
            long tokensPerAttempt,
            double failures,
            int attempts,
            long backoffNanos,
            boolean isRetryBudgeted,
            long hedgeNanos,
            long deadlineNanos,
            Money costPerAttempt,
            int calls,
            int runs,
            long seed) {
        /** The most that one may be made of a call, hedges included. */
        long attemptsPerCall() {
            return (long) attempts * (hedgeNanos > 0 ? 2 : 1);
        }
    }

    private LoadModel(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts a model.
     *
     * @param service how long attempts take
     * @return a builder
     */
    public static Builder builder(ServiceTimes service) {
        return new Builder(Objects.requireNonNull(service, "service"));
    }

    /**
     * Simulates a load.
     *
     * @param perSecond how many requests arrive in a second on average, 0.01 to 1,000,000
     * @return what came of it
     */
    public LoadResult at(double perSecond) {
        if (!(perSecond >= LOWEST_RATE && perSecond <= HIGHEST_RATE)) {
            throw new IllegalArgumentException(
                    "the rate must be 0.01 to 1,000,000 requests per second, but is " + perSecond);
        }
        return at(perSecond, settings.calls());
    }

    private LoadResult at(double perSecond, int calls) {
        LoadResult all = null;
        for (int run = 0; run < settings.runs(); run++) {
            LoadResult one = new Simulation(settings, calls, perSecond, settings.seed() + run).run();
            all = all == null ? one : all.with(one);
        }
        return Objects.requireNonNull(all, "a result");
    }

    /**
     * Looks for the highest rate at which an objective is met, to 1 %. An objective that is met at a rate is taken to be met at
     * lower ones. A run lasts 50 times the longest time that is promised, and up to 200,000 requests for it, lest it end before a
     * load that cannot be borne has broken the promise: where that is not enough the capacity comes out too high, by some percent.
     *
     * @param slo the objective
     * @return the capacity
     * @throws IllegalStateException if the objective is met at any rate, since nothing in the model is limited
     */
    public Capacity capacity(Slo slo) {
        LoadResult met = null;
        LoadResult broken = at(LOWEST_RATE, calls(slo, LOWEST_RATE));
        if (!slo.isMetBy(broken)) {
            return new Capacity(slo, 0, broken, limit(slo, broken));
        }
        while (slo.isMetBy(broken)) {
            met = broken;
            if (met.perSecond() * 2 > HIGHEST_RATE) {
                throw new IllegalStateException("the objective is met by " + Numbers.plain(met.perSecond())
                        + " requests/s and more: nothing in the load model is limited; give it slots(..),"
                        + " requestsPerMinute(..) or tokensPerMinute(..)");
            }
            broken = at(met.perSecond() * 2, calls(slo, met.perSecond() * 2));
        }
        LoadResult best = Objects.requireNonNull(met, "a rate that is borne");
        while (broken.perSecond() / best.perSecond() > PRECISION) {
            double rate = Math.sqrt(best.perSecond() * broken.perSecond());
            LoadResult middle = at(rate, calls(slo, rate));
            if (slo.isMetBy(middle)) {
                best = middle;
            } else {
                broken = middle;
            }
        }
        return new Capacity(slo, best.perSecond(), best, limit(slo, broken));
    }

    /** As many calls as come in 50 times the longest promised time, within bounds. */
    private int calls(Slo slo, double perSecond) {
        long most = Math.min(MOST_CALLS, MOST_ATTEMPTS / settings.attemptsPerCall());
        double enough = PROMISES * perSecond * slo.longest().toNanos() / 1e9;
        return (int) Math.max(settings.calls(), Math.min((double) most, enough));
    }

    private static String limit(Slo slo, LoadResult broken) {
        return String.join(" and ", slo.broken(broken));
    }

    @Override
    public String toString() {
        return "LoadModel[" + settings.service() + ", arrivals " + settings.arrivals() + ", slots " + settings.slots()
                + ", requests/min " + settings.requestsPerMinute() + ", tokens/min " + settings.tokensPerMinute()
                + ", failures " + Numbers.percent(settings.failures()) + ", attempts " + settings.attempts()
                + ", cached " + Numbers.percent(settings.cached()) + "]";
    }

    /** Describes a load model. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final int RUNS = 5;
        /** Doubled as often as a bound is, it is still a number of nanoseconds. */
        private static final Duration LONGEST_BACKOFF = Duration.ofDays(1);

        private final ServiceTimes service;
        private Arrivals arrivals = Arrivals.poisson();
        private double cached;
        private int slots;
        private int queue = Integer.MAX_VALUE;
        private @Nullable Duration longestWait;
        private long requestsPerMinute;
        private long tokensPerMinute;
        private long tokensPerAttempt;
        private double failures;
        private int attempts = 1;
        private long backoffNanos;
        private boolean isRetryBudgeted = true;
        private long hedgeNanos;
        private long deadlineNanos;
        private Money costPerAttempt = Money.ZERO;
        private int calls = 10_000;
        private long seed = 1;

        private Builder(ServiceTimes service) {
            this.service = service;
        }

        /**
         * Says how requests arrive. By default a Poisson process.
         *
         * @param how the arrivals
         * @return this
         */
        public Builder arrivals(Arrivals how) {
            this.arrivals = Objects.requireNonNull(how, "arrivals");
            return this;
        }

        /**
         * Lets a cache answer some requests at once. By default none.
         *
         * @param share of the requests, 0 to 1
         * @return this
         */
        public Builder cached(double share) {
            this.cached = Shares.checked(share, "the requests that a cache answers");
            return this;
        }

        /**
         * Limits how many attempts are worked at, at the same time: by a concurrency limit, or by the provider. By default
         * any number.
         *
         * @param most the number, at least 1
         * @return this
         */
        public Builder slots(int most) {
            this.slots = positive(most, "the number of slots");
            return this;
        }

        /**
         * Limits how many attempts wait for a slot; further ones are refused. By default any number.
         *
         * @param most the number, 0 or more
         * @return this
         */
        public Builder queue(int most) {
            if (most < 0) {
                throw new IllegalArgumentException("the length of the queue must not be negative, but is " + most);
            }
            this.queue = most;
            return this;
        }

        /**
         * Limits how long an attempt waits for a slot, and how long for the limits of rate; then it is refused. By default any
         * time.
         *
         * @param most the time, 0 or more
         * @return this
         */
        public Builder longestWait(Duration most) {
            this.longestWait = Durations.atMostAYear(most, "the longest wait");
            return this;
        }

        /**
         * Limits attempts by a bucket that fills evenly. By default not limited.
         *
         * @param most the number in a minute, at least 1
         * @return this
         */
        public Builder requestsPerMinute(long most) {
            this.requestsPerMinute = positive(most, "the number of requests per minute");
            return this;
        }

        /**
         * Limits tokens by a bucket that fills evenly. By default not limited.
         *
         * @param most the number in a minute, at least 1
         * @param perAttempt what an attempt takes of them on average, input and output, at least 1
         * @return this
         */
        public Builder tokensPerMinute(long most, long perAttempt) {
            this.tokensPerMinute = positive(most, "the number of tokens per minute");
            this.tokensPerAttempt = positive(perAttempt, "the number of tokens per attempt");
            return this;
        }

        /**
         * Lets some attempts fail, after as long as others take. By default none.
         *
         * @param share of the attempts, 0 to 1
         * @return this
         */
        public Builder failures(double share) {
            this.failures = Shares.checked(share, "the attempts that fail");
            return this;
        }

        /**
         * Makes more attempts where one fails, after a pause drawn evenly from 0 to a bound that doubles, up to 20 s or the first
         * bound where that is longer. Unless {@link #withoutRetryBudget()} is said they are paid from a budget as that of
         * {@code RetryBudget.standard()}: of 100 tokens a failed attempt takes one and an answer puts back a tenth, and there are
         * further attempts only while more than half of them are left. By default one attempt.
         *
         * @param most the number, the first included, 1 to 100
         * @param backoff the first bound, from 0 to a day
         * @return this
         */
        public Builder attempts(int most, Duration backoff) {
            if (most < 1 || most > 100) {
                throw new IllegalArgumentException("the number of attempts must be 1 to 100, but is " + most);
            }
            Durations.atMostAYear(backoff, "the back-off");
            if (backoff.compareTo(LONGEST_BACKOFF) > 0) {
                throw new IllegalArgumentException("the back-off must be at most a day, but is " + backoff);
            }
            this.attempts = most;
            this.backoffNanos = backoff.toNanos();
            return this;
        }

        /**
         * Makes further attempts however many fail, as {@code Retrying} does with its {@code withoutBudget()}.
         *
         * @return this
         */
        public Builder withoutRetryBudget() {
            this.isRetryBudgeted = false;
            return this;
        }

        /**
         * Makes a second attempt beside one that is slow, where a slot is free and the limits of rate allow it at once. By default
         * never.
         *
         * @param delay from the start of the first attempt, positive
         * @return this
         */
        public Builder hedgeAfter(Duration delay) {
            this.hedgeNanos =
                    Durations.withinAYear(delay, "the delay of a hedge").toNanos();
            return this;
        }

        /**
         * Gives a request up that has no answer by then. By default never.
         *
         * @param allowed the time from its arrival, positive
         * @return this
         */
        public Builder deadline(Duration allowed) {
            this.deadlineNanos = Durations.withinAYear(allowed, "the deadline").toNanos();
            return this;
        }

        /**
         * Says what an attempt costs on average. By default nothing.
         *
         * @param cost the cost
         * @return this
         */
        public Builder costPerAttempt(Money cost) {
            this.costPerAttempt = Objects.requireNonNull(cost, "cost");
            return this;
        }

        /**
         * Says how many requests arrive in each of the five runs. By default 10,000; more make high percentiles steadier. All of
         * their attempts must not be more than 5,000,000.
         *
         * @param number 1,000 to 1,000,000
         * @return this
         */
        public Builder calls(int number) {
            if (number < 1_000 || number > 1_000_000) {
                throw new IllegalArgumentException("the number of calls must be 1,000 to 1,000,000, but is " + number);
            }
            this.calls = number;
            return this;
        }

        /**
         * Draws otherwise.
         *
         * @param start any number; 1 by default
         * @return this
         */
        public Builder seed(long start) {
            this.seed = start;
            return this;
        }

        /**
         * Makes the model.
         *
         * @return the model
         * @throws IllegalArgumentException if one attempt takes more tokens than flow in a minute, or the calls of a run may take
         *     more than 5,000,000 attempts, hedges included
         */
        public LoadModel build() {
            long most = (long) calls * attempts * (hedgeNanos > 0 ? 2 : 1);
            if (most > MOST_ATTEMPTS) {
                throw new IllegalArgumentException(
                        calls + " calls of up to " + attempts + " attempts each"
                                + (hedgeNanos > 0 ? ", each hedged," : "") + " may take " + most
                                + " attempts in a run, but at most 5,000,000 are simulated; ask for fewer with calls(..) or attempts(..)");
            }
            if (tokensPerAttempt > tokensPerMinute) {
                throw new IllegalArgumentException("an attempt takes " + tokensPerAttempt + " tokens, more than the "
                        + tokensPerMinute + " of a whole minute");
            }
            return new LoadModel(new Settings(
                    service,
                    arrivals,
                    cached,
                    slots,
                    queue,
                    longestWait == null ? Long.MAX_VALUE : longestWait.toNanos(),
                    requestsPerMinute,
                    tokensPerMinute,
                    tokensPerAttempt,
                    failures,
                    attempts,
                    backoffNanos,
                    isRetryBudgeted,
                    hedgeNanos,
                    deadlineNanos,
                    costPerAttempt,
                    calls,
                    RUNS,
                    seed));
        }

        private static int positive(int number, String what) {
            return (int) positive((long) number, what);
        }

        private static long positive(long number, String what) {
            if (number < 1) {
                throw new IllegalArgumentException(what + " must be at least 1, but is " + number);
            }
            return number;
        }
    }
}
