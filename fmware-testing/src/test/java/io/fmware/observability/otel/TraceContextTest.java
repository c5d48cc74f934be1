package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.fmware.BoundaryKind;
import io.fmware.CallOptions;
import io.fmware.CancelledException;
import io.fmware.FmRun;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is whose parent, on whatever thread. */
class TraceContextTest {
    private static final int BOUND_SECONDS = 10;

    /** Makes a span as the instrumentation of an HTTP client does. */
    private static ChatModel callingHttp(Tracer tracer) {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                tracer.spanBuilder("POST").startSpan().end();
                return Reply.text("yes").response();
            }
        };
    }

    private static void inSpan(OtelRig rig, String name, Runnable body) {
        Span span = rig.sdk().getTracer("user").spanBuilder(name).startSpan();
        try (Scope scope = span.makeCurrent()) {
            body.run();
        } finally {
            span.end();
        }
    }

    @Test
    void a_span_of_the_caller_is_the_parent_and_one_of_the_client_the_child() {
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model = rig.pipeline().wrap(callingHttp(rig.sdk().getTracer("http")));
            inSpan(rig, "GET /claims", () -> model.chat(OtelRig.request("hello")));

            assertThat(rig.tree())
                    .containsExactly("attempt > POST", "chat > attempt", "GET /claims > chat", "- > GET /claims");
        }
    }

    @Test
    void they_are_so_where_the_model_is_asked_on_another_thread() {
        try (OtelRig rig = OtelRig.plain()) {
            var model = rig.pipeline().wrap(callingHttp(rig.sdk().getTracer("http")));
            inSpan(
                    rig,
                    "GET /claims",
                    () -> model.chat(OtelRig.request("hello"), CallOptions.deadline(Duration.ofHours(1))));
            inSpan(
                    rig,
                    "GET /async",
                    () -> model.chatAsync(OtelRig.request("hello")).join());

            assertThat(rig.tree())
                    .containsExactly(
                            "attempt > POST",
                            "chat > attempt",
                            "GET /claims > chat",
                            "- > GET /claims",
                            "attempt > POST",
                            "chat > attempt",
                            "GET /async > chat",
                            "- > GET /async");
        }
    }

    @Test
    void a_stream_from_a_thread_of_the_model_belongs_to_the_span_of_its_caller() {
        try (OtelRig rig = OtelRig.plain()) {
            Ending ending = new Ending();
            var model = rig.pipeline()
                    .wrap(ScriptedStreamingChatModel.builder()
                            .script(Script.of(Reply.builder().chunks("y", "es").build()))
                            .ownThread()
                            .build());
            inSpan(rig, "GET /claims", () -> {
                model.chat(OtelRig.request("hello"), ending);
                ending.await();
            });
            rig.pipeline().close();

            assertThat(rig.tree()).contains("chat > attempt", "GET /claims > chat");
            SpanData chat = rig.span("chat");
            assertThat(OtelRig.attributes(chat)).containsEntry("gen_ai.request.stream", true);
            assertThat((Double) OtelRig.attributes(chat).get("gen_ai.response.time_to_first_chunk"))
                    .isGreaterThan(0);
            assertThat(ending.traces).hasSize(2).containsOnly(chat.getTraceId());
        }
    }

    @Test
    void a_cancelled_stream_ends_its_spans_once() {
        try (OtelRig rig = OtelRig.plain()) {
            Ending ending = new Ending();
            ScriptedStreamingChatModel scripted = ScriptedStreamingChatModel.builder()
                    .script(Script.of(
                            Reply.builder().chunks("y", "es").stallAfter(1).build()))
                    .build();
            StreamingHandle handle = rig.pipeline().wrap(scripted).stream(
                    OtelRig.request("hello"), dev.langchain4j.model.chat.ChatRequestOptions.EMPTY, ending);
            ending.awaitFirst();
            handle.cancel();
            assertThat(ending.await()).isInstanceOf(CancelledException.class);
            scripted.release();
            rig.pipeline().close();

            assertThat(rig.tree()).containsExactly("chat > attempt", "- > chat");
            assertThat(rig.spans()).allSatisfy(span -> {
                assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
                assertThat(OtelRig.attributes(span)).containsEntry("error.type", "io.fmware.CancelledException");
            });
        }
    }

    @Test
    void a_thread_that_follows_the_run_alone_stays_in_the_trace() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model = rig.pipeline().wrap((ChatModel) ScriptedChatModel.replying("yes"));
            try (FmRun run = rig.pipeline().run("claim").open();
                    FmRun.Scope agent = run.agent("clerk")) {
                pool.submit(FmRun.carrying(() -> model.chat("hello"))).get(BOUND_SECONDS, TimeUnit.SECONDS);
            }

            assertThat(rig.tree())
                    .containsExactly(
                            "chat > attempt",
                            "invoke_agent clerk > chat",
                            "invoke_workflow claim > invoke_agent clerk",
                            "- > invoke_workflow claim");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void a_scope_closed_on_another_thread_leaves_no_wrong_parents_behind() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model = rig.pipeline().wrap((ChatModel) ScriptedChatModel.replying("yes", "yes"));
            pool.submit(
                            () -> { // a thread of its own, whose context the test may spoil
                                FmRun run = rig.pipeline().run("claim").open();
                                FmRun.Scope agent = run.agent("clerk");
                                CompletableFuture.runAsync(agent::close).join();
                                model.chat("one");
                                run.close();
                                model.chat("two");
                            })
                    .get(BOUND_SECONDS, TimeUnit.SECONDS);

            List<SpanData> chats =
                    rig.spans().stream().filter(s -> s.getName().equals("chat")).toList();
            assertThat(chats.get(0).getParentSpanId())
                    .as("the agent had ended")
                    .isNotEqualTo(rig.span("invoke_agent clerk").getSpanId());
            assertThat(chats.get(1).getTraceId())
                    .as("the run had ended")
                    .isNotEqualTo(rig.span("invoke_workflow claim").getTraceId());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void a_scope_that_nobody_closed_ends_with_its_run() {
        try (OtelRig rig = OtelRig.plain()) {
            FmRun.Scope left;
            try (FmRun run = rig.pipeline().run("claim").open()) {
                left = run.step("forgotten");
            }
            left.close();

            assertThat(OtelRig.attributes(rig.span("step forgotten"))).containsEntry("fmware.unclosed", true);
        }
    }

    @Test
    void runs_that_are_closed_in_the_wrong_order_leave_no_context_behind() {
        try (OtelRig rig = OtelRig.plain()) {
            FmRun first = rig.pipeline().run("first").open();
            FmRun second = rig.pipeline().run("second").open();
            first.close();
            second.close();

            assertThat(Context.current()).isSameAs(Context.root());
        }
    }

    @Test
    void a_run_that_a_tool_leaves_open_is_no_parent_of_what_comes_after_the_tool() {
        try (OtelRig rig = OtelRig.plain()) {
            FmRun inner;
            try (FmRun outer = rig.pipeline().run("outer").open()) {
                Span own = Span.current();
                inner = FmRun.cross(
                        BoundaryKind.TOOL,
                        "leaky",
                        () -> rig.pipeline().run("inner").open());

                assertThat(FmRun.current()).isSameAs(outer);
                assertThat(Span.current()).isSameAs(own);
            }
            assertThat(Context.current()).isSameAs(Context.root());
            inner.close();
        }
    }

    @Test
    void a_scope_that_was_left_on_a_pooled_thread_is_no_parent_of_another_run_there() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model = rig.pipeline().wrap((ChatModel) ScriptedChatModel.replying("yes"));
            try (FmRun first = rig.pipeline().run("first").tenant("a").open()) {
                pool.submit(FmRun.carrying(() -> {
                            first.step("left");
                        }))
                        .get(BOUND_SECONDS, TimeUnit.SECONDS);
                pool.submit(() -> {
                            rig.pipeline().run("second").tenant("b").open().close();
                            model.chat("hello");
                        })
                        .get(BOUND_SECONDS, TimeUnit.SECONDS);
            }

            assertThat(rig.tree()).contains("- > invoke_workflow second", "- > chat");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void a_call_outside_of_any_run_stays_in_the_trace_that_was_brought_to_its_thread() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model = rig.pipeline().wrap((ChatModel) ScriptedChatModel.replying("yes"));
            try (FmRun run = rig.pipeline().run("claim").open()) {
                pool.submit(Context.current().wrap(() -> model.chat("hello"))).get(BOUND_SECONDS, TimeUnit.SECONDS);
            }

            assertThat(rig.tree()).contains("invoke_workflow claim > chat");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void a_pipeline_inside_of_another_ones_attempt_counts_nothing_twice() {
        try (OtelRig rig = OtelRig.plain();
                var inner =
                        io.fmware.FmPipeline.builder().watch(rig.telemetry()).build()) {
            Reply reply = Reply.builder().text("yes").usage(12, 3).build();
            ChatModel model = rig.pipeline().wrap((ChatModel) inner.wrap((ChatModel) ScriptedChatModel.of(reply)));
            model.chat("hello");

            assertThat(rig.tree()).containsExactly("chat > attempt", "attempt > chat", "chat > attempt", "- > chat");
            assertThat(rig.spans().stream().filter(s -> OtelRig.attributes(s).containsKey("gen_ai.usage.input_tokens")))
                    .hasSize(1);
            assertThat(rig.metric("gen_ai.client.operation.duration")
                            .getHistogramData()
                            .getPoints())
                    .extracting(p -> p.getCount())
                    .containsExactly(1L);
        }
    }

    @Test
    void errors_and_refusals_leave_no_context_behind() {
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model =
                    rig.pipeline().wrap((ChatModel) ScriptedChatModel.of(Reply.error(new RateLimitException("full"))));
            assertThatThrownBy(() -> model.chat("hello")).isInstanceOf(RateLimitException.class);
            assertThat(Span.current().getSpanContext().isValid()).isFalse();
        }
    }

    /** Waits for the end of a stream, and notes in which trace each piece came. */
    private static final class Ending implements StreamingChatResponseHandler {
        private final CompletableFuture<Throwable> end = new CompletableFuture<>();
        private final CompletableFuture<String> first = new CompletableFuture<>();
        private final List<String> traces = new CopyOnWriteArrayList<>();

        @Override
        public void onPartialResponse(String partial) {
            traces.add(Span.current().getSpanContext().getTraceId());
            first.complete(partial);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(null);
        }

        @Override
        public void onError(Throwable error) {
            end.complete(Objects.requireNonNull(error));
        }

        void awaitFirst() {
            first.orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join();
        }

        Throwable await() {
            return end.orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join();
        }
    }
}
