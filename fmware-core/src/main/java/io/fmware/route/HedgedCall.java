package io.fmware.route;

import io.fmware.CancelledException;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.ForkedCall;
import io.fmware.OverloadedException;
import io.fmware.StreamEvent;
import io.fmware.TimeSource;
import io.fmware.TokenSink;
import io.fmware.retry.Covering;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call that may be asked twice. The first attempt runs on the thread of the chain, as it would alone, so that nothing is
 * handed from thread to thread where it answers in time; the second has a thread of the pipeline, which waits for its moment.
 * Both are forks, since a fork can be cancelled alone. What is decided, is decided by one compare-and-set: who wins, and
 * whether the second ever starts.
 */
final class HedgedCall {
    private final Hedging owner;
    private final FmCall call;
    private final Chain next;
    private final Duration delay;
    private final Hedging.State state;
    private final long begun;
    private final Attempt one = new Attempt();
    private final Attempt two = new Attempt();
    private final FmCall first;
    private final int askedBefore;
    private final CompletableFuture<@Nullable Void> decided = new CompletableFuture<>();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
    private final AtomicReference<@Nullable Attempt> winner = new AtomicReference<>();
    private volatile @Nullable ForkedCall second;
    private volatile long wonAt;

    /** How far the second attempt is. */
    private enum Stage {
        WAITING,
        STARTED,
        /** It will not start any more. */
        OVER
    }

    HedgedCall(Hedging owner, FmCall call, Chain next, Duration delay, Hedging.State state) {
        this.owner = owner;
        this.call = call;
        this.next = next;
        this.delay = delay;
        this.state = state;
        this.begun = call.time().nanoTime();
        this.askedBefore = call.timesAsked();
        this.first = call.fork(one.sink());
    }

