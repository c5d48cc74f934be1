package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model that is wrapped in a pipeline and then in another. */
class NestedPipelinesTest {
    private final ManualClock clock = ManualClock.create();
    private final RecordingMetrics innerMetrics = new RecordingMetrics();

    /** An outer rig around a model that an inner pipeline wraps. */
    private Rig nested(
            Caller caller,
            ScriptedChatModel chat,
            ScriptedStreamingChatModel stream,
            Interceptor inner,
            UnaryOperator<FmPipeline.Builder> outer) {
        FmPipeline pipeline =
                FmPipeline.builder().metrics(innerMetrics).with(inner).build();
        return Rig.of(caller, pipeline.wrap((ChatModel) chat), pipeline.wrap((StreamingChatModel) stream), outer);
    }

    private static ScriptedStreamingChatModel streaming(Caller caller, Script script) {
        ScriptedStreamingChatModel.Builder builder =
                ScriptedStreamingChatModel.builder().script(script);
        return (caller == Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL ? builder.ownThread() : builder).build();
    }

    @ParameterizedTest
    @EnumSource
    void the_interceptors_of_both_run_once_on_one_thread_and_pieces_flow_through(Caller caller) {
        List<String> seen = new CopyOnWriteArrayList<>();
        Script script = Script.replying("a b");
        try (Rig rig = nested(
                caller,
                ScriptedChatModel.of(script),
                streaming(caller, script),
                noting("inner", seen),
                b -> b.with(noting("outer", seen)))) {
            Outcome outcome = rig.call();

            assertThat(outcome.text()).isEqualTo("a b");
            assertThat(outcome.events())
                    .isEqualTo(caller.isStream() ? List.of("text:a ", "text:b", "complete") : List.of());
            assertThat(seen).hasSize(2);
            String thread = seen.get(0).substring("outer on ".length());
            assertThat(seen).containsExactly("outer on " + thread, "inner on " + thread);
            assertThat(innerMetrics.calls()).hasSize(1);
        }
    }

