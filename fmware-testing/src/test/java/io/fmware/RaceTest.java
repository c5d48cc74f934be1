package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two things at once, some thousand times. Every iteration ends with the proofs of {@link Rig} or its own. */
class RaceTest {
    private static final int TIMES = 3_000;
    private final AtOnce atOnce = new AtOnce();

    @AfterEach
    void stop() {
        atOnce.close();
    }

    private interface Race {
        void run(Rig rig, Puppet.Strings strings, Rig.Running running, RecordingHandler handler);
    }

    /** One rig, many streams; each handler is verified. */
    private void streams(UnaryOperator<FmPipeline.Builder> setUp, Race race) {
        Puppet puppet = new Puppet();
        try (Rig rig = Rig.of(Caller.STREAM, ScriptedChatModel.replying(), puppet, setUp)) {
            for (int i = 0; i < TIMES; i++) {
                RecordingHandler handler = new RecordingHandler();
                Rig.Running running = rig.start(handler);
                race.run(rig, puppet.awaitStream(), running, handler);
                handler.awaitEnd();
            }
        }
    }

    @Test
    void the_last_piece_never_comes_after_the_end() {
        streams(UnaryOperator.identity(), (rig, strings, running, handler) -> {
            strings.partial("a");
            atOnce.run(() -> strings.partial("b"), () -> strings.complete("ab"));

            assertThat(handler.awaitEnd().events())
                    .isIn(List.of("text:a", "text:b", "complete"), List.of("text:a", "complete"));
        });
    }

    @Test
    void two_pieces_at_once_are_given_one_after_the_other() {
        streams(UnaryOperator.identity(), (rig, strings, running, handler) -> {
            atOnce.run(() -> strings.partial("a"), () -> strings.partial("b"));
            strings.complete("ab");

            assertThat(handler.awaitEnd().events()).hasSize(3);
        });
    }

    @Test
    void a_cancel_and_the_completion_give_one_end() {
        streams(UnaryOperator.identity(), (rig, strings, running, handler) -> {
            strings.partial("a");
            atOnce.run(running::cancel, () -> strings.complete("a"));

            assertThat(handler.awaitEnd().events()).isIn(List.of("text:a", "complete"), List.of("text:a", "error"));
        });
    }

    @Test
    void a_cancel_and_a_piece_give_one_error() {
        streams(UnaryOperator.identity(), (rig, strings, running, handler) -> {
            atOnce.run(running::cancel, () -> strings.partial("a"));

            assertThat(handler.awaitEnd().events()).isIn(List.of("text:a", "error"), List.of("error"));
        });
    }

    @Test
    void a_cancel_and_an_error_of_the_model_give_one_error() {
        streams(UnaryOperator.identity(), (rig, strings, running, handler) -> {
            atOnce.run(running::cancel, () -> strings.fail(new RateLimitException("slow down")));

            assertThat(handler.awaitEnd().error()).isInstanceOfAny(CancelledException.class, RateLimitException.class);
        });
    }

    @Test
    void a_cancel_and_a_handler_that_throws_give_one_error() {
        streams(UnaryOperator.identity(), (rig, strings, running, handler) -> {
            handler.onText((text, handle) -> {
                throw new IllegalStateException("no more");
            });
            atOnce.run(running::cancel, () -> strings.partial("a"));

            assertThat(handler.awaitEnd().error())
                    .isInstanceOfAny(CancelledException.class, IllegalStateException.class);
        });
    }

