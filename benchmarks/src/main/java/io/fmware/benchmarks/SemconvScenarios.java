package io.fmware.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.http.WatchedHttpClientBuilder;
import io.fmware.observability.otel.FmTelemetry;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** What the table of the conventions is checked against: one small run for each scenario. */
final class SemconvScenarios implements AutoCloseable {
    private static final int BOUND_SECONDS = 10;

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();
    private final FmTelemetry telemetry =
            FmTelemetry.builder(sdk).captureContent(UnaryOperator.identity()).build();
    private final FmPipeline pipeline =
            FmPipeline.builder().watch(telemetry).metrics(telemetry).build();

    List<SpanData> spans() {
        return exporter.getFinishedSpanItems();
    }

    List<MetricData> metrics() {
        return List.copyOf(reader.collectAllMetrics());
    }

    @Override
    public void close() {
        sdk.close();
    }

    void run(String scenario) throws Exception {
        try (pipeline;
                FmRun run = pipeline.run("claim").conversation("c9").open()) {
            try {
                switch (scenario) {
                    case "chat" -> pipeline.wrap(gpt(false)).chat(request().build());
                    case "anthropic" -> pipeline.wrap(claude()).chat(request().build());
                    case "stream" -> stream(false);
                    case "cancel" -> stream(true);
                    case "error" -> error(run);
                    case "tools" -> tools();
                    case "agent" -> agent(run);
                    case "retrieval" -> retrieval();
                    case "embeddings" -> embeddings();
                    case "evaluation" -> {
                        pipeline.wrap(gpt(false)).chat(request().build());
                        FmRun.note(at ->
                                new FmEvent.Evaluated(at, "groundedness", 0.8, "pass", "cites the handbook", "r-1"));
                    }
                    case "http" -> http();
                    default -> throw new IllegalArgumentException("no scenario is named " + scenario);
                }
            } catch (RateLimitException expected) {
                run.failed(expected);
            }
        }
    }

    private static ChatRequest.Builder request() {
        return ChatRequest.builder()
                .messages(SystemMessage.from("Be brief."), UserMessage.from("Is water damage covered?"));
    }

    /** A model with the parameters and the usage of OpenAI's. */
    private static ChatModel gpt(boolean failing) {
        ChatRequestParameters parameters = OpenAiChatRequestParameters.builder()
                .modelName("gpt-4o-mini")
                .temperature(0.2)
                .topP(0.9)
                .topK(5)
                .maxOutputTokens(100)
                .frequencyPenalty(0.1)
                .presencePenalty(0.3)
                .stopSequences("END", "STOP")
                .responseFormat(ResponseFormat.JSON)
                .seed(42)
                .build();
        TokenUsage usage = OpenAiTokenUsage.builder()
                .inputTokenCount(120)
                .inputTokensDetails(OpenAiTokenUsage.InputTokensDetails.builder()
                        .cachedTokens(50)
                        .build())
                .outputTokenCount(30)
                .outputTokensDetails(OpenAiTokenUsage.OutputTokensDetails.builder()
                        .reasoningTokens(20)
                        .build())
                .totalTokenCount(150)
                .build();
        return new Model(ModelProvider.OPEN_AI, parameters, usage, failing);
    }

    private static ChatModel claude() {
        return new Model(
                ModelProvider.ANTHROPIC,
                ChatRequestParameters.builder().modelName("claude").build(),
                new CachingUsage(),
                false);
    }

    private record Model(
            ModelProvider provider, ChatRequestParameters defaultRequestParameters, TokenUsage usage, boolean failing)
            implements ChatModel {

        @Override
        public ChatResponse doChat(ChatRequest request) {
            if (failing) {
                throw new RateLimitException("too many");
            }
            List<ToolSpecification> tools = request.toolSpecifications();
            boolean calls = tools != null && !tools.isEmpty();
            return ChatResponse.builder()
                    .aiMessage(calls ? AiMessage.from(toolCall()) : AiMessage.from("It is covered."))
                    .id("r-1")
                    .modelName("gpt-4o-mini-2024")
                    .tokenUsage(usage)
                    .finishReason(calls ? FinishReason.TOOL_EXECUTION : FinishReason.STOP)
                    .build();
        }
    }

    /** With the accessors of Anthropic's usage, whose module is no dependency of ours. */
    public static final class CachingUsage extends TokenUsage {
        CachingUsage() {
            super(100, 30);
        }

        public Integer cacheReadInputTokens() {
            return 40;
        }

        public Integer cacheCreationInputTokens() {
            return 20;
        }
    }

