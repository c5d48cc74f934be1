package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.BoundaryInterceptor;
import io.fmware.FmPipeline;
import io.fmware.observability.otel.FmTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A chat call with traces and metrics, through a pipeline and by a listener written by hand. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TraceBenchmark {
    private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry.sdk"); // held, or its level is lost
    private static final ChatResponse RESPONSE = ChatResponse.builder()
            .aiMessage(AiMessage.from("In the app."))
            .id("r-1")
            .modelName("gpt-4o-mini-2024")
            .tokenUsage(new TokenUsage(12, 3))
            .finishReason(FinishReason.STOP)
            .build();

    static {
        SDK_LOG.setLevel(Level.OFF); // the queue is full all the time
    }

    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(
                            BatchSpanProcessor.builder(new Discarding()).build())
                    .build())
            .setMeterProvider(SdkMeterProvider.builder()
                    .registerMetricReader(InMemoryMetricReader.create())
                    .build())
            .build();
    private final ChatModel plain = new Answering(List.of());
    private final ChatModel traced = traced(FmTelemetry.of(sdk));
    private final ChatModel withContent = traced(
            FmTelemetry.builder(sdk).captureContent(UnaryOperator.identity()).build());
    private final ChatModel noop = traced(FmTelemetry.of(OpenTelemetry.noop()));
    private final ChatModel watched =
            FmPipeline.builder().watch(new BoundaryInterceptor() {}).build().wrap(plain);
    private final ChatModel listener = new Answering(List.of(new Listener(sdk)));

    private ChatModel traced(FmTelemetry telemetry) {
        return FmPipeline.builder().watch(telemetry).metrics(telemetry).build().wrap(plain);
    }

    /** The chain is much code: it is called this often before it is measured, or the compiler is measured with it. */
    private static final int CALLS_TO_WARM_UP = 150_000;

    private static void warm(ChatModel model) {
        for (int i = 0; i < CALLS_TO_WARM_UP; i++) {
            model.chat(Stubs.REQUEST);
        }
    }

    /** Warms up what is traced. */
    @State(Scope.Thread)
    public static class WarmTraced {
        @Setup
        public void warmUp(TraceBenchmark of) {
            warm(of.traced);
        }
    }

    /** Warms up what is traced with content. */
    @State(Scope.Thread)
    public static class WarmContent {
        @Setup
        public void warmUp(TraceBenchmark of) {
            warm(of.withContent);
        }
    }

    /** Warms up what is traced to nowhere. */
    @State(Scope.Thread)
    public static class WarmNoop {
        @Setup
        public void warmUp(TraceBenchmark of) {
            warm(of.noop);
        }
    }

    /** Warms up what is watched by one who does nothing. */
    @State(Scope.Thread)
    public static class WarmWatched {
        @Setup
        public void warmUp(TraceBenchmark of) {
            warm(of.watched);
        }
    }

    @TearDown
    public void close() {
        sdk.close();
    }

    @Benchmark
    public ChatResponse plain() {
        return plain.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse traced(WarmTraced warm) {
        return traced.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse withContent(WarmContent warm) {
        return withContent.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse noop(WarmNoop warm) {
        return noop.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse watched(WarmWatched warm) {
        return watched.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse listener() {
        return listener.chat(Stubs.REQUEST);
    }

    /** Answers with a constant that has an id, a model and tokens. */
    private record Answering(List<ChatModelListener> listeners) implements ChatModel {
        private static final ChatRequestParameters PARAMETERS = Stubs.openAiParameters();

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return PARAMETERS;
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OPEN_AI;
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            return RESPONSE;
        }
    }

    /** What one writes by hand: one span for a call of a model. */
    private static final class Listener implements ChatModelListener {
        private final Tracer tracer;
        private final DoubleHistogram duration;

        Listener(OpenTelemetry openTelemetry) {
            this.tracer = openTelemetry.getTracer("by-hand");
            this.duration = openTelemetry
                    .getMeter("by-hand")
                    .histogramBuilder("gen_ai.client.operation.duration")
                    .build();
        }

        @Override
        public void onRequest(ChatModelRequestContext context) {
            String model = context.chatRequest().modelName();
            context.attributes().put("begun", System.nanoTime());
            context.attributes()
                    .put(
                            "span",
                            tracer.spanBuilder("chat " + model)
                                    .setSpanKind(SpanKind.CLIENT)
                                    .setAttribute("gen_ai.operation.name", "chat")
                                    .setAttribute("gen_ai.provider.name", "openai")
                                    .setAttribute("gen_ai.request.model", model)
                                    .startSpan());
        }

        @Override
        public void onResponse(ChatModelResponseContext context) {
            Span span = (Span) context.attributes().get("span");
            span.setAttribute("gen_ai.response.id", context.chatResponse().id());
            span.setAttribute(
                    "gen_ai.usage.input_tokens",
                    context.chatResponse().tokenUsage().inputTokenCount());
            span.setAttribute(
                    "gen_ai.usage.output_tokens",
                    context.chatResponse().tokenUsage().outputTokenCount());
            span.end();
            long begun = (Long) context.attributes().get("begun");
            duration.record((System.nanoTime() - begun) / 1e9, Attributes.empty());
        }
    }

    private static final class Discarding implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
