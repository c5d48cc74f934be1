package io.fmware.retry;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.CancelledException;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.InvalidReplyException;
import io.fmware.ReplayDivergedException;
import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The vote on the answer to one call. Confined to the thread of that call. */
final class Poll {
    private final SelfConsistency settings;
    private final FmCall call;
    private final Chain next;
    private final Ballots ballots;
    private final List<Sample> underWay = new ArrayList<>();
    private final Map<Integer, Sample> answered = new TreeMap<>();
    private final Map<Integer, FmReply> replies = new TreeMap<>();
    private final Map<Integer, RuntimeException> failures = new TreeMap<>();
    private int asked;
    private final int askedBefore;
    private @Nullable TokenUsage usage;

    Poll(SelfConsistency settings, FmCall call, Chain next) {
        this.settings = settings;
        this.call = call;
        this.next = next;
        this.ballots = settings.ballots();
        this.askedBefore = call.timesAsked();
    }

    FmReply run() {
        Sample winner;
        try {
            winner = vote();
        } catch (RuntimeException e) {
            throw Covering.attach(e, failures.values());
        } finally {
            underWay.forEach(Sample::cancel);
        }
        winner.release();
        return summed(winner.number());
    }

    private Sample vote() {
        while (true) {
            ask();
            Sample calling = collect();
            if (calling != null) {
                act(SelfConsistency.TOOLS_CALLED);
                return calling;
            }
            if (ballots.isDecided()) {
                return decided();
            }
        }
    }

    /** As many as it takes at least, those under way included. */
    private void ask() {
        int wanted = Math.max(ballots.toDecide(), settings.atOnce());
        while (underWay.size() < wanted && asked < settings.samples()) {
            asked++;
            underWay.add(Sample.ask(asked, call, next));
        }
    }

    /** Counts those that are in, in the order of their numbers; one that calls tools is returned. */
    private @Nullable Sample collect() {
        CompletableFuture<?>[] replies = underWay.stream().map(Sample::reply).toArray(CompletableFuture[]::new);
        call.await(CompletableFuture.anyOf(replies), "waiting for samples");
        Sample calling = null;
        for (Sample sample : List.copyOf(underWay)) {
            if (sample.isIn()) {
                underWay.remove(sample);
                calling = callsTools(sample) && calling == null ? sample : calling;
            }
        }
        return calling;
    }

    private boolean callsTools(Sample sample) {
        FmReply reply;
        try {
            reply = sample.reply().join();
        } catch (CompletionException | CancellationException e) {
            fail(sample.number(), e.getCause() == null ? e : e.getCause());
            return false;
        }
        replies.put(sample.number(), reply);
        answered.put(sample.number(), sample);
        AiMessage message = reply.response().aiMessage();
        if (message.hasToolExecutionRequests()) {
            return true;
        }
        ballots.count(sample.number(), Replies.text(reply.response()));
        return false;
    }

    /** A sample that fails has no vote, unless what ended it ends the call. */
    private void fail(int number, Throwable failure) {
        if (!(failure instanceof RuntimeException e)) {
            if (failure instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("a sample failed in a way that it cannot", failure);
        }
        if (e instanceof ReplayDivergedException) {
            throw e;
        }
        if (e instanceof CancelledException && Thread.currentThread().isInterrupted()) {
            throw e; // this thread took the sample, and its caller gave up
        }
        call.checkActive();
        act(SelfConsistency.SAMPLE_FAILED);
        failures.put(number, e);
        ballots.spoil(number);
        for (InvalidReplyException.Attempt each : InvalidReplyException.rejectedBefore(e)) {
            usage = FmReply.of(each.response(), FmReply.Source.MODEL)
                    .plusUsage(usage)
                    .usage();
        }
    }

    private Sample decided() {
        if (replies.isEmpty()) {
            throw failures.values().iterator().next();
        }
        Agreement agreement =
                new Agreement(settings.samples(), asked, asked - replies.size(), ballots.answers(), ballots.votes());
        boolean enough = ballots.isEnough();
        note(agreement, enough);
        act(enough ? SelfConsistency.DECIDED : SelfConsistency.DISAGREED);
        if (enough && asked < settings.samples()) {
            act(SelfConsistency.STOPPED_EARLY);
        }
        settings.tell(agreement);
        if (!enough) {
            throw disagreement(agreement);
        }
        Sample winner = answered.get(ballots.leading());
        if (winner == null) {
            throw new IllegalStateException("sample " + ballots.leading() + " won the vote, but did not answer");
        }
        return winner;
    }

    private void note(Agreement agreement, boolean enough) {
        int winner = ballots.leading();
        FmRun.note(at -> new FmEvent.Decided(
                at,
                "which sample of " + settings.name() + " answers",
                replies.keySet().stream().map(number -> "sample " + number).toList(),
                enough ? "sample " + winner : "none",
                agreement + (enough ? "" : ", but " + settings.needed() + " must")));
    }

    private InvalidReplyException disagreement(Agreement agreement) {
        String reason = "Only " + agreement + ", but " + settings.needed() + " of " + settings.samples() + " must.";
        return new InvalidReplyException(replies.values().stream()
                .map(reply -> new InvalidReplyException.Attempt(call.request(), reply.response(), reason))
                .toList());
    }

    /** The reply of the winner with what all others have cost. */
    private FmReply summed(int winner) {
        TokenUsage others = usage;
        FmReply won = null;
        for (Map.Entry<Integer, FmReply> each : replies.entrySet()) {
            if (each.getKey() == winner) {
                won = each.getValue();
            } else {
                others = each.getValue().plusUsage(others).usage();
            }
        }
        if (won == null) {
            throw new IllegalStateException("sample " + winner + " won the vote, but did not answer");
        }
        return won.plusUsage(others).withAttempts(call.timesAsked() - askedBefore);
    }

    private void act(String action) {
        call.metrics().interceptorActed(settings.name(), action);
    }
}
