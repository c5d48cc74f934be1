package io.fmware.observability.jfr;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.Phase;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Verdict;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads recordings back. Long because each kind of event is looked at field by field. */
class JfrMirrorTest {
    private static final String KEY = "sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4";
    private static final int BOUND_SECONDS = 30;

    @TempDir
    Path directory;

    private static Reply yes() {
        return Reply.builder()
                .text("yes, it is covered")
                .usage(12, 3)
                .finishReason(FinishReason.STOP)
                .build();
    }

    private static ChatRequest request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text)).build();
    }

    private static void assertInside(RecordedEvent inner, RecordedEvent outer) {
        assertThat(inner.getDuration()).isPositive().isLessThanOrEqualTo(outer.getDuration());
        assertThat(inner.getStartTime()).isAfterOrEqualTo(outer.getStartTime());
        assertThat(inner.getEndTime()).isBeforeOrEqualTo(outer.getEndTime());
        assertThat(inner.getThread().getJavaThreadId())
                .isEqualTo(outer.getThread().getJavaThreadId());
        assertThat(inner.getString("run")).isEqualTo(outer.getString("run"));
    }

    @Test
    void a_call_is_an_event_and_its_attempt_one_inside_of_it() {
        try (JfrRig rig = new JfrRig(directory)) {
            try (FmRun run = rig.pipeline().run("claim").id("r-17").open()) {
                rig.pipeline().wrap((ChatModel) ScriptedChatModel.of(yes())).chat(request("Is it covered?"));
            }

            assertThat(rig.paths())
                    .containsExactly(
                            "Attempt claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1",
                            "Call claim/call:ScriptedChatModel#1",
                            "Run claim");
            assertThat(JfrRig.fields(rig.event("Call")))
                    .containsExactly(
                            entry("attempts", 1L),
                            entry("finishReason", "stop"),
                            entry("mode", "blocking"),
                            entry("model", "ScriptedChatModel"),
                            entry("operation", "chat"),
                            entry("path", "claim/call:ScriptedChatModel#1"),
                            entry("source", "model"),
                            entry("tokensIn", 12L),
                            entry("tokensOut", 3L));
            assertThat(JfrRig.fields(rig.event("Attempt")))
                    .containsExactly(
                            entry("attempt", 1L),
                            entry("finishReason", "stop"),
                            entry("mode", "blocking"),
                            entry("model", "ScriptedChatModel"),
                            entry("operation", "chat"),
                            entry("path", "claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1"),
                            entry("tokensIn", 12L),
                            entry("tokensOut", 3L));
            assertThat(JfrRig.fields(rig.event("Run"))).containsExactly(entry("name", "claim"), entry("path", "claim"));
            assertThat(rig.events()).extracting(each -> each.getString("run")).containsOnly("r-17");
            assertInside(rig.event("Attempt"), rig.event("Call"));
            assertInside(rig.event("Call"), rig.event("Run"));
            assertThat(rig.event("Call").getThread().getJavaName())
                    .isEqualTo(Thread.currentThread().getName());
            assertThat(rig.event("Call").getEventType().getCategoryNames()).containsExactly("FMware");
        }
    }

    @Test
    void a_run_that_nobody_opened_is_no_event() {
        try (JfrRig rig = new JfrRig(directory)) {
            rig.pipeline().wrap((ChatModel) ScriptedChatModel.replying("yes")).chat("hello");

            assertThat(rig.paths())
                    .containsExactly(
                            "Attempt call/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1",
                            "Call call/call:ScriptedChatModel#1");
        }
    }

    @Test
    void a_stream_is_an_event_of_the_thread_that_it_goes_on() throws Exception {
        ExecutorService worker = workers();
        try (JfrRig rig = new JfrRig(directory, JfrRig.ALL, p -> p.executor(worker))) {
            Ending ending = new Ending();
            rig.pipeline()
                    .wrap((StreamingChatModel) ScriptedStreamingChatModel.of(yes()))
                    .chat(request("Is it covered?"), ending);
            ending.end.orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join();
            finish(worker);

            assertThat(JfrRig.fields(rig.event("Call")))
                    .containsEntry("mode", "streaming")
                    .containsEntry("tokensOut", 3L)
                    .containsEntry("finishReason", "stop");
            assertThat(rig.event("Call").getThread().getJavaName()).isEqualTo("worker-1");
            assertInside(rig.event("Attempt"), rig.event("Call"));
        }
    }

    @Test
    void a_future_is_an_event_of_the_thread_that_it_goes_on() throws Exception {
        ExecutorService worker = workers();
        try (JfrRig rig = new JfrRig(directory, JfrRig.ALL, p -> p.executor(worker))) {
            rig.pipeline()
                    .wrap((ChatModel) ScriptedChatModel.of(yes()))
                    .chatAsync(request("Is it covered?"))
                    .orTimeout(BOUND_SECONDS, TimeUnit.SECONDS)
                    .join();
            finish(worker);

            assertThat(JfrRig.fields(rig.event("Call")))
                    .containsEntry("mode", "async")
                    .containsEntry("tokensIn", 12L);
            assertThat(rig.event("Call").getThread().getJavaName()).isEqualTo("worker-1");
            assertInside(rig.event("Attempt"), rig.event("Call"));
        }
    }

    @Test
    void calls_on_the_threads_of_a_pipeline_which_may_be_virtual_are_events_too() {
        try (JfrRig rig = new JfrRig(directory)) {
            try (FmRun run = rig.pipeline().run("claim").open()) {
                rig.pipeline()
                        .wrap((ChatModel) ScriptedChatModel.of(yes()))
                        .chatAsync(request("Is it covered?"))
                        .orTimeout(BOUND_SECONDS, TimeUnit.SECONDS)
                        .join();
            }
            rig.pipeline().close(); // waits for the call, whose end may come after that of its future

            assertInside(rig.event("Attempt"), rig.event("Call"));
            assertThat(rig.event("Call").getThread().getJavaThreadId())
                    .isNotEqualTo(rig.event("Run").getThread().getJavaThreadId());
        }
    }

    /** Threads that are numbered as they are needed: the first one is that of the call, the next one that of the model. */
    private static ExecutorService workers() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> new Thread(task, "worker-" + number.incrementAndGet()));
    }

    private static void finish(ExecutorService worker) throws InterruptedException {
        worker.shutdown();
        assertThat(worker.awaitTermination(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void embeddings_are_a_call() {
        try (JfrRig rig = new JfrRig(directory)) {
            Reply vectors =
                    Reply.builder().vectors(new float[] {1, 0}).usage(7, 0).build();
            rig.pipeline().wrap(ScriptedEmbeddingModel.of(Script.of(vectors))).embed(TextSegment.from("hello"));

            assertThat(JfrRig.fields(rig.event("Call")))
                    .containsEntry("operation", "embeddings")
                    .containsEntry("source", "model")
                    .containsEntry("tokensIn", 7L)
                    .doesNotContainKey("finishReason");
        }
    }

    @Test
    void agents_steps_tools_retrieval_and_memory_are_events_inside_of_each_other() {
        ToolExecutionRequest asked =
                ToolExecutionRequest.builder().name("cover").arguments("{}").build();
        try (JfrRig rig = new JfrRig(directory)) {
            try (FmRun run = rig.pipeline().run("claim").open();
                    FmRun.Scope agent = run.agent("clerk");
                    FmRun.Scope step = run.step("check")) {
                FmRun.cross(BoundaryKind.TOOL, "cover", asked, in -> "glass");
                FmRun.cross(
                        BoundaryKind.RETRIEVAL,
                        "handbook",
                        Query.from("glass?"),
                        in -> List.of(Content.from("one"), Content.from("two")));
                FmRun.cross(BoundaryKind.MEMORY_READ, "m1", "m1", in -> List.of(UserMessage.from("before")));
                FmRun.cross(BoundaryKind.MEMORY_WRITE, "m1", List.of(UserMessage.from("now")), in -> null);
                FmRun.cross(BoundaryKind.CLOCK, "now", () -> 17L);
            }

            assertThat(rig.paths())
                    .containsExactly(
                            "Tool claim/clerk#1/step:check#1/tool:cover#1",
                            "Retrieval claim/clerk#1/step:check#1/retrieval:handbook#1",
                            "Memory claim/clerk#1/step:check#1/memory-read:m1#1",
                            "Memory claim/clerk#1/step:check#1/memory-write:m1#1",
                            "Boundary claim/clerk#1/step:check#1/clock:now#1",
                            "Step claim/clerk#1/step:check#1",
                            "Agent claim/clerk#1",
                            "Run claim");
            assertThat(JfrRig.fields(rig.event("Tool")))
                    .containsExactly(entry("name", "cover"), entry("path", "claim/clerk#1/step:check#1/tool:cover#1"));
            assertThat(JfrRig.fields(rig.event("Retrieval")))
                    .containsEntry("documents", 2L)
                    .containsEntry("name", "handbook");
            assertThat(rig.all("Memory"))
                    .extracting(each -> each.getString("operation") + " " + each.getLong("messages"))
                    .containsExactly("read 1", "write 1");
            assertThat(JfrRig.fields(rig.event("Boundary")))
                    .containsEntry("kind", "clock")
                    .containsEntry("name", "now");
            assertThat(JfrRig.fields(rig.event("Step"))).containsEntry("name", "check");
            assertThat(JfrRig.fields(rig.event("Agent"))).containsEntry("name", "clerk");
            assertInside(rig.event("Tool"), rig.event("Step"));
            assertInside(rig.event("Step"), rig.event("Agent"));
            assertInside(rig.event("Agent"), rig.event("Run"));
        }
    }

    @Test
    void what_fails_says_the_class_of_the_exception() {
        try (JfrRig rig = new JfrRig(directory)) {
            ChatModel model =
                    rig.pipeline().wrap((ChatModel) ScriptedChatModel.of(Reply.error(new RateLimitException("full"))));
            try (FmRun run = rig.pipeline().run("claim").open()) {
                assertThatThrownBy(() -> model.chat("hello")).isInstanceOf(RateLimitException.class);
                assertThatThrownBy(() -> FmRun.cross(BoundaryKind.TOOL, "cover", () -> {
                            throw new IllegalStateException("closed");
                        }))
                        .hasMessage("closed");
                FmRun.cross(
                        BoundaryKind.TOOL,
                        "lookUp",
                        () -> ToolExecutionResult.builder()
                                .isError(true)
                                .resultText("no such policy")
                                .build());
                run.failed(new IllegalArgumentException("no claim"));
            }

            assertThat(rig.events())
                    .extracting(each -> each.getEventType().getLabel() + " " + each.getString("errorType"))
                    .containsExactly(
                            "Attempt dev.langchain4j.exception.RateLimitException",
                            "Call dev.langchain4j.exception.RateLimitException",
                            "Tool java.lang.IllegalStateException",
                            "Tool tool_error",
                            "Run java.lang.IllegalArgumentException");
            assertThat(JfrRig.fields(rig.event("Call")))
                    .containsEntry("attempts", 0L)
                    .containsEntry("tokensIn", 0L)
                    .doesNotContainKeys("source", "finishReason");
        }
    }

    @Test
    void tokens_of_rejected_answers_count() {
        try (JfrRig rig = new JfrRig(
                directory,
                JfrRig.ALL,
                p -> p.with(Reprompting.upTo(2).until((request, response) -> Verdict.invalid("say no"))))) {
            ChatModel model = rig.pipeline().wrap((ChatModel) ScriptedChatModel.of(yes(), yes()));
            assertThatThrownBy(() -> model.chat(request("hello"))).isInstanceOf(InvalidReplyException.class);

            assertThat(JfrRig.fields(rig.event("Call")))
                    .containsEntry("tokensIn", 24L)
                    .containsEntry("tokensOut", 6L);
            assertThat(rig.all("Attempt"))
                    .extracting(each -> each.getLong("attempt"))
                    .containsExactly(1L, 2L);
            assertThat(rig.all("Verdict"))
                    .extracting(each -> each.getString("interceptor") + " " + each.getBoolean("accepted"))
                    .containsExactly("reprompting false", "reprompting false");
        }
    }

    @Test
    void an_answer_that_no_model_gave_now_used_no_tokens() {
        Interceptor cached = new Interceptor() {
            @Override
            public FmReply intercept(FmCall call, Chain next) {
                return next.proceed(call).withSource(FmReply.Source.CACHE);
            }

            @Override
            public Phase phase() {
                return Phase.CACHE;
            }
        };
        try (JfrRig rig = new JfrRig(directory, JfrRig.ALL, p -> p.with(cached))) {
            rig.pipeline().wrap((ChatModel) ScriptedChatModel.of(yes())).chat(request("hello"));

            assertThat(JfrRig.fields(rig.event("Call")))
                    .containsEntry("source", "cache")
                    .containsEntry("tokensIn", 0L)
                    .containsEntry("tokensOut", 0L);
        }
    }

    @Test
    void what_takes_no_time_is_an_event_with_names_and_outcomes() {
        try (JfrRig rig = new JfrRig(directory)) {
            try (FmRun run = rig.pipeline().run("claim").open()) {
                noteAll("reason");
            }

            assertThat(rig.paths())
                    .containsExactlyInAnyOrder(
                            "Verdict claim",
                            "Cache claim",
                            "Decision claim",
                            "Feedback claim",
                            "Failure claim",
                            "Run claim");
            assertThat(JfrRig.fields(rig.event("Verdict")))
                    .containsExactly(entry("accepted", true), entry("interceptor", "guard"), entry("path", "claim"));
            assertThat(JfrRig.fields(rig.event("Cache")))
                    .containsExactly(entry("cache", "cache"), entry("outcome", "hit"), entry("path", "claim"));
            assertThat(JfrRig.fields(rig.event("Decision")))
                    .containsExactly(entry("options", 2L), entry("path", "claim"));
            assertThat(JfrRig.fields(rig.event("Feedback")))
                    .containsExactly(entry("kind", "thumb"), entry("path", "claim"));
            assertThat(JfrRig.fields(rig.event("Failure")))
                    .containsExactly(entry("errorType", "java.io.IOException"), entry("path", "claim"));
        }
    }

    /** Notes one event of each kind that is mirrored, with a text wherever there is content. */
    private static void noteAll(String text) {
        FmRun.note(at -> new FmEvent.VerdictGiven(at, "guard", true, text));
        FmRun.note(at -> new FmEvent.CacheConsulted(at, "cache", "hit"));
        FmRun.note(at -> new FmEvent.Decided(at, text, List.of(text, "other"), text, text));
        FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", text, text));
        FmRun.note(at -> new FmEvent.Failed(at, new Failure("java.io.IOException", text)));
        FmRun.note(at -> new FmEvent.Thought(at, text));
    }

    @Test
    void nothing_of_what_is_asked_answered_or_thought_is_in_the_file() throws IOException {
        String secret = "confidential";
        ToolExecutionRequest asked =
                ToolExecutionRequest.builder().name("cover").arguments(secret).build();
        try (JfrRig rig = new JfrRig(directory)) {
            ChatModel model = rig.pipeline().wrap((ChatModel) ScriptedChatModel.of(
                    Reply.builder().thinking(secret).text(secret).build(),
                    Reply.error(new RateLimitException(secret))));
            try (FmRun run =
                    rig.pipeline().run("claim").tenant(secret).user(secret).open()) {
                try (FmRun.Scope agent = run.agent("clerk")) {
                    agent.output(secret);
                }
                model.chat(secret);
                assertThatThrownBy(() -> model.chat(secret)).hasMessage(secret);
                FmRun.cross(BoundaryKind.TOOL, "cover", asked, in -> secret);
                FmRun.cross(
                        BoundaryKind.RETRIEVAL, "handbook", Query.from(secret), in -> List.of(Content.from(secret)));
                FmRun.cross(BoundaryKind.MEMORY_WRITE, "m1", List.of(UserMessage.from(secret)), in -> null);
                FmRun.cross(BoundaryKind.ID, "ids", () -> secret);
                noteAll(secret);
            }

            assertThat(rig.events()).hasSize(15);
            assertThat(rig.holds("handbook")).isTrue();
            assertThat(rig.holds("ScriptedChatModel")).isTrue();
            assertThat(rig.holds(secret)).as("content in the file").isFalse();
        }
    }

    @Test
    void secrets_in_names_are_redacted() throws IOException {
        try (JfrRig rig = new JfrRig(directory)) {
            try (FmRun run = rig.pipeline().run("claim").id(KEY).open();
                    FmRun.Scope agent = run.agent(KEY)) {
                FmRun.cross(BoundaryKind.TOOL, KEY, () -> "fine");
                FmRun.note(at -> new FmEvent.FeedbackGiven(at, KEY, "up", null));
            }

            assertThat(rig.holds("[openai-key:")).isTrue();
            assertThat(rig.holds(KEY)).as("a secret in the file").isFalse();
            assertThat(rig.event("Tool").getString("run")).startsWith("[openai-key:");
            assertThat(rig.event("Tool").getString("name"))
                    .isEqualTo(rig.event("Agent").getString("name"));
            assertThat(rig.event("Tool").getString("path")).startsWith("claim/[openai-key:");
        }
    }

    @Test
    void a_scope_that_is_closed_on_another_thread_is_an_event_of_that_one_and_says_where_it_began()
            throws InterruptedException {
        try (JfrRig rig = new JfrRig(directory)) {
            try (FmRun run = rig.pipeline().run("claim").open()) {
                FmRun.Scope agent = run.agent("clerk");
                Thread closer = new Thread(agent::close, "closer");
                closer.start();
                closer.join();
            }

            RecordedEvent agent = rig.event("Agent");
            assertThat(agent.getThread().getJavaName()).isEqualTo("closer");
            assertThat(agent.getThread("openedOn").getJavaName())
                    .isEqualTo(Thread.currentThread().getName());
            assertThat(agent.getDuration())
                    .isPositive()
                    .isLessThanOrEqualTo(rig.event("Run").getDuration());
            assertThat(agent.getStartTime()).isAfterOrEqualTo(rig.event("Run").getStartTime());
            assertThat(rig.event("Run").getThread("openedOn")).isNull();
        }
    }

    @Test
    void what_a_recording_does_not_want_is_not_there() {
        try (JfrRig rig = new JfrRig(directory, List.of("Call", "Feedback"), p -> p)) {
            rig.recording().enable("io.fmware.Attempt").withThreshold(Duration.ofHours(1));
            try (FmRun run = rig.pipeline().run("claim").open()) {
                rig.pipeline().wrap((ChatModel) ScriptedChatModel.of(yes())).chat(request("hello"));
                noteAll("reason");
            }

            assertThat(rig.paths()).containsExactlyInAnyOrder("Call claim/call:ScriptedChatModel#1", "Feedback claim");
        }
    }

    @Test
    void a_recording_may_want_stacks() {
        try (JfrRig rig = new JfrRig(directory, List.of("Tool"), p -> p)) {
            rig.recording().enable("io.fmware.Call").withStackTrace();
            try (FmRun run = rig.pipeline().run("claim").open()) {
                rig.pipeline().wrap((ChatModel) ScriptedChatModel.of(yes())).chat(request("hello"));
                FmRun.cross(BoundaryKind.TOOL, "cover", () -> "glass");
            }

            assertThat(rig.event("Tool").getStackTrace()).isNull();
            assertThat(rig.event("Call").getStackTrace().getFrames())
                    .anyMatch(each -> each.getMethod().getName().equals("a_recording_may_want_stacks"));
        }
    }

    @Test
    void without_a_recording_nothing_is_made_and_what_began_before_one_is_not_in_it() {
        Tokens tokens = new Tokens(JfrMirror.create());
        try (FmRun run = FmRun.builder("claim").watch(tokens).open()) {
            try (FmRun.Scope agent = run.agent("clerk")) {
                FmRun.cross(BoundaryKind.TOOL, "cover", () -> "glass");
            }
            assertThat(tokens.seen).containsExactly(null, null, null);

            try (JfrRig rig = new JfrRig(directory)) {
                FmRun.cross(BoundaryKind.TOOL, "lookUp", () -> "glass");
                run.close();

                assertThat(rig.paths()).containsExactly("Tool claim/tool:lookUp#1");
                assertThat(tokens.seen).hasSize(4).last().isInstanceOf(TimedEvent.class);
            }
            assertThat(run.dropped()).isZero();
        }
    }

    /** Keeps what a mirror gives when something is opened. */
    private static final class Tokens implements BoundaryInterceptor {
        private final BoundaryInterceptor mirror;
        private final List<@Nullable Object> seen = new ArrayList<>();

        Tokens(BoundaryInterceptor mirror) {
            this.mirror = mirror;
        }

        @Override
        public @Nullable Object opened(Boundary boundary) {
            Object token = mirror.opened(boundary);
            seen.add(token);
            return token;
        }

        @Override
        public void closed(
                Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
            mirror.closed(boundary, token, output, error);
        }
    }

    @Test
    void many_threads_and_runs_are_kept_apart() throws InterruptedException {
        try (JfrRig rig = new JfrRig(directory)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "worker-" + i;
                threads.add(new Thread(() -> work(rig, name), name));
            }
            threads.forEach(Thread::start);
            for (Thread each : threads) {
                each.join();
            }

            assertThat(rig.all("Tool")).hasSize(400).allSatisfy(each -> {
                assertThat(each.getString("run")).startsWith(each.getThread().getJavaName() + ".");
                assertThat(each.getString("name"))
                        .isEqualTo("tool-" + each.getThread().getJavaName());
            });
            assertThat(rig.all("Run"))
                    .extracting(each -> each.getString("run"))
                    .doesNotHaveDuplicates()
                    .hasSize(400);
        }
    }

    private static void work(JfrRig rig, String name) {
        for (int i = 0; i < 100; i++) {
            try (FmRun run = rig.pipeline().run("claim").id(name + "." + i).open()) {
                FmRun.cross(BoundaryKind.TOOL, "tool-" + name, () -> "glass");
            }
        }
    }

    @Test
    void every_event_is_in_the_list_that_is_enabled() {
        List<String> there = new ArrayList<>();
        for (Class<?> holder : List.of(TimedEvents.class, ModelEvents.class, MomentEvents.class)) {
            Arrays.stream(holder.getDeclaredClasses())
                    .map(each -> each.getAnnotation(jdk.jfr.Name.class))
                    .filter(each -> each != null)
                    .forEach(each -> there.add(each.value().substring("io.fmware.".length())));
        }

        assertThat(there).containsExactlyInAnyOrderElementsOf(JfrRig.ALL);
    }

    /** Waits for the end of a stream. */
    private static final class Ending implements StreamingChatResponseHandler {
        private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String partial) {}

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }
    }
}
