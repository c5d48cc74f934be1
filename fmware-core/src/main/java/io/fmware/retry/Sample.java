package io.fmware.retry;

import io.fmware.BoundaryKind;
import io.fmware.BufferedSink;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.ForkedCall;
import io.fmware.OverloadedException;
import io.fmware.RunScope;
import io.fmware.TokenSink;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One of the samples of a vote, under way or in. Its output is held back. Confined to the thread of the call. */
final class Sample {
    private static final String STEP = "sample";

    private final int number;
    private final BufferedSink output;
    private final @Nullable ForkedCall fork;
    private final CompletableFuture<FmReply> reply;

    private Sample(int number, BufferedSink output, @Nullable ForkedCall fork, CompletableFuture<FmReply> reply) {
        this.number = number;
        this.output = output;
        this.fork = fork;
        this.reply = reply;
    }

    static Sample ask(int number, FmCall call, Chain next) {
        BufferedSink output = TokenSink.buffer(call.sink());
        RunScope here = FmRun.currentScope();
        Chain placed = placed(here, next);
        boolean ordered = here != null && here.isOrdered(); // threads in an order would wait for each other
        if (!call.isReplayed() && !ordered) {
            try {
                ForkedCall fork = call.proceedAside(placed, output);
                return new Sample(number, output, fork, fork.reply());
            } catch (OverloadedException e) {
                // no thread is free but this one
            }
        }
        CompletableFuture<FmReply> reply = new CompletableFuture<>();
        try {
            reply.complete(placed.proceed(call.withSink(output)));
        } catch (Throwable t) {
            reply.completeExceptionally(t);
        }
        return new Sample(number, output, null, reply);
    }

    /** Takes its place in the run before it starts, so that a replay finds each sample whatever the threads did. */
    private static Chain placed(@Nullable RunScope here, Chain next) {
        if (here == null || here.hasEnded()) {
            return next;
        }
        RunScope place = here.reserve(BoundaryKind.STEP, STEP);
        return call -> place.cross(BoundaryKind.STEP, STEP, STEP, ignored -> next.proceed(call));
    }

    int number() {
        return number;
    }

    CompletableFuture<FmReply> reply() {
        return reply;
    }

    boolean isIn() {
        return reply.isDone();
    }

    /** Shows what was held back. */
    void release() {
        output.release();
    }

    void cancel() {
        if (fork != null && !reply.isDone()) {
            fork.cancel("the vote was decided without this sample");
        }
    }
}
