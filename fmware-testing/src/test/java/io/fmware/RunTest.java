package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.route.Fallback;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunTest {
    private final Watching watching = new Watching();

    @AfterEach
    void no_run_is_left_on_this_thread() {
        assertThat(FmRun.current()).isNull();
    }

    private FmRun open(String name) {
        return FmRun.builder(name).watch(watching).open();
    }

    @ParameterizedTest
    @EnumSource
    void a_call_outside_of_any_run_opens_one_for_itself(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("yes"), builder -> builder.watch(watching))) {
            assertThat(rig.call().text()).isEqualTo("yes");

            String model = "call/call:" + rig.modelName() + "#1";
            assertThat(watching.told())
                    .containsExactly(
                            "run.started call",
                            "call.started " + model,
                            "attempt.started " + model + "/attempt:" + rig.modelName() + "#1",
                            "attempt.ended " + model + "/attempt:" + rig.modelName() + "#1",
                            "call.ended " + model,
                            "run.ended call");
        }
    }

    @ParameterizedTest
    @EnumSource
    void calls_are_in_the_run_and_at_the_place_of_their_caller_on_whatever_thread_they_go_on(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("yes", "no"))) {
            try (FmRun run = open("claim");
                    FmRun.Scope agent = run.agent("fraud")) {
                assertThat(rig.call().text()).isEqualTo("yes");
                assertThat(rig.call().text()).isEqualTo("no");
                assertThat(agent.path()).hasToString("claim/fraud#1");
            }
            String call = "claim/fraud#1/call:" + rig.modelName();
            String attempt = "/attempt:" + rig.modelName() + "#1";
            assertThat(watching.crossed())
                    .containsExactly(
                            "> claim",
                            "> claim/fraud#1",
                            "> " + call + "#1",
                            "> " + call + "#1" + attempt,
                            "< " + call + "#1" + attempt,
                            "< " + call + "#1",
                            "> " + call + "#2",
                            "> " + call + "#2" + attempt,
                            "< " + call + "#2" + attempt,
                            "< " + call + "#2",
                            "< claim/fraud#1",
                            "< claim");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_call_is_closed_with_its_error(Caller caller) {
        Script script = Script.of(Reply.error(new RateLimitException("slow down")));
        try (Rig rig = Rig.of(caller, script, builder -> builder.watch(watching))) {
            rig.call();

            String call = "call/call:" + rig.modelName() + "#1";
            assertThat(watching.crossed())
                    .containsExactly(
                            "> call",
                            "> " + call,
                            "> " + call + "/attempt:" + rig.modelName() + "#1",
                            "< " + call + "/attempt:" + rig.modelName() + "#1 RateLimitException",
                            "< " + call + " RateLimitException",
                            "< call RateLimitException");
            FmEvent.CallEnded ended = event(FmEvent.CallEnded.class);
            assertThat(Objects.requireNonNull(ended.failure()).message()).isEqualTo("slow down");
        }
    }

    @Test
    void each_attempt_its_verdict_and_the_change_of_model_are_told() {
        ChatModel other = ScriptedChatModel.replying("yes");
        FmPipeline pipeline = FmPipeline.builder()
                .with(Fallback.to(other))
                .with(Reprompting.upTo(2).until(Replies.beOneOf(List.of("yes"))))
                .watch(watching)
                .build();
        try (pipeline) {
            pipeline.wrap((ChatModel) ScriptedChatModel.replying("no", "never")).chat("Sure?");
        }

        assertThat(watching.events().stream().map(FmEvent::type))
                .containsExactly(
                        "run.started",
                        "call.started",
                        "attempt.started",
                        "attempt.ended",
                        "verdict",
                        "attempt.started",
                        "attempt.ended",
                        "verdict",
                        "decision",
                        "attempt.started",
                        "attempt.ended",
                        "verdict",
                        "call.ended",
                        "run.ended");
        FmEvent.Decided decided = event(FmEvent.Decided.class);
        assertThat(decided.choice()).isEqualTo("ScriptedChatModel");
        assertThat(decided.reason()).isEqualTo("io.fmware.InvalidReplyException");
        FmEvent.CallEnded ended = event(FmEvent.CallEnded.class);
        assertThat(ended.source()).isEqualTo("fallback");
        assertThat(ended.attempts()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_can_be_replaced_and_the_model_is_not_asked(Caller caller) {
        ChatResponse recorded =
                ChatResponse.builder().aiMessage(AiMessage.from("recorded")).build();
        BoundaryInterceptor replaying = new BoundaryInterceptor() {
            @Override
            public @Nullable Object intercept(Boundary boundary, Crossing next) {
                return boundary.kind() == BoundaryKind.ATTEMPT
                        ? FmReply.of(recorded, FmReply.Source.REPLAY)
                        : next.proceed(boundary.input());
            }
        };
        try (Rig rig = Rig.of(
                caller,
                Script.replying("live"),
                builder -> builder.watch(watching).watch(replaying))) {
            assertThat(rig.call().text()).isEqualTo("recorded");

            assertThat(rig.requests()).isEmpty();
            assertThat(event(FmEvent.CallEnded.class).source()).isEqualTo("replay");
        }
    }

    @Test
    void a_replaced_output_of_another_type_names_who_gave_it() {
        BoundaryInterceptor wrong = new BoundaryInterceptor() {
            @Override
            public @Nullable Object intercept(Boundary boundary, Crossing next) {
                return "text";
            }

            @Override
            public String toString() {
                return "wrong";
            }
        };
        try (FmPipeline pipeline = FmPipeline.builder().watch(wrong).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.replying("yes"));

            assertThatThrownBy(() -> model.chat("Hi"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("wrong gave a java.lang.String at boundary call/call:ScriptedChatModel#1, where a"
                            + " io.fmware.FmReply is wanted; see BoundaryKind.CALL");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void the_pieces_of_a_stream_are_seen_at_the_call_and_at_the_attempt(Caller caller) {
        Script script = Script.of(Reply.builder().chunks("y", "es").build());
        try (Rig rig = Rig.of(caller, script, builder -> builder.watch(watching))) {
            assertThat(rig.call().text()).isEqualTo("yes");

            assertThat(watching.chunks().stream().map(c -> ((StreamEvent.Text) c).text()))
                    .containsExactly("y", "y", "es", "es");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_watcher_that_throws_is_dropped_and_the_call_goes_on(Caller caller) {
        BoundaryInterceptor throwing = new BoundaryInterceptor() {
            @Override
            public @Nullable Object opened(Boundary boundary) {
                throw new IllegalStateException("opened");
            }

            @Override
            public void closed(
                    Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
                throw new IllegalStateException("closed");
            }

            @Override
            public void chunk(Boundary boundary, @Nullable Object token, StreamEvent piece) {
                throw new IllegalStateException("chunk");
            }

            @Override
            public boolean watchesChunks() {
                return true;
            }

            @Override
            public void event(FmEvent event) {
                throw new IllegalStateException("event");
            }
        };
        try (Rig rig = Rig.of(caller, Script.replying("yes"))) {
            FmRun run = FmRun.builder("claim").watch(throwing).watch(watching).open();
            try (run) {
                assertThat(rig.call().text()).isEqualTo("yes");
            }
            int boundaries = 3;
            int events = 6;
            boolean streams = caller.name().startsWith("STREAM");
            assertThat(run.dropped()).isEqualTo(2 * boundaries + events + (streams ? 2 : 0));
            assertThat(watching.events()).hasSize(events);
        }
    }

    @Test
    void a_pipeline_inside_another_and_its_watchers_see_the_calls_that_come_through_it() {
        Watching inner = new Watching();
        try (FmPipeline within = FmPipeline.builder().watch(inner).build();
                FmPipeline around = FmPipeline.builder().watch(watching).build()) {
            ChatModel model = around.wrap((ChatModel) within.wrap((ChatModel) ScriptedChatModel.replying("yes")));
            model.chat("Hi");
        }

        String first = "call/call:FmChatModel#1/attempt:FmChatModel#1/call:ScriptedChatModel#1";
        assertThat(watching.crossed()).contains("> " + first + "/attempt:ScriptedChatModel#1");
        assertThat(inner.crossed())
                .containsExactly(
                        "> " + first,
                        "> " + first + "/attempt:ScriptedChatModel#1",
                        "< " + first + "/attempt:ScriptedChatModel#1",
                        "< " + first);
    }

    // Runs by hand

    @Test
    void a_run_says_for_whom_it_runs() {
        FmRun run = FmRun.builder("claim")
                .id("r-1")
                .tenant("acme")
                .user("u17")
                .conversation("c3")
                .feature("claims")
                .attribute("region", "EU")
                .watch(watching)
                .open();
        try (run) {
            assertThat(FmRun.current()).isSameAs(run);
            assertThat(FmRun.currentPath()).hasToString("claim");
        }
        assertThat(run).hasToString("FmRun[claim r-1]");
        assertThat(event(FmEvent.RunStarted.class).attributes())
                .containsExactly(
                        Map.entry("tenant", "acme"),
                        Map.entry("user", "u17"),
                        Map.entry("conversation", "c3"),
                        Map.entry("feature", "claims"),
                        Map.entry("region", "EU"));
    }

    @Test
    void agents_and_steps_nest_and_are_numbered_among_those_of_their_name() {
        try (FmRun run = open("claim")) {
            for (int i = 0; i < 2; i++) {
                try (FmRun.Scope agent = run.agent("fraud");
                        FmRun.Scope step = run.step("look")) {
                    FmRun.note(at -> new FmEvent.Thought(at, "hm"));
                    agent.output("none");
                    step.failed(new IllegalStateException("blind"));
                }
            }
        }
        assertThat(watching.told())
                .containsExactly(
                        "run.started claim",
                        "agent.started claim/fraud#1",
                        "step.started claim/fraud#1/step:look#1",
                        "thinking claim/fraud#1/step:look#1",
                        "step.ended claim/fraud#1/step:look#1",
                        "agent.ended claim/fraud#1",
                        "agent.started claim/fraud#2",
                        "step.started claim/fraud#2/step:look#1",
                        "thinking claim/fraud#2/step:look#1",
                        "step.ended claim/fraud#2/step:look#1",
                        "agent.ended claim/fraud#2",
                        "run.ended claim");
        assertThat(event(FmEvent.AgentEnded.class).output()).isEqualTo("none");
        assertThat(Objects.requireNonNull(event(FmEvent.StepEnded.class).failure())
                        .message())
                .isEqualTo("blind");
        assertThat(watching.events().stream().map(e -> e.origin().sequence()))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    }

    @Test
    void a_boundary_of_the_applications_own_is_seen_and_can_be_replaced() {
        ToolExecutionRequest request = ToolExecutionRequest.builder()
                .name("lookup")
                .arguments("{\"id\":1}")
                .build();
        BoundaryInterceptor doubling = new BoundaryInterceptor() {
            @Override
            public @Nullable Object intercept(Boundary boundary, Crossing next) {
                return next.proceed(boundary.input()) + "!";
            }
        };
        try (FmRun run = FmRun.builder("claim").watch(watching).watch(doubling).open()) {
            String result = FmRun.cross(BoundaryKind.TOOL, "lookup", request, r -> "found " + r.arguments());

            assertThat(result).isEqualTo("found {\"id\":1}!");
            assertThat(FmRun.currentPath()).isEqualTo(RunPath.root("claim"));
            assertThat(run.dropped()).isZero();
        }
        assertThat(watching.told())
                .containsExactly(
                        "run.started claim",
                        "tool.called claim/tool:lookup#1",
                        "tool.returned claim/tool:lookup#1",
                        "run.ended claim");
        assertThat(event(FmEvent.ToolReturned.class).result()).isEqualTo("found {\"id\":1}!");
    }

    @Test
    void a_note_that_cannot_be_made_is_dropped_and_leaves_no_gap() {
        try (FmRun run = open("claim")) {
            FmRun.note(at -> {
                throw new IllegalStateException("no event");
            });
            FmRun.note(at -> new FmEvent.Thought(at, "hm"));

            assertThat(run.dropped()).isEqualTo(1);
        }
        assertThat(watching.events().stream().map(e -> e.origin().sequence())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void boundaries_that_only_a_pipeline_knows_cannot_be_crossed_by_hand() {
        for (BoundaryKind kind :
                List.of(BoundaryKind.RUN, BoundaryKind.CALL, BoundaryKind.EMBEDDING, BoundaryKind.ATTEMPT)) {
            assertThatThrownBy(() -> FmRun.cross(kind, "x", "in", in -> "out"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("boundary " + kind
                            + " is crossed by a pipeline or a run alone; cross TOOL or another one" + " for x");
        }
    }

    @Test
    void outside_of_any_run_a_boundary_is_its_body_and_a_note_is_nothing() {
        assertThat(FmRun.<String, String>cross(BoundaryKind.TOOL, "lookup", "x", x -> x + x))
                .isEqualTo("xx");
        FmRun.note(at -> {
            throw new AssertionError("nobody is there to be told");
        });
    }

    @Test
    void a_run_goes_to_other_threads_with_an_executor_that_carries_it_and_with_no_other() throws Exception {
        ExecutorService plain = Executors.newFixedThreadPool(1);
        ExecutorService carrying = FmRun.carrying(plain);
        Callable<@Nullable RunPath> where = FmRun::currentPath;
        try (FmRun run = open("claim");
                FmRun.Scope agent = run.agent("fraud")) {
            assertThat(carrying.submit(where).get()).isEqualTo(agent.path());
            assertThat(plain.submit(where).get()).isNull();
            assertThat(plain.submit(FmRun.carrying(where)).get()).isEqualTo(agent.path());
            AtomicReference<@Nullable RunPath> seen = new AtomicReference<>();
            CountDownLatch ran = new CountDownLatch(1);
            FmRun.carrying((java.util.concurrent.Executor) plain).execute(() -> {
                seen.set(FmRun.currentPath());
                ran.countDown();
            });
            ran.await();
            assertThat(seen.get()).isEqualTo(agent.path());
        } finally {
            carrying.shutdown();
        }
        assertThat(plain.isShutdown()).isTrue();
    }

    @Test
    void an_executor_that_carries_a_run_gives_back_the_futures_of_what_it_never_ran() throws Exception {
        ExecutorService carrying = FmRun.carrying(Executors.newFixedThreadPool(1));
        CountDownLatch release = new CountDownLatch(1);
        try (FmRun run = open("claim")) {
            carrying.execute(() -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Future<@Nullable RunPath> waiting = carrying.submit(FmRun::currentPath);

            assertThat(carrying.shutdownNow()).singleElement().isSameAs(waiting);
            ((Runnable) waiting).run();
            assertThat(waiting.get()).hasToString("claim");
        }
    }

    @Test
    void a_run_inside_another_is_a_run_of_its_own_and_the_outer_one_goes_on_after_it() {
        try (FmRun outer = open("outer")) {
            try (FmRun inner = FmRun.builder("inner").open()) {
                assertThat(FmRun.current()).isSameAs(inner);
            }
            assertThat(FmRun.current()).isSameAs(outer);
        }
    }

    // Misuse

    @Test
    void a_run_that_is_closed_twice_ends_once() {
        FmRun run = open("claim");
        run.close();
        run.close();

        assertThat(watching.told()).containsExactly("run.started claim", "run.ended claim");
    }

    @Test
    void a_run_that_is_closed_on_another_thread_ends_and_is_no_longer_that_of_its_own() {
        FmRun run = open("claim");

        assertThat(Logged.during(() -> onAnotherThread(run::close)))
                .contains("run claim was closed on thread other, but opened on "
                        + Thread.currentThread().getName() + "; close it where it was opened");
        assertThat(FmRun.current()).isNull();
        assertThat(watching.told()).containsExactly("run.started claim", "run.ended claim");
    }

    @Test
    void a_run_that_is_closed_with_work_still_going_says_how_much_and_drops_what_comes_later() {
        FmRun run = open("claim");
        FmRun.Scope agent = run.agent("fraud");

        assertThat(Logged.during(run::close))
                .contains("run claim was closed with 1 scopes still open; what happens in them is dropped");
        assertThat(Logged.during(agent::close))
                .contains("something happened at claim/fraud#1 after the run had ended; it is dropped, and this is"
                        + " logged once for a run. Close the run after its work");
        assertThat(event(FmEvent.RunEnded.class).open()).isEqualTo(1);
        assertThat(watching.told())
                .containsExactly("run.started claim", "agent.started claim/fraud#1", "run.ended claim");
        assertThat(run.dropped()).isEqualTo(1);
    }

    @Test
    void a_scope_that_is_closed_on_another_thread_ends_and_leaves_this_thread_as_it_is() {
        try (FmRun run = open("claim")) {
            FmRun.Scope agent = run.agent("fraud");

            assertThat(Logged.during(() -> onAnotherThread(agent::close)))
                    .contains("scope claim/fraud#1 was closed on thread other, but opened on "
                            + Thread.currentThread().getName() + "; close it where it was opened");
            assertThat(FmRun.currentPath()).isEqualTo(agent.path());
            agent.close();
        }
        assertThat(watching.crossed()).containsExactly("> claim", "> claim/fraud#1", "< claim/fraud#1", "< claim");
    }

    @Test
    void scopes_that_are_closed_in_the_wrong_order_are_said_and_leave_this_thread_in_none_of_them() {
        try (FmRun run = open("claim")) {
            FmRun.Scope outer = run.agent("fraud");
            FmRun.Scope inner = run.step("score");

            assertThat(Logged.during(outer::close))
                    .contains(
                            "scope claim/fraud#1 was closed while this thread was at claim/fraud#1/step:score#1; close"
                                    + " scopes in the reverse order in which they were opened, with try-with-resources");
            inner.close();
            assertThat(FmRun.currentPath()).hasToString("claim");
        }
        assertThat(watching.crossed())
                .containsExactly(
                        "> claim",
                        "> claim/fraud#1",
                        "> claim/fraud#1/step:score#1",
                        "< claim/fraud#1",
                        "< claim/fraud#1/step:score#1",
                        "< claim");
    }

    @Test
    void a_scope_that_a_tool_leaves_open_is_left_with_the_tool() {
        try (FmRun run = open("claim")) {
            String said = Logged.during(() -> FmRun.cross(BoundaryKind.TOOL, "leaky", () -> run.step("forgotten")));

            assertThat(said).contains("scope claim/tool:leaky#1 was closed while this thread was at");
            assertThat(FmRun.currentPath()).hasToString("claim");
        }
    }

    @Test
    void a_scope_that_is_closed_inside_another_run_leaves_this_thread_in_that_run() {
        try (FmRun outer = open("acme")) {
            FmRun.Scope left = outer.step("left");
            try (FmRun inner = open("other")) {
                left.close();
                assertThat(FmRun.current()).isSameAs(inner);
            }
            assertThat(FmRun.currentPath()).hasToString("acme");
        }
    }

    @Test
    void a_scope_that_a_task_left_open_puts_no_later_task_of_its_thread_into_the_run() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        AtomicReference<FmRun.@Nullable Scope> left = new AtomicReference<>();
        Callable<@Nullable RunPath> where = FmRun::currentPath;
        try (FmRun run = open("claim")) {
            pool.submit(FmRun.carrying(() -> left.set(run.step("left")))).get();
            pool.submit(() -> Objects.requireNonNull(left.get()).close()).get();
            assertThat(pool.submit(where).get()).isNull();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void a_run_that_is_closed_inside_its_own_tool_is_left_without_a_word() {
        String said = Logged.during(() -> {
            FmRun run = open("claim");
            FmRun.cross(BoundaryKind.TOOL, "t", () -> {
                run.close();
                return 1;
            });
        });

        assertThat(said).doesNotContain("was closed while this thread was at");
    }

    /** An exception of which nothing but the class can be had. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("InfiniteRecursion") // that is the fault
        public String getMessage() {
            return getMessage();
        }
    }

    @Test
    void an_exception_whose_message_cannot_be_had_reaches_the_application_as_it_is() {
        try (FmRun run = open("claim")) {
            assertThatThrownBy(() -> FmRun.cross(BoundaryKind.TOOL, "t", () -> {
                        throw new Unreadable();
                    }))
                    .isInstanceOf(Unreadable.class);
        }
        assertThat(event(FmEvent.RunEnded.class).open()).isZero();
    }

    @Test
    void a_run_ends_whatever_it_failed_with_and_whatever_its_watchers_throw() {
        BoundaryInterceptor broken = new BoundaryInterceptor() {
            @Override
            public void event(FmEvent event) {
                throw new Unreadable();
            }
        };
        try (FmRun around = open("around")) {
            FmRun run = FmRun.builder("claim").watch(broken).watch(watching).open();
            run.failed(new Unreadable());
            run.close();

            assertThat(FmRun.current()).isSameAs(around);
            assertThat(run.dropped()).isEqualTo(2);
        }
        assertThat(Objects.requireNonNull(event(FmEvent.RunEnded.class).failure()))
                .isEqualTo(new Failure(Unreadable.class.getName(), ""));
    }

    // Watchers that do more than to watch

    @Test
    void what_the_watchers_of_a_pipeline_drop_is_counted_in_the_run() {
        BoundaryInterceptor broken = new BoundaryInterceptor() {
            @Override
            public @Nullable Object opened(Boundary boundary) {
                throw new IllegalStateException("down");
            }
        };
        try (FmPipeline pipeline = FmPipeline.builder().watch(broken).build();
                FmRun run = open("claim");
                FmRun other = FmRun.builder("other").open()) {
            pipeline.wrap((ChatModel) ScriptedChatModel.replying("yes")).chat("hello");

            assertThat(other.dropped()).as("of the call and of its attempt").isEqualTo(2);
            assertThat(other.outer()).isSameAs(run);
            assertThat(run.dropped()).isZero();
            assertThat(run.outer()).isNull();
        }
    }

    @Test
    void what_a_watcher_notes_while_it_is_told_comes_after_that_for_all_who_watch() {
        BoundaryInterceptor judge = new BoundaryInterceptor() {
            @Override
            public void event(FmEvent event) {
                if (event instanceof FmEvent.StepEnded) {
                    FmRun.note(at -> new FmEvent.FeedbackGiven(at, "judge", "good", null));
                }
            }
        };
        try (FmRun run = FmRun.builder("claim").watch(judge).watch(watching).open()) {
            run.step("s").close();
        }

        assertThat(watching.told())
                .containsExactly(
                        "run.started claim",
                        "step.started claim/step:s#1",
                        "step.ended claim/step:s#1",
                        "feedback claim",
                        "run.ended claim");
        assertThat(watching.events().stream().map(e -> e.origin().sequence())).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_watcher_that_answers_each_event_with_another_comes_to_an_end() {
        BoundaryInterceptor talkative = new BoundaryInterceptor() {
            @Override
            public void event(FmEvent event) {
                FmRun.note(at -> new FmEvent.Thought(at, "again"));
            }
        };
        try (FmRun run = FmRun.builder("claim").watch(talkative).watch(watching).open()) {
            assertThat(run.dropped()).isEqualTo(1);
        }

        assertThat(watching.events()).hasSize(1 + 100 + 1);
    }

    @Test
    void what_a_watcher_does_while_it_is_told_is_not_told() {
        Clock clock = Sources.clock(Clock.systemUTC());
        BoundaryInterceptor timing = new BoundaryInterceptor() {
            @Override
            public @Nullable Object opened(Boundary boundary) {
                return look(boundary.run());
            }

            @Override
            public void closed(
                    Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
                look(boundary.run());
            }

            @Override
            public void event(FmEvent event) {
                assertThat(clock.instant()).isNotNull();
            }

            private Object look(FmRun run) {
                run.step("looking").close();
                FmRun.builder("looking").watch(this).open().close();
                return Objects.requireNonNull(FmRun.currentScope())
                        .reserve(BoundaryKind.CLOCK, "watch")
                        .cross(BoundaryKind.CLOCK, "watch", clock, Clock::instant);
            }
        };
        try (FmRun run = FmRun.builder("claim").watch(timing).watch(watching).open()) {
            FmRun.cross(BoundaryKind.TOOL, "t", () -> 1);
            assertThat(run.dropped()).isZero();
        }

        assertThat(watching.crossed()).containsExactly("> claim", "> claim/tool:t#1", "< claim/tool:t#1", "< claim");
    }

    @Test
    void a_watcher_is_asked_once_whether_it_watches_chunks() {
        AtomicInteger asked = new AtomicInteger();
        BoundaryInterceptor fickle = new BoundaryInterceptor() {
            @Override
            public boolean watchesChunks() {
                if (asked.incrementAndGet() > 1) {
                    throw new IllegalStateException("asked again");
                }
                return true;
            }
        };
        try (Rig rig = Rig.of(Caller.STREAM, Script.replying("yes"), builder -> builder.watch(fickle))) {
            try (FmRun run = open("claim")) {
                assertThat(rig.call().text()).isEqualTo("yes");
            }
        }
        assertThat(asked).hasValue(1);

        BoundaryInterceptor broken = new BoundaryInterceptor() {
            @Override
            public boolean watchesChunks() {
                throw new IllegalStateException("broken");
            }
        };
        try (Rig rig = Rig.of(Caller.STREAM, Script.replying("yes"), builder -> builder.watch(broken))) {
            assertThat(rig.call().text()).isEqualTo("yes");
        }
    }

    @Test
    void blank_names_and_doubled_watchers_are_refused() {
        assertThatThrownBy(() -> FmRun.builder(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of a run must not be blank; say what is executed, such as claim");
        assertThatThrownBy(() -> FmRun.builder("claim").id(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the id of run claim must not be blank; leave it out for a random one");
        assertThatThrownBy(() -> FmRun.builder("claim").attribute("", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of an attribute of run claim must not be blank");
        FmRun.Builder twice = FmRun.builder("claim").watch(watching).watch(watching);
        assertThatThrownBy(twice::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("watching watches twice; add it once");
    }

    private static void onAnotherThread(Runnable body) {
        Thread other = new Thread(body, "other");
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_run_that_was_never_closed_is_said_when_another_is_opened_in_it_much_later() {
        ManualClock clock = ManualClock.create();
        try (FmRun forgotten = FmRun.builder("yesterday").time(clock).open()) {
            clock.advance(Duration.ofMinutes(61));

            assertThat(Logged.during(
                            () -> FmRun.builder("today").time(clock).open().close()))
                    .contains(
                            "run today is opened inside run yesterday, which has been open for more than PT1H; was that"
                                    + " never closed? Use try-with-resources");
            assertThat(FmRun.current()).isSameAs(forgotten);
        }
    }

    private <E extends FmEvent> E event(Class<E> type) {
        return watching.events().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }
}
