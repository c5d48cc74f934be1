package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Verdict;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TelemetryMetricsTest {
    private static final ChatRequestParameters GPT =
            ChatRequestParameters.builder().modelName("gpt-4o-mini").build();

    private static ChatModel gpt(Reply... replies) {
        return ScriptedChatModel.builder()
                .script(Script.of(replies))
                .provider(ModelProvider.OPEN_AI)
                .defaultRequestParameters(GPT)
                .build();
    }

    private static HistogramPointData point(MetricData metric) {
        assertThat(metric.getHistogramData().getPoints()).hasSize(1);
        return metric.getHistogramData().getPoints().iterator().next();
    }

    @Test
    void a_call_is_counted_in_the_buckets_of_the_conventions() {
        try (OtelRig rig = OtelRig.plain()) {
            rig.pipeline()
                    .wrap(gpt(Reply.builder()
                            .text("yes")
                            .modelName("gpt-4o-mini-2024")
                            .usage(12, 3)
                            .build()))
                    .chat(OtelRig.request("hello"));

            HistogramPointData duration = point(rig.metric("gen_ai.client.operation.duration"));
            assertThat(rig.metric("gen_ai.client.operation.duration").getUnit()).isEqualTo("s");
            assertThat(duration.getBoundaries())
                    .containsExactly(
                            0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
            assertThat(duration.getAttributes().toString())
                    .isEqualTo("{gen_ai.operation.name=\"chat\", gen_ai.provider.name=\"openai\","
                            + " gen_ai.request.model=\"gpt-4o-mini\", gen_ai.response.model=\"gpt-4o-mini-2024\"}");
            MetricData tokens = rig.metric("gen_ai.client.token.usage");
            assertThat(tokens.getUnit()).isEqualTo("{token}");
            assertThat(tokens.getHistogramData().getPoints())
                    .extracting(p -> p.getAttributes().get(GenAi.TOKEN_TYPE) + " " + (long) p.getSum())
                    .containsExactlyInAnyOrder("input 12", "output 3");
            assertThat(tokens.getHistogramData().getPoints())
                    .allSatisfy(p -> assertThat(p.getBoundaries())
                            .startsWith(1.0, 4.0, 16.0)
                            .endsWith(67108864.0)
                            .hasSize(14));
            assertThat(rig.count("fmware.calls", "fmware.source", "model")).isEqualTo(1);
        }
    }

    @Test
    void an_error_is_counted_with_its_type() {
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model = rig.pipeline().wrap(gpt(Reply.error(new RateLimitException("full"))));
            assertThatThrownBy(() -> model.chat(OtelRig.request("hello"))).isInstanceOf(RateLimitException.class);

            String type = "dev.langchain4j.exception.RateLimitException";
            assertThat(point(rig.metric("gen_ai.client.operation.duration"))
                            .getAttributes()
                            .get(GenAi.ERROR_TYPE))
                    .isEqualTo(type);
            assertThat(rig.count("fmware.calls", "error.type", type)).isEqualTo(1);
        }
    }

    @Test
    void a_stream_is_timed_by_its_chunks_even_where_it_is_cancelled() {
        ManualClock clock = ManualClock.create();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        try (OtelRig rig = OtelRig.with(t -> t.time(clock))) {
            ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                    .script(Script.of(Reply.builder()
                            .chunks("a", "b", "c", "d")
                            .stallAfter(3)
                            .build()))
                    .defaultRequestParameters(GPT)
                    .build();
            var handle = rig.pipeline().wrap(model).stream(
                    OtelRig.request("hello"), ChatRequestOptions.EMPTY, new StreamingChatResponseHandler() {
                        private int chunks;

                        @Override
                        public void onPartialResponse(String partial) {
                            chunks++;
                            clock.advance(Duration.ofMillis(30L * chunks));
                            if (chunks == 3) {
                                end.complete(null);
                            }
                        }

                        @Override
                        public void onCompleteResponse(ChatResponse response) {}

                        @Override
                        public void onError(Throwable error) {}
                    });
            end.orTimeout(10, TimeUnit.SECONDS).join();
            handle.cancel();
            model.release();
            rig.pipeline().close();

            HistogramPointData next = point(rig.metric("gen_ai.client.operation.time_per_output_chunk"));
            assertThat(next.getCount()).isEqualTo(2);
            assertThat(next.getSum()).isEqualTo(0.09);
            HistogramPointData first = point(rig.metric("gen_ai.client.operation.time_to_first_chunk"));
            assertThat(first.getCount()).isEqualTo(1);
            assertThat(first.getSum()).isZero();
            HistogramPointData duration = point(rig.metric("gen_ai.client.operation.duration"));
            assertThat(duration.getSum()).isEqualTo(0.18);
            assertThat(duration.getAttributes().get(GenAi.ERROR_TYPE)).isEqualTo("io.fmware.CancelledException");
        }
    }

    @Test
    void what_interceptors_do_is_counted() {
        try (OtelRig rig = OtelRig.of(
                t -> t,
                p -> p.with(Reprompting.upTo(2)
                        .until((call, response) -> response.aiMessage().text().equals("yes")
                                ? Verdict.valid()
                                : Verdict.invalid("say yes"))))) {
            rig.pipeline().wrap(gpt(Reply.text("no"), Reply.text("yes"))).chat(OtelRig.request("hello"));

            assertThat(rig.count("fmware.interceptor.actions", "fmware.action", "reprompted"))
                    .isEqualTo(1);
            assertThat(point(rig.metric("fmware.call.attempts")).getSum()).isEqualTo(2);
        }
    }

    @Test
    void what_another_watcher_drops_is_visible() {
        BoundaryInterceptor broken = new BoundaryInterceptor() {
            @Override
            public Object opened(Boundary boundary) {
                throw new IllegalStateException("full");
            }
        };
        try (OtelRig rig = OtelRig.of(t -> t, p -> p.watch(broken))) {
            try (var run = rig.pipeline().run("claim").open();
                    var step = run.step("one")) {
                step.output("done");
            }

            assertThat(rig.count("fmware.dropped", "fmware.reason", "watcher")).isEqualTo(2);
            assertThat(OtelRig.attributes(rig.span("invoke_workflow claim"))).containsEntry("fmware.dropped", 2L);
        }
    }
}