    /** Ends the second attempt, where it has not been needed. */
    private static final class NotNeeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotNeeded() {
            super("the second attempt was not needed", null, false, false);
        }
    }

    FmReply run() {
        ForkedCall aside;
        try {
            aside = call.proceedAside(this::afterTheDelay, two.sink());
        } catch (OverloadedException e) { // no thread is free: the first attempt is all there is
            return owner.alone(call, next, state);
        }
        second = aside;
        try {
            return race(aside);
        } finally {
            end(aside);
        }
    }

    private FmReply race(ForkedCall aside) {
        FmReply reply;
        try {
            reply = next.proceed(first);
        } catch (RuntimeException e) {
            return afterFailure(aside, e);
        }
        return one.answers() ? won(aside, reply) : answerOfSecond(aside, null);
    }

    private FmReply won(ForkedCall aside, FmReply reply) {
        owner.learn(state, one.hasEmitted, reply, wonAt - begun);
        end(aside);
        return withOther(reply, call.timesAsked() - askedBefore - first.timesAsked());
    }

    private FmReply afterFailure(ForkedCall aside, RuntimeException failure) {
        Attempt ahead = winner.get();
        if (ahead == two) {
            return answerOfSecond(aside, null); // the first was cancelled for it
        }
        boolean over = ahead == one // shown in part already
                || failure instanceof CancelledException
                || call.cancellation().isCancelled()
                || call.deadline().isExpired();
        if (over || stage.compareAndSet(Stage.WAITING, Stage.OVER)) {
            throw failure;
        }
        return answerOfSecond(aside, failure);
    }

    private FmReply answerOfSecond(ForkedCall aside, @Nullable RuntimeException ofFirst) {
        CompletableFuture<FmReply> answer = aside.reply();
        call.await(answer, "waiting for the second attempt at " + call.target());
        Throwable ofSecond = failure(answer);
        if (ofSecond == null) {
            FmReply reply = answer.join();
            // How long the first would have taken nobody knows: at least this long, which leaves the quantile where it
            // is.
            owner.learn(state, two.hasEmitted, reply, wonAt - begun);
            return withOther(reply, first.timesAsked());
        }
        if (ofFirst != null) {
            throw ofSecond instanceof NotNeeded ? ofFirst : Covering.attach(ofFirst, List.of(ofSecond));
        }
        if (ofSecond instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) ofSecond; // a chain throws no checked exceptions
    }

    private static @Nullable Throwable failure(CompletableFuture<FmReply> answer) {
        if (!answer.isCompletedExceptionally()) {
            return null;
        }
        try {
            answer.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    /** The reply of the one that won, with how often a model was asked by the other one. */
    private static FmReply withOther(FmReply reply, int timesAsked) {
        return timesAsked == 0 ? reply : reply.withAttempts(reply.attempts() + timesAsked);
    }

    /** The second attempt, on its own thread. */
    private FmReply afterTheDelay(FmCall fork) {
        if (fork.await(decided, delay, "waiting to ask " + call.target() + " a second time")) {
            throw new NotNeeded();
        }
        if (!stage.compareAndSet(Stage.WAITING, Stage.STARTED)) {
            throw new NotNeeded();
        }
        if (!state.budget.take()) {
            call.metrics().interceptorActed(owner.name(), Hedging.REFUSED);
            stage.set(Stage.OVER);
            throw new NotNeeded();
        }
        call.metrics().interceptorActed(owner.name(), Hedging.HEDGED);
        FmReply reply = next.proceed(fork.nextAttempt());
        if (!two.answers()) {
            throw new NotNeeded();
        }
        return reply;
    }

    /** Sees to it that the second attempt has ended, or never starts. */
    private void end(ForkedCall aside) {
        decided.complete(null);
        if (!stage.compareAndSet(Stage.WAITING, Stage.OVER) && stage.get() == Stage.STARTED) {
            aside.cancel("the other attempt was faster, or the call has ended");
            Unwinding.await(aside.reply(), call.time());
        }
    }

    /**
     * One of the two, as its output sees it: what the loser emits is dropped. An event of the provider wins nothing, since many
     * come before the model has begun; it is held back until its attempt has won.
     */
    private final class Attempt implements TokenSink {
        private final List<StreamEvent> early = new ArrayList<>();
        private boolean hasEmitted;

        /** Where nobody hears pieces of output, only a whole answer wins. */
        TokenSink sink() {
            return call.sink() == TokenSink.none() ? TokenSink.none() : this;
        }

        @Override
        public void emit(StreamEvent event) {
            if (event instanceof StreamEvent.Raw && winner.get() == null) {
                early.add(event);
                return;
            }
            if (wins()) {
                releaseEarly();
                if (!(event instanceof StreamEvent.Raw)) {
                    hasEmitted = true;
                }
                call.sink().emit(event);
            }
        }

        private void releaseEarly() {
            List<StreamEvent> events = List.copyOf(early);
            early.clear();
            events.forEach(call.sink()::emit);
        }

        @Override
        public boolean restart() {
            Attempt ahead = winner.get();
            early.clear();
            return ahead == null || (ahead == this && call.sink().restart());
        }

        /** Whether this one wins, now that its answer is whole. */
        boolean answers() {
            if (!wins()) {
                return false;
            }
            releaseEarly();
            return true;
        }

        private boolean wins() {
            if (winner.get() == this) {
                return true;
            }
            TimeSource time = call.time();
            long now = time.nanoTime();
            if (!winner.compareAndSet(null, this)) {
                return false;
            }
            wonAt = now;
            decided.complete(null);
            cancelOther();
            return true;
        }

        private void cancelOther() {
            if (this == two) {
                call.metrics().interceptorActed(owner.name(), Hedging.WON);
                first.cancel("a second attempt was faster");
            } else {
                ForkedCall other = second;
                if (other != null && !stage.compareAndSet(Stage.WAITING, Stage.OVER)) {
                    other.cancel("the first attempt was faster");
                }
            }
        }
    }
}
