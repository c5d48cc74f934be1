package io.fmware.cache;

import io.fmware.CancelledException;
import io.fmware.Causes;
import io.fmware.Chain;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.OverloadedException;
import io.fmware.RejectedException;
import io.fmware.TimeSource;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Asks the model once for equal calls at the same time (single flight). Thread-safe. */
final class Flights {

    private final Map<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final Leaders leaders = new Leaders();
    private final TimeSource time;
    private final Lifetimes lifetimes;
    private final Store store;
    private final Answers answers;
    private final Hits hits;
    private final Tally tally;

    Flights(TimeSource time, Lifetimes lifetimes, Store store, Answers answers, Hits hits, Tally tally) {
        this.time = time;
        this.lifetimes = lifetimes;
        this.store = store;
        this.answers = answers;
        this.hits = hits;
        this.tally = tally;
    }

    /** The answer from the cache, from an equal call under way, or from the model. */
    FmReply answer(FmCall call, Chain next, Lookup lookup) {
        while (true) {
            Entry known = store.find(lookup.key(), lookup.trace());
            if (known != null && !lifetimes.isDue(known, time.nanoTime())) {
                return hits.exact(known, lookup);
            }
            Flight own = new Flight();
            Flight other = flights.putIfAbsent(lookup.key(), own);
            if (other == null) {
                return lead(call, next, lookup, own, known);
            }
            if (known != null) { // it is being refreshed
                return hits.exact(known, lookup);
            }
            if (leaders.isInsideOfOne()) { // such as a chain that asks the same again
                tally.count(Tally.Outcome.MISS);
                return next.proceed(call);
            }
            call.await(other.landing(), "waiting for an equal call");
            Flight.Landing how = other.landing().join();
            if (how.answer() != null && store.isTrue(how.answer(), lookup.trace())) {
                return hits.shared(how.answer(), lookup, how.match());
            }
            if (how.failure() != null) {
                throw how.failure();
            }
            if (how.answer() == null && !how.again()) {
                tally.count(Tally.Outcome.MISS);
                return next.proceed(call);
            }
        }
    }

    /** Asks for all who wait for the same. */
    private FmReply lead(FmCall call, Chain next, Lookup lookup, Flight flight, @Nullable Entry known) {
        try (Leaders.Lead leading = leaders.lead()) {
            if (known != null) {
                return ask(call, next, lookup, flight, known, null);
            }
            Entry meanwhile = store.find(lookup.key(), lookup.trace()); // another flight may just have landed
            if (meanwhile != null) {
                flight.land(Flight.Landing.with(meanwhile));
                return hits.exact(meanwhile, lookup);
            }
            Matcher.Found found = answers.alike(call, lookup);
            Entry same = found == null ? null : found.served();
            if (found != null && same != null) {
                CacheHit.Match match = hits.match(same, lookup, found);
                flight.land(new Flight.Landing(same, match, null, false));
                return hits.semantic(same, lookup, match);
            }
            tally.count(Tally.Outcome.MISS);
            return ask(call, next, lookup, flight, null, found);
        } finally {
            flights.remove(lookup.key(), flight);
            flight.land(Flight.Landing.LEADER_GONE); // of one that has not landed: cancelled, too late, or broken
        }
    }

    /**
     * Asks the model.
     *
     * @param known what may still be served where the model fails, {@code null} for nothing
     */
    private FmReply ask(
            FmCall call,
            Chain next,
            Lookup lookup,
            Flight flight,
            @Nullable Entry known,
            Matcher.@Nullable Found found) {
        long start = time.nanoTime();
        FmReply reply;
        try {
            reply = next.proceed(call);
        } catch (CancelledException e) { // who has given up wants no old answer either
            throw e;
        } catch (RuntimeException e) {
            if (known != null && isServable(known, lookup) && call.sink().restart()) {
                flight.land(Flight.Landing.with(known));
                return hits.exact(known, lookup);
            }
            if (!isOfThisCaller(e)) {
                flight.land(Flight.Landing.failed(e));
                answers.keepFailure(lookup, e);
            }
            throw e;
        }
        if (known != null) {
            tally.count(Tally.Outcome.MISS);
        }
        Answers.Kept kept = answers.keep(call, lookup, reply, time.nanoTime() - start, known, found);
        flight.land(kept.landing());
        answers.learn(call, found, reply, kept); // which may take long, and nobody else has to wait for
        return reply;
    }

    private boolean isServable(Entry known, Lookup lookup) {
        return known.lifeNanos(time.nanoTime()) > 0 && store.has(known) && store.isTrue(known, lookup.trace());
    }

    /** Whether those who wait would not have failed: by a deadline, a limit or an interrupt that is not theirs. */
    private static boolean isOfThisCaller(RuntimeException e) {
        if (e instanceof DeadlineExceededException
                || e instanceof OverloadedException
                || e instanceof RejectedException
                || Thread.currentThread().isInterrupted()) {
            return true;
        }
        return Causes.of(e).stream().anyMatch(cause -> cause instanceof InterruptedException || isInterrupt(cause));
    }

    /** HTTP clients tell an interrupt so, and some of them a time-out too, which the others would meet as well. */
    private static boolean isInterrupt(Throwable cause) {
        return cause instanceof InterruptedIOException
                && !(cause instanceof SocketTimeoutException)
                && !"timeout".equals(cause.getMessage());
    }
}