    private static Interceptor noting(String name, List<String> seen) {
        return Interceptor.of(name, Phase.ADMIT, (call, next) -> {
            seen.add(name + " on " + Thread.currentThread().getName());
            return next.proceed(call);
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_deadline_of_the_outer_one_bounds_the_inner_one_even_by_another_clock(Caller caller) {
        Script script = Script.of(Reply.never());
        ScriptedChatModel chat = ScriptedChatModel.of(script);
        ScriptedStreamingChatModel stream = streaming(caller, script);
        AtomicReference<Deadline> seen = new AtomicReference<>();
        Interceptor inner = Interceptor.of("inner", Phase.ADMIT, (call, next) -> {
            seen.set(call.deadline());
            return next.proceed(call.withDeadline(Duration.ofDays(1))); // by the clock of this machine
        });
        try (Rig rig =
                nested(caller, chat, stream, inner, b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(3))))) {
            Rig.Running running = rig.start();
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(3));

            running.await().error(DeadlineExceededException.class);
            assertThat(seen.get().allowed()).isEqualTo(Duration.ofSeconds(3));
            assertThat(innerMetrics.calls().get(0).error()).isExactlyInstanceOf(DeadlineExceededException.class);
        } finally {
            chat.release();
            stream.release();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_cancel_of_the_outer_call_ends_the_inner_one(Caller caller) {
        Script script = Script.of(Reply.builder().text("x").quirks(Quirk.BLOCKS).build());
        ScriptedChatModel chat = ScriptedChatModel.of(script);
        ScriptedStreamingChatModel stream = streaming(caller, script);
        try (Rig rig = nested(caller, chat, stream, (call, next) -> next.proceed(call), UnaryOperator.identity())) {
            Rig.Running running = rig.start();
            if (caller.isStream()) {
                stream.awaitRequests(1);
            } else {
                chat.awaitRequests(1);
            }
            running.cancel();

            running.await();
            rig.threads().awaitIdle();
            assertThat(innerMetrics.calls().get(0).error()).isExactlyInstanceOf(CancelledException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_error_that_an_inner_interceptor_threw_is_blamed_on_it_alone(Caller caller) {
        Interceptor failing = Interceptor.of("failing", Phase.ADMIT, (call, next) -> {
            throw new IllegalStateException("inside");
        });
        try (Rig rig = nested(
                caller,
                ScriptedChatModel.replying(),
                streaming(caller, Script.of()),
                failing,
                b -> b.with(Interceptor.of("outer", Phase.ADMIT, (call, next) -> next.proceed(call))))) {
            assertThat(rig.call().error(IllegalStateException.class).getSuppressed())
                    .hasSize(1)
                    .allMatch(note -> note.getMessage().startsWith("thrown by interceptor 'failing'"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_attempt_of_the_outer_one_is_a_call_of_the_inner_one(Caller caller) {
        Script script = Script.of(Reply.error(new RateLimitException("slow down")), Reply.text("yes"));
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        Interceptor inner = Interceptor.of("inner", Phase.ADMIT, (call, next) -> {
            attempts.add(call.attempt());
            return next.proceed(call);
        });
        Interceptor retrying = Interceptor.of("retrying", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException e) {
                return next.proceed(call.nextAttempt());
            }
        });
        try (Rig rig =
                nested(caller, ScriptedChatModel.of(script), streaming(caller, script), inner, b -> b.with(retrying))) {
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(attempts).containsExactly(1, 1);
            assertThat(innerMetrics.calls()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void attributes_and_options_of_the_outer_call_are_seen_by_the_inner_one(Caller caller) {
        AttributeKey<String> tenant = AttributeKey.of("tenant", String.class);
        AtomicReference<String> seen = new AtomicReference<>();
        Interceptor inner = Interceptor.of("inner", Phase.ADMIT, (call, next) -> {
            seen.set(call.attribute(tenant));
            return next.proceed(call);
        });
        Script script = Script.replying("yes");
        try (Rig rig = nested(
                caller,
                ScriptedChatModel.of(script),
                streaming(caller, script),
                inner,
                b -> b.with(
                        Interceptor.of("outer", Phase.ADMIT, (call, next) -> next.proceed(call.with(tenant, "t1")))))) {
            rig.call();
            assertThat(seen).hasValue("t1");
        }
    }

    @Test
    void a_closed_inner_pipeline_fails_the_call_of_the_outer_one() {
        FmPipeline inner = FmPipeline.builder().build();
        FmChatModel model = inner.wrap((ChatModel) ScriptedChatModel.replying("yes"));
        inner.close();
        try (Rig rig = Rig.of(Caller.CHAT, model, ScriptedStreamingChatModel.replying(), UnaryOperator.identity())) {
            assertThat(rig.call().error(IllegalStateException.class))
                    .hasMessage("this pipeline is closed; keep it open as long as its models are used");
        }
    }

    @Test
    void a_model_is_not_wrapped_twice_by_one_pipeline() {
        FmPipeline pipeline = FmPipeline.builder()
                .with(Interceptor.of("mine", Phase.ADMIT, (call, next) -> next.proceed(call)))
                .build();
        ChatModel chat = pipeline.wrap((ChatModel) ScriptedChatModel.replying());
        StreamingChatModel stream = pipeline.wrap((StreamingChatModel) ScriptedStreamingChatModel.replying());
        EmbeddingModel embeddings = pipeline.wrap(ScriptedEmbeddingModel.ofWords());

        assertThatThrownBy(() -> pipeline.wrap(chat))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model mine(ScriptedChatModel) is wrapped by this pipeline already; every interceptor"
                        + " would run twice");
        assertThatThrownBy(() -> pipeline.wrap(stream))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model mine(ScriptedStreamingChatModel) is wrapped by this pipeline already; every"
                        + " interceptor would run twice");
        assertThatThrownBy(() -> pipeline.wrap(embeddings))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("is wrapped by this pipeline already; every interceptor would run twice");
    }
}
