package io.fmware.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** One run of a load: a discrete-event simulation of the calls, in their own time. Not thread-safe. */
final class Simulation {
    /** Where pauses stop growing, as those of {@code Retrying} do. */
    private static final long LONGEST_PAUSE = Duration.ofSeconds(20).toNanos();

    private final LoadModel.Settings settings;
    private final double perSecond;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<Attempt> waiting = new ArrayDeque<>();
    private final @Nullable Bucket requests;
    private final @Nullable Bucket tokens;
    private final @Nullable RetryTokens retries;
    private final Draws arrivals;
    private final Draws service;
    private final Draws failures;
    private final Draws others;
    private final long[] times;
    private final int calls;
    private final int warmUp;
    private long now;
    private long sequence;
    private long free;
    private int answered;
    private long refused;
    private long failed;
    private long attempts;
    private long busyNanos;
    private long firstArrival;
    private long lastArrival;
    private boolean isMeasured; // from the first arrival that counts on
    private boolean isOver; // all have arrived

    /** Something that is going to happen; of two at one time the one that was planned first comes first. */
    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    /** A request of a user. */
    private static final class Call {
        private final long arrived;
        private final boolean counted;
        private boolean done;
        private int tries;
        private int open;
        private @Nullable Attempt first;
        private @Nullable Attempt second;

        Call(long arrived, boolean counted) {
            this.arrived = arrived;
            this.counted = counted;
        }
    }

    /** An attempt at it. */
    private static final class Attempt {
        private final Call call;
        private final boolean isHedge;
        private boolean working;
        private boolean over;
        private long began;

        Attempt(Call call, boolean isHedge) {
            this.call = call;
            this.isHedge = isHedge;
        }
    }

    Simulation(LoadModel.Settings settings, int calls, double perSecond, long seed) {
        this.settings = settings;
        this.calls = calls;
        this.perSecond = perSecond;
        this.requests = settings.requestsPerMinute() == 0 ? null : new Bucket(settings.requestsPerMinute());
        this.tokens = settings.tokensPerMinute() == 0 ? null : new Bucket(settings.tokensPerMinute());
        this.retries = settings.isRetryBudgeted() ? new RetryTokens() : null;
        this.free = settings.slots() == 0 ? Long.MAX_VALUE : settings.slots();
        Draws all = new Draws(seed);
        this.arrivals = all.split();
        this.service = all.split();
        this.failures = all.split();
        this.others = all.split();
        this.warmUp = calls / 10;
        this.times = new long[calls];
    }

    LoadResult run() {
        arrive(0);
        for (Event next = events.poll(); next != null; next = events.poll()) {
            now = next.at();
            next.action().run();
        }
        LoadResult.Counts counts =
                new LoadResult.Counts(calls - warmUp, refused, failed, attempts, busyNanos, lastArrival - firstArrival);
        return new LoadResult(perSecond, Arrays.copyOf(times, answered), counts, settings.costPerAttempt());
    }

    private void in(long nanos, Runnable action) {
        long at = nanos > Long.MAX_VALUE - now
                ? Long.MAX_VALUE
                : now + nanos; // centuries of pauses: time does not turn back
        events.add(new Event(at, sequence++, action));
    }

    private void arrive(int number) {
        if (number == calls) {
            isOver = true;
            return;
        }
        in(settings.arrivals().gap(number, perSecond, arrivals), () -> {
            Call call = new Call(now, number >= warmUp);
            if (number == warmUp) {
                firstArrival = now;
                isMeasured = true;
            }
            lastArrival = now;
            arrive(number + 1);
            if (others.happens(settings.cached())) {
                answer(call);
                return;
            }
            if (settings.deadlineNanos() > 0) {
                in(settings.deadlineNanos(), () -> fail(call));
            }
            attempt(call);
        });
    }

    private void attempt(Call call) {
        if (call.done) {
            return;
        }
        call.tries++;
        Attempt attempt = new Attempt(call, false);
        call.first = attempt;
        call.second = null;
        call.open = 1;
        long wait = taken();
        if (wait > settings.longestWaitNanos()) {
            refuse(call);
        } else if (wait == 0) {
            enter(attempt);
        } else {
            in(wait, () -> enter(attempt));
        }
    }