    private void stream(boolean cancelled) throws Exception {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                .script(Script.of(Reply.builder()
                        .chunks("It is ", "covered", ".")
                        .id("r-1")
                        .modelName("gpt-4o-mini-2024")
                        .usage(120, 30)
                        .finishReason(FinishReason.STOP)
                        .stallAfter(cancelled ? 1 : 3)
                        .build()))
                .provider(ModelProvider.OPEN_AI)
                .defaultRequestParameters(
                        ChatRequestParameters.builder().modelName("gpt-4o-mini").build())
                .build();
        if (!cancelled) {
            model.release();
        }
        CompletableFuture<Object> first = new CompletableFuture<>();
        CompletableFuture<Object> end = new CompletableFuture<>();
        var handle = pipeline.wrap(model).stream(
                request().build(), ChatRequestOptions.EMPTY, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String partial) {
                        first.complete(partial);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        end.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        end.complete(error);
                    }
                });
        first.get(BOUND_SECONDS, TimeUnit.SECONDS);
        if (cancelled) {
            handle.cancel();
        }
        end.get(BOUND_SECONDS, TimeUnit.SECONDS);
        model.release();
    }

    private void error(FmRun run) {
        try (FmRun.Scope agent = run.agent("clerk")) {
            try {
                pipeline.wrap(gpt(true)).chat(request().build());
            } catch (RateLimitException e) {
                agent.failed(e);
                throw e;
            }
        }
    }

    private static ToolExecutionRequest toolCall() {
        return ToolExecutionRequest.builder()
                .id("t-1")
                .name("cover")
                .arguments("{\"of\":\"water\"}")
                .build();
    }

    private void tools() {
        ToolSpecification cover = ToolSpecification.builder()
                .name("cover")
                .description("Looks up a cover")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("of")
                        .required("of")
                        .build())
                .build();
        pipeline.wrap(gpt(false)).chat(request().toolSpecifications(cover).build());
        FmRun.cross(
                BoundaryKind.TOOL,
                "cover",
                toolCall(),
                call -> ToolExecutionResult.builder().resultText("up to 5,000").build());
        try {
            FmRun.cross(BoundaryKind.TOOL, "broken", toolCall(), call -> {
                throw new IllegalStateException("broken");
            });
        } catch (IllegalStateException expected) {
            // what the scenario is about
        }
    }

    private void agent(FmRun run) {
        ChatModel model = pipeline.wrap(gpt(false));
        FmRun.cross(BoundaryKind.AGENT, "clerk", Map.of("claim", "water"), inputs -> {
            model.chat(request().build());
            model.chat(request().build());
            return "Paid.";
        });
    }

    private static void retrieval() {
        Content found = Content.from(
                TextSegment.from("Water damage is covered."),
                Map.of(ContentMetadata.EMBEDDING_ID, "d-1", ContentMetadata.SCORE, 0.75));
        EmbeddingStore<TextSegment> store = Boundaries.store(new InMemoryEmbeddingStore<>());
        ContentRetriever handbook = query -> {
            store.search(EmbeddingSearchRequest.builder()
                    .queryEmbedding(Embedding.from(new float[] {1, 0}))
                    .maxResults(3)
                    .build());
            return List.of(found);
        };
        Boundaries.retriever("handbook", handbook).retrieve(Query.from("water damage"));
        try {
            FmRun.cross(BoundaryKind.RETRIEVAL, "broken", Query.from("water damage"), query -> {
                throw new IllegalStateException("broken");
            });
        } catch (IllegalStateException expected) {
            // what the scenario is about
        }
    }

    private void embeddings() {
        pipeline.wrap(ScriptedEmbeddingModel.builder()
                        .script(Script.always(Reply.builder().usage(7, 0).build()))
                        .modelName("text-embedding-3-small")
                        .provider(ModelProvider.OPEN_AI)
                        .dimension(4)
                        .build())
                .embed("water");
    }

    /** A real client, over a real connection. */
    private void http() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] body = """
                    {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini-2024",
                     "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "yes"}}],
                     "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10,
                               "prompt_tokens_details": {"cached_tokens": 4}}}
                    """.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            pipeline.wrap((ChatModel) OpenAiChatModel.builder()
                            .baseUrl("http://localhost:" + server.getAddress().getPort() + "/v1")
                            .apiKey("none")
                            .httpClientBuilder(
                                    WatchedHttpClientBuilder.of(HttpClientBuilderLoader.loadHttpClientBuilder()))
                            .modelName("gpt-4o-mini")
                            .build())
                    .chat(request().build());
        } finally {
            server.stop(0);
        }
    }
}
