package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.Target;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.retry.SelfConsistency;
import io.fmware.route.Candidate;
import io.fmware.route.ModelSwap;
import io.fmware.route.Preference;
import io.fmware.route.Routing;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was decided by votes, by latencies and by chance is decided so again. */
@Timeout(60)
class ChoicesReplayTest {
    private static final ChatModel DEAD =
            ScriptedChatModel.of(Script.answering(request -> Reply.error(new AssertionError("a model was asked"))));

    @TempDir
    private Path directory;

    private Flights light(int round) {
        return new Flights(
                directory.resolve("light" + round),
                builder -> builder.content(ContentRule.all()).pieces());
    }

    private static Supplier<String> voting(FmPipeline pipeline, ChatModel model) {
        ChatModel wrapped = pipeline.wrap(model);
        return () -> wrapped.chat("first") + wrapped.chat("second");
    }

    @Test
    void a_vote_on_samples_that_ran_at_once_is_won_by_the_same_sample() {
        Random random = new Random(5);
        Interceptor pausing = Interceptor.of("pausing", Phase.RETRY, (call, next) -> {
            Thread.onSpinWait();
            return next.proceed(call);
        });
        for (int round = 0; round < 20; round++) {
            AtomicInteger number = new AtomicInteger();
            int answers = 2 + random.nextInt(4);
            ChatModel model = ScriptedChatModel.of(
                    Script.answering(request -> Reply.text("answer " + number.getAndIncrement() % answers + " ")));
            try (FmPipeline pipeline = FmPipeline.builder()
                    .with(SelfConsistency.of(5).build())
                    .with(pausing)
                    .build()) {
                Object[] before = new Object[1];
                Flights flights = round % 2 == 0 ? light(round) : new Flights(directory.resolve("exact" + round));
                Cassette cassette = flights.recorded(
                        () -> before[0] = voting(pipeline, model).get());
                Replay replay = Replay.of(cassette);
                assertThat(Flights.replayed(replay, voting(pipeline, as(model, DEAD))))
                        .as("round %s", round)
                        .isEqualTo(before[0]);
                assertThat(replay.report().divergences())
                        .as("samples come in another order, each in its place")
                        .isEmpty();
                assertThat(replay.report().live()).isZero();
            }
        }
    }

    /** Models are told apart by their classes. */
    private static ChatModel as(ChatModel model, ChatModel dead) {
        assertThat(dead).hasSameClassAs(model);
        return dead;
    }

    private static Supplier<String> routed(ChatModel a, ChatModel b) {
        Routing routing = Routing.builder()
                .candidate(Candidate.of(Target.of(a).named("a")))
                .candidate(Candidate.of(Target.of(b).named("b")))
                .prefer(Preference.HEALTHIEST)
                .build();
        FmPipeline pipeline = FmPipeline.builder().with(routing).build();
        ChatModel wrapped = pipeline.wrap(DEAD);
        return () -> {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                try {
                    all.append(wrapped.chat("question " + i)).append(' ');
                } catch (RuntimeException e) {
                    all.append(e.getMessage()).append(' ');
                }
            }
            pipeline.close();
            return all.toString();
        };
    }

    @Test
    void what_was_routed_by_what_was_seen_of_models_goes_the_same_way() {
        ChatModel shaky = ScriptedChatModel.of(Reply.text("a"), Reply.error(new RateLimitException("down")));
        ChatModel b = ScriptedChatModel.of(Script.always(Reply.text("b")));
        Object[] before = new Object[1];
        Cassette cassette = new Flights(directory)
                .recorded(() -> before[0] = routed(shaky, b).get());
        assertThat(before[0]).isEqualTo("a down b b ");

        // Nothing is learned in a replay: by itself it would go on with a.
        Replay replay = Replay.of(cassette);
        assertThat(Flights.replayed(replay, routed(DEAD, DEAD))).isEqualTo(before[0]);
        assertThat(replay.report().isIdentical()).isTrue();
    }

    @Test
    void what_a_share_sent_to_a_model_on_trial_goes_there_again() {
        ModelSwap swap = ModelSwap.startingWith(Target.of(ScriptedChatModel.of(Script.always(Reply.text("old"))))
                        .named("old"))
                .build();
        swap.to(Target.of(ScriptedChatModel.of(Script.always(Reply.text("new"))))
                        .named("new"))
                .unchecked()
                .trial(0.5);
        try (FmPipeline pipeline = FmPipeline.builder().with(swap).build()) {
            ChatModel wrapped = pipeline.wrap(DEAD);
            Supplier<List<String>> application =
                    () -> List.of(wrapped.chat("1"), wrapped.chat("2"), wrapped.chat("3"), wrapped.chat("4"));
            Object[] before = new Object[1];
            Cassette cassette = new Flights(directory).recorded(() -> before[0] = application.get());
            for (int i = 0; i < 5; i++) {
                assertThat(Flights.replayed(Replay.of(cassette), application)).isEqualTo(before[0]);
            }
        }
    }
}