    @Test
    void the_deadline_and_the_completion_give_one_end() {
        ManualClock clock = ManualClock.create();
        streams(b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))), (rig, strings, running, handler) -> {
            strings.partial("a");
            clock.awaitTimers(1);
            atOnce.run(() -> clock.advance(Duration.ofSeconds(1)), () -> strings.complete("a"));

            assertThat(handler.awaitEnd().events()).isIn(List.of("text:a", "complete"), List.of("text:a", "error"));
        });
    }

    @Test
    void the_deadline_and_a_piece_give_one_error() {
        ManualClock clock = ManualClock.create();
        streams(b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))), (rig, strings, running, handler) -> {
            clock.awaitTimers(1);
            atOnce.run(() -> clock.advance(Duration.ofSeconds(1)), () -> strings.partial("a"));

            assertThat(handler.awaitEnd().error()).isExactlyInstanceOf(DeadlineExceededException.class);
        });
    }

    @Test
    void the_deadline_and_the_answer_of_a_blocking_call_give_one_of_both() {
        ManualClock clock = ManualClock.create();
        CompletableFuture<?>[] gate = new CompletableFuture<?>[1];
        ChatModel gated = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                try {
                    gate[0].get();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return Reply.text("yes").response();
            }
        };
        try (Rig rig = Rig.of(
                Caller.CHAT,
                gated,
                ScriptedStreamingChatModel.replying(),
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))))) {
            for (int i = 0; i < TIMES / 3; i++) {
                CompletableFuture<Void> opened = new CompletableFuture<>();
                gate[0] = opened;
                Rig.Running running = rig.start();
                clock.awaitTimers(1);
                atOnce.run(() -> clock.advance(Duration.ofSeconds(1)), () -> opened.complete(null));

                Outcome outcome = running.await();
                if (outcome.error() == null) {
                    assertThat(outcome.text()).isEqualTo("yes");
                } else {
                    outcome.error(DeadlineExceededException.class);
                }
            }
        }
    }

    @Test
    void a_cancelled_future_and_its_answer_leave_nothing_behind() {
        CompletableFuture<?>[] gate = new CompletableFuture<?>[1];
        ChatModel gated = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                gate[0].join();
                return Reply.text("yes").response();
            }
        };
        try (Rig rig = Rig.of(Caller.ASYNC, gated, ScriptedStreamingChatModel.replying(), UnaryOperator.identity())) {
            for (int i = 0; i < TIMES; i++) {
                CompletableFuture<Void> opened = new CompletableFuture<>();
                gate[0] = opened;
                Rig.Running running = rig.start();
                atOnce.run(running::cancel, () -> opened.complete(null));

                running.await();
            }
        }
    }

    @Test
    void a_call_that_starts_while_the_pipeline_closes_is_refused_or_served_to_its_end() {
        int served = 0;
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < TIMES; i++) {
            FmPipeline pipeline =
                    FmPipeline.builder().drain(Duration.ofMinutes(1)).build();
            StreamingChatModel model =
                    pipeline.wrap((StreamingChatModel) ScriptedStreamingChatModel.of(Script.always(Reply.text("yes"))));
            RecordingHandler handler = new RecordingHandler();
            boolean[] accepted = new boolean[1];
            atOnce.run(pipeline::close, () -> {
                try {
                    model.chat(Rig.request("hello"), handler);
                    accepted[0] = true;
                } catch (IllegalStateException e) {
                    refused.incrementAndGet();
                }
            });
            if (accepted[0]) {
                // close() has waited for the end, wherever the race ended.
                assertThat(handler.events()).containsExactly("text:yes", "complete");
                served++;
            }
        }
        assertThat(served + refused.get()).isEqualTo(TIMES);
    }

    @Test
    void many_streams_at_once_get_their_own_pieces() throws Exception {
        Script script = Script.answering(
                request -> Reply.text("for " + ((UserMessage) request.messages().get(0)).singleText() + " alone"));
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (Rig rig = Rig.of(Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL, script)) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String question = "q" + i;
                rig.expectAnotherCall();
                answers.add(callers.submit(() -> {
                    RecordingHandler handler = new RecordingHandler();
                    rig.streamingModel().chat(question, handler);
                    handler.awaitEnd();
                    handler.verify();
                    return handler.streamedText();
                }));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(Rig.BOUND_SECONDS, TimeUnit.SECONDS))
                        .isEqualTo("for q" + i + " alone");
            }
        } finally {
            callers.shutdownNow();
        }
    }
}