    private long taken() {
        return Math.max(taken(requests, 1), taken(tokens, settings.tokensPerAttempt()));
    }

    private long taken(@Nullable Bucket bucket, long amount) {
        return bucket == null ? 0 : bucket.take(amount, now);
    }

    private void giveBack() {
        if (requests != null) {
            requests.giveBack(1);
        }
        if (tokens != null) {
            tokens.giveBack(settings.tokensPerAttempt());
        }
    }

    private void enter(Attempt attempt) {
        if (attempt.call.done) {
            return;
        }
        if (free > 0) {
            work(attempt);
        } else if (waiting.size() < settings.queue()) {
            waiting.add(attempt);
            if (settings.longestWaitNanos() < Long.MAX_VALUE) {
                in(settings.longestWaitNanos(), () -> giveUpWaiting(attempt));
            }
        } else {
            refuse(attempt.call);
        }
    }

    private void giveUpWaiting(Attempt attempt) {
        if (!attempt.working && !attempt.over && !attempt.call.done) {
            refuse(attempt.call);
        }
    }

    private void work(Attempt attempt) {
        free--;
        attempt.working = true;
        attempt.began = now;
        if (attempt.call.counted) {
            attempts++;
        }
        boolean fails = failures.happens(settings.failures());
        in(settings.service().nanos(service), () -> end(attempt, fails));
        if (settings.hedgeNanos() > 0 && !attempt.isHedge) {
            in(settings.hedgeNanos(), () -> hedge(attempt));
        }
    }

    /** A second attempt beside a slow one, where there is room for it. */
    private void hedge(Attempt slow) {
        Call call = slow.call;
        if (call.done || slow.over || call.first != slow || free <= 0) {
            return;
        }
        if (taken() > 0) {
            giveBack();
            return;
        }
        Attempt hedge = new Attempt(call, true);
        call.second = hedge;
        call.open++;
        work(hedge);
    }

    private void end(Attempt attempt, boolean fails) {
        if (attempt.over) {
            return;
        }
        Call call = attempt.call;
        leave(attempt);
        if (!fails) {
            if (retries != null) {
                retries.answered();
            }
            answer(call);
        } else if (--call.open == 0) {
            boolean affordable = retries == null || retries.failed();
            if (affordable && call.tries < settings.attempts()) {
                in((long) (longestPause(call.tries) * others.uniform()), () -> attempt(call));
            } else {
                fail(call);
            }
        }
        next();
    }

    /** After a number of attempts that failed; a first one that is longer than the longest stays as long as it is. */
    private long longestPause(int failed) {
        long first = settings.backoffNanos();
        return Math.min(Math.max(first, LONGEST_PAUSE), first << Math.min(16, failed - 1));
    }

    /** Frees what an attempt has taken; what never reached the model takes nothing of the limits of rate. */
    private void leave(@Nullable Attempt attempt) {
        if (attempt == null || attempt.over) {
            return;
        }
        attempt.over = true;
        if (!attempt.working) {
            waiting.remove(attempt);
            giveBack();
            return;
        }
        free++;
        busyNanos += measured(attempt.began);
    }

    /** How much of the time from some moment until now lies between the first arrival that counts and the last one. */
    private long measured(long from) {
        return isMeasured ? Math.max(0, (isOver ? lastArrival : now) - Math.max(firstArrival, from)) : 0;
    }

    private void next() {
        while (free > 0 && !waiting.isEmpty()) {
            work(waiting.remove());
        }
    }

    private void answer(Call call) {
        if (done(call) && call.counted) {
            times[answered++] = now - call.arrived;
        }
    }

    private void refuse(Call call) {
        if (done(call) && call.counted) {
            refused++;
        }
    }

    private void fail(Call call) {
        if (done(call) && call.counted) {
            failed++;
        }
    }

    /** Ends a call, once; what of it is still under way is cancelled. */
    private boolean done(Call call) {
        if (call.done) {
            return false;
        }
        call.done = true;
        leave(call.first);
        leave(call.second);
        next();
        return true;
    }
}
