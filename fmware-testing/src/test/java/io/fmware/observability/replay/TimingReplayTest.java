package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BudgetExceededException;
import io.fmware.FmPipeline;
import io.fmware.ForkedCall;
import io.fmware.Interceptor;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.TokenSink;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on the moment does not run in a replay, and what came of it comes again. */
class TimingReplayTest {
    private static final ChatModel DEAD =
            ScriptedChatModel.of(Script.answering(request -> Reply.error(new AssertionError("a model was asked"))));

    @TempDir
    private Path directory;

    private static Supplier<String> asking(ChatModel model, Interceptor... interceptors) {
        FmPipeline.Builder builder = FmPipeline.builder();
        List.of(interceptors).forEach(builder::with);
        ChatModel wrapped = builder.build().wrap(model);
        return () -> wrapped.chat("first") + " " + wrapped.chat("second");
    }

    /** Asks twice at once; the second one wins where the model blocks. */
    private static Interceptor hedging(ScriptedChatModel model) {
        return Interceptor.of("hedging", Phase.HEDGE, (call, next) -> {
            int before = model.requests().size();
            ForkedCall first = call.proceedAside(next, TokenSink.none());
            model.awaitRequests(before + 1);
            ForkedCall second = call.proceedAside(next, TokenSink.none());
            call.await(second.reply(), "waiting for a hedge");
            first.cancel("the other attempt was faster");
            call.await(first.reply(), "waiting for the slower attempt to end");
            return second.reply().join();
        });
    }

    @Test
    void a_call_that_two_attempts_raced_for_gives_the_answer_of_the_one_that_won() {
        Reply lost = Reply.builder().text("lost").quirks(Quirk.BLOCKS).build();
        ScriptedChatModel model = ScriptedChatModel.of(Script.of(lost, Reply.text("won"), lost, Reply.text("again")));
        Cassette cassette = new Flights(directory).recorded(asking(model, hedging(model)));
        Replay replay = Replay.of(cassette);

        assertThat(Flights.replayed(replay, asking(DEAD, hedging(model)))).isEqualTo("won again");
        assertThat(Flights.replayed(replay, asking(DEAD))).isEqualTo("won again");
        assertThat(replay.report().isIdentical()).isTrue();
    }

    /** Tries twice; what the second attempt is refused with is no failure of its own. */
    private static Interceptor retrying() {
        return Interceptor.of("retrying", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException first) {
                try {
                    return next.proceed(call.nextAttempt());
                } catch (OverloadedException refused) {
                    first.addSuppressed(refused);
                    throw first;
                }
            }
        });
    }

    /** Lets one call through and no second one. */
    private static Interceptor breaker() {
        AtomicInteger calls = new AtomicInteger();
        return Interceptor.of("breaker", Phase.BREAKER, (call, next) -> {
            if (calls.incrementAndGet() % 2 == 0) {
                throw new OverloadedException("open", null);
            }
            return next.proceed(call);
        });
    }

    @Test
    void an_attempt_that_was_refused_then_does_not_come_in_a_replay_either() {
        ChatModel model =
                ScriptedChatModel.of(Script.answering(request -> Reply.error(new RateLimitException("too many"))));
        Cassette cassette = new Flights(directory).recorded(asking(model, retrying(), breaker()));
        Replay replay = Replay.of(cassette);

        assertThat(Flights.replayed(replay, asking(DEAD, retrying(), breaker())))
                .isInstanceOf(RateLimitException.class)
                .asString()
                .contains("too many");
        assertThat(replay.report().isIdentical()).isTrue();
    }

    @Test
    void a_call_that_ran_out_of_budget_after_an_attempt_does_so_again() {
        AtomicBoolean spent = new AtomicBoolean();
        Interceptor budget = Interceptor.of("budget", Phase.LIMIT, (call, next) -> {
            if (spent.getAndSet(true)) {
                throw new BudgetExceededException("budget of tenant acme is spent");
            }
            return next.proceed(call);
        });
        Interceptor twice = Interceptor.of("twice", Phase.RETRY, (call, next) -> {
            next.proceed(call);
            return next.proceed(call.nextAttempt());
        });
        Cassette cassette = new Flights(directory).recorded(asking(ScriptedChatModel.replying("one"), twice, budget));

        assertThat(Flights.replayed(Replay.of(cassette), asking(DEAD, twice, budget)))
                .isExactlyInstanceOf(BudgetExceededException.class)
                .hasToString("io.fmware.BudgetExceededException: budget of tenant acme is spent");
    }

    @Test
    void an_attempt_too_many_of_a_call_that_was_answered_is_a_divergence() {
        Cassette cassette = new Flights(directory).recorded(asking(ScriptedChatModel.replying("one", "two")));
        Interceptor twice = Interceptor.of("twice", Phase.RETRY, (call, next) -> {
            next.proceed(call);
            return next.proceed(call.nextAttempt());
        });

        assertThat(Flights.stopped(Replay.of(cassette), asking(DEAD, twice)))
                .hasMessageContaining("claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#2");
    }
}
