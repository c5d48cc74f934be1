package io.fmware.provider.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.CompensateFor;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.InputGuardrailException;
import dev.langchain4j.guardrail.InputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.moderation.ModerationRequest;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Moderate;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ScoringRequest;
import io.fmware.event.FmEvent;
import io.fmware.provider.Told;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts of real AI services behind boundaries. */
@Timeout(60)
class ServiceBoundariesTest {
    private static final String CALL = "call:ScriptedChatModel";

    interface Assistant {
        String chat(String question);
    }

    interface Moderated {
        @Moderate
        String chat(String question);
    }

    interface Streamer {
        TokenStream chat(String question);
    }

    interface Detailed {
        Result<String> chat(String question);
    }

    static final class Shop {
        private final List<String> undone = new ArrayList<>();

        @Tool
        int price(String item) {
            return item.length();
        }

        @Tool
        String stock(String item) {
            if (item.equals("nothing")) {
                throw new IllegalStateException("out of stock");
            }
            return "3 " + item;
        }

        @CompensateFor("price")
        void undo(String item) {
            undone.add(item);
        }
    }

    private final Told told = new Told();
    private final FmPipeline pipeline = FmPipeline.builder().watch(told).build();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void close() {
        pipeline.close();
        threads.shutdownNow();
    }

    private static Reply asking(String... toolAndArgument) {
        Reply.Builder reply = Reply.builder();
        for (int i = 0; i < toolAndArgument.length; i += 2) {
            reply.toolCall(ToolExecutionRequest.builder()
                    .id("id" + i)
                    .name(toolAndArgument[i])
                    .arguments(
                            "{\"arg0\":\"" + toolAndArgument[i + 1] + "\",\"item\":\"" + toolAndArgument[i + 1] + "\"}")
                    .build());
        }
        return reply.build();
    }

    private String inRun(AiServices<Assistant> service) {
        Assistant assistant = service.build();
        try (FmRun run = pipeline.run("shop").open()) {
            return assistant.chat("how much?");
        }
    }

    private static Script script(Reply... replies) {
        return Script.of(replies);
    }

    private AiServices<Assistant> service(Reply... replies) {
        return Boundaries.service(Assistant.class).chatModel(pipeline.wrap(ScriptedChatModel.of(script(replies))));
    }

    @Test
    void tools_of_a_service_are_boundaries_beside_the_calls_that_asked_for_them() {
        String answer =
                inRun(service(asking("price", "pen", "stock", "pen"), asking("price", "ink"), Reply.text("done"))
                        .tools(new Shop()));

        assertThat(answer).isEqualTo("done");
        assertThat(told.told())
                .containsExactly(
                        "run.started shop",
                        "question shop",
                        "call.started shop/" + CALL + "#1",
                        "attempt.started shop/" + CALL + "#1/attempt:ScriptedChatModel#1",
                        "attempt.ended shop/" + CALL + "#1/attempt:ScriptedChatModel#1",
                        "call.ended shop/" + CALL + "#1",
                        "tool.called shop/tool:price#1",
                        "tool.returned shop/tool:price#1",
                        "tool.called shop/tool:stock#1",
                        "tool.returned shop/tool:stock#1",
                        "call.started shop/" + CALL + "#2",
                        "attempt.started shop/" + CALL + "#2/attempt:ScriptedChatModel#1",
                        "attempt.ended shop/" + CALL + "#2/attempt:ScriptedChatModel#1",
                        "call.ended shop/" + CALL + "#2",
                        "tool.called shop/tool:price#2",
                        "tool.returned shop/tool:price#2",
                        "call.started shop/" + CALL + "#3",
                        "attempt.started shop/" + CALL + "#3/attempt:ScriptedChatModel#1",
                        "attempt.ended shop/" + CALL + "#3/attempt:ScriptedChatModel#1",
                        "call.ended shop/" + CALL + "#3",
                        "run.ended shop");
        ToolExecutionResult price = (ToolExecutionResult)
                told.events(FmEvent.ToolReturned.class).get(0).result();
        assertThat(price.result()).isEqualTo(3);
        assertThat(price.resultText()).isEqualTo("3");
    }

    @Test
    void tools_of_a_plain_service_are_told_of_without_a_line() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(
                        pipeline.wrap(ScriptedChatModel.of(asking("price", "pen", "price", "ink"), Reply.text("done"))))
                .tools(new Shop())
                .build();
        try (FmRun run = pipeline.run("shop").open()) {
            assistant.chat("how much?");
        }

        assertThat(told.told().stream().filter(each -> each.startsWith("tool")))
                .containsExactly(
                        "tool.called shop/tool:price#1",
                        "tool.returned shop/tool:price#1",
                        "tool.called shop/tool:price#2",
                        "tool.returned shop/tool:price#2");
        assertThat(told.events(FmEvent.ToolReturned.class).get(1).result()).isEqualTo("3");
        assertThat(told.boundaries()).as("events are no boundaries").containsExactly("shop");
    }

    @Test
    void tools_on_threads_of_their_own_have_the_same_paths_in_every_run() {
        for (int i = 0; i < 50; i++) {
            told.events().clear();
            inRun(service(asking("price", "a", "price", "b", "stock", "c", "price", "d"), Reply.text("done"))
                    .tools(new Shop())
                    .executeToolsConcurrently(threads));

            assertThat(told.events(FmEvent.ToolCalled.class))
                    .extracting(called -> called.origin().path() + " "
                            + called.request().arguments().replaceAll(".*item\":\"(.)\".*", "$1"))
                    .containsExactlyInAnyOrder(
                            "shop/tool:price#1 a", "shop/tool:price#2 b", "shop/tool:stock#1 c", "shop/tool:price#3 d");
            assertThat(told.events(FmEvent.ToolReturned.class)).hasSize(4);
        }
    }

    @Test
    void the_result_of_a_tool_can_be_replaced() {
        told.replacing(
                BoundaryKind.TOOL,
                boundary -> ToolExecutionResult.builder()
                        .resultText("42")
                        .result(42)
                        .build());
        ScriptedChatModel model = ScriptedChatModel.of(asking("price", "pen"), Reply.text("done"));
        inRun(Boundaries.service(Assistant.class)
                .chatModel(pipeline.wrap(model))
                .tools(new Shop()));

        assertThat(model.requests().get(1).messages().toString()).contains("text = \"42\"");
    }

    @Test
    void an_error_of_a_tool_is_seen_and_handled_as_ever() {
        ScriptedChatModel model = ScriptedChatModel.of(asking("stock", "nothing"), Reply.text("sorry"));
        String answer = inRun(Boundaries.service(Assistant.class)
                .chatModel(pipeline.wrap(model))
                .tools(new Shop()));

        assertThat(answer).isEqualTo("sorry");
        assertThat(model.requests().get(1).messages().toString()).contains("out of stock");
        assertThat(told.events(FmEvent.ToolReturned.class).get(0).failure()).isNotNull();
    }

    @Test
    void compensating_actions_are_kept() {
        Shop shop = new Shop();
        inRun(service(asking("price", "pen", "stock", "nothing"), Reply.text("sorry"))
                .tools(shop)
                .compensateOnToolErrors(true));

        assertThat(shop.undone).containsExactly("pen");
    }

    @Test
    void result_objects_of_tools_reach_the_application() {
        Detailed detailed = Boundaries.service(Detailed.class)
                .chatModel(pipeline.wrap(ScriptedChatModel.of(asking("price", "pen"), Reply.text("done"))))
                .tools(new Shop())
                .build();
        try (FmRun run = pipeline.run("shop").open()) {
            assertThat(detailed.chat("how much?").toolExecutions().get(0).resultObject())
                    .isEqualTo(3);
        }
    }

    @Test
    void tools_of_a_stream_are_at_the_place_where_it_was_started() throws Exception {
        Streamer streamer = Boundaries.service(Streamer.class)
                .streamingChatModel(pipeline.wrap(ScriptedStreamingChatModel.builder()
                        .script(script(asking("price", "a", "price", "b"), Reply.text("done")))
                        .ownThread()
                        .build()))
                .tools(new Shop())
                .build();
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (FmRun run = pipeline.run("shop").open()) {
            streamer.chat("how much?")
                    .onPartialResponse(piece -> {})
                    .onCompleteResponse(
                            response -> answer.complete(response.aiMessage().text()))
                    .onError(answer::completeExceptionally)
                    .start();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        }
        assertThat(told.boundaries()).containsExactly("shop", "shop/tool:price#1", "shop/tool:price#2");
        assertThat(told.calls())
                .containsExactly("shop/call:ScriptedStreamingChatModel#1", "shop/call:ScriptedStreamingChatModel#2");
    }

    @Test
    void a_provider_of_tools_stays_dynamic() {
        ToolProvider dynamic = new ToolProvider() {
            @Override
            public dev.langchain4j.service.tool.ToolProviderResult provideTools(
                    dev.langchain4j.service.tool.ToolProviderRequest request) {
                return null;
            }

            @Override
            public boolean isDynamic() {
                return true;
            }
        };

        assertThat(Boundaries.toolProvider(dynamic).isDynamic()).isTrue();
        assertThat(Boundaries.toolProvider(dynamic).provideTools(null)).isNull();
        assertThat(Boundaries.toolProvider(new Shop()).isDynamic()).isFalse();
    }

    @Test
    void a_memory_is_read_and_written_through_boundaries() {
        inRun(service(Reply.text("hello"))
                .chatMemory(MessageWindowChatMemory.builder()
                        .id("m1")
                        .maxMessages(10)
                        .build()));

        assertThat(told.told().stream().filter(each -> each.startsWith("memory")))
                .containsExactly(
                        "memory.read shop/memory-read:m1#1",
                        "memory.written shop/memory-write:m1#1",
                        "memory.written shop/memory-write:m1#2");
        assertThat(told.events(FmEvent.MemoryWritten.class).get(1).messages())
                .isEqualTo(List.of(AiMessage.from("hello")));
    }

    @Test
    void what_a_memory_holds_can_be_replaced() {
        told.replacing(BoundaryKind.MEMORY_READ, boundary -> List.<ChatMessage>of(UserMessage.from("before")));
        ScriptedChatModel model = ScriptedChatModel.replying("hello");
        inRun(Boundaries.service(Assistant.class)
                .chatModel(pipeline.wrap(model))
                .chatMemoryProvider(id -> MessageWindowChatMemory.withMaxMessages(10)));

        assertThat(model.requests().get(0).messages())
                .isEqualTo(List.of(UserMessage.from("before"), UserMessage.from("how much?")));
    }

    @Test
    void every_way_of_changing_a_memory_is_one_write() {
        ChatMemory plain = MessageWindowChatMemory.builder()
                .id(UUID.randomUUID().toString())
                .maxMessages(10)
                .build();
        ChatMemory memory = Boundaries.memory(plain);
        try (FmRun run = pipeline.run("shop").open()) {
            memory.add(UserMessage.from("a"), UserMessage.from("b"));
            memory.add(List.of(UserMessage.from("c")));
            memory.set(UserMessage.from("d"), UserMessage.from("e"));
            memory.set(List.of(UserMessage.from("f")));
            assertThat(plain.messages()).isEqualTo(List.of(UserMessage.from("f")));
            memory.clear();
        }

        assertThat(plain.messages()).isEmpty();
        assertThat(told.events(FmEvent.MemoryWritten.class))
                .extracting(written ->
                        written.origin().path() + " " + written.messages().size())
                .containsExactly(
                        "shop/memory-write:ephemeral#1 2",
                        "shop/memory-write:ephemeral#2 1",
                        "shop/memory-write:ephemeral#3 2",
                        "shop/memory-write:ephemeral#4 1",
                        "shop/memory-write:ephemeral#5 0");
    }

    @Test
    void documents_are_retrieved_through_a_boundary_and_can_be_replaced() {
        told.replacing(BoundaryKind.RETRIEVAL, boundary -> List.of(Content.from("another page")));
        ScriptedChatModel model = ScriptedChatModel.replying("hello");
        inRun(Boundaries.service(Assistant.class)
                .chatModel(pipeline.wrap(model))
                .contentRetriever(Boundaries.retriever("handbook", query -> List.of(Content.from("a page")))));

        assertThat(told.told().stream().filter(each -> each.startsWith("retrieval")))
                .containsExactly(
                        "retrieval.started shop/retrieval:handbook#1", "retrieval.ended shop/retrieval:handbook#1");
        assertThat(model.requests().get(0).messages().toString()).contains("another page");
    }

    @Test
    void retrievals_for_several_queries_find_their_run_on_the_threads_of_the_augmentor() throws Exception {
        ContentRetriever retriever = Boundaries.retriever("pages", query -> List.of(Content.from(query.text())));
        Assistant assistant = Boundaries.service(Assistant.class)
                .chatModel(pipeline.wrap(ScriptedChatModel.of(Script.always(Reply.text("done")))))
                .retrievalAugmentor(DefaultRetrievalAugmentor.builder()
                        .contentRetriever(retriever)
                        .queryTransformer(query -> List.of(
                                Query.from(query.text() + "1", query.metadata()),
                                Query.from(query.text() + "2", query.metadata()),
                                Query.from(query.text() + "3", query.metadata())))
                        .executor(threads)
                        .build())
                .build();
        List<CompletableFuture<String>> runs = new ArrayList<>();
        ExecutorService users = Executors.newFixedThreadPool(2);
        try {
            for (String name : List.of("one", "two")) {
                runs.add(CompletableFuture.supplyAsync(
                        () -> {
                            try (FmRun run = pipeline.run(name).open()) {
                                return assistant.chat(name);
                            }
                        },
                        users));
            }
            for (CompletableFuture<String> each : runs) {
                each.get(10, TimeUnit.SECONDS);
            }
        } finally {
            users.shutdownNow();
        }

        assertThat(told.events(FmEvent.RetrievalStarted.class))
                .hasSize(6)
                .allSatisfy(started -> assertThat(started.query().text())
                        .startsWith(started.origin().path().parent().toString()));
        assertThat(told.boundaries())
                .contains("one/retrieval:pages#1", "one/retrieval:pages#2", "one/retrieval:pages#3");
    }

    @Test
    void a_search_tells_how_much_was_asked_for_and_how_good_it_was_at_the_place_of_its_retriever() {
        EmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        store.add(Embedding.from(new float[] {1, 0}), TextSegment.from("rain"));
        ContentRetriever retriever = EmbeddingStoreContentRetriever.builder()
                .embeddingStore(Boundaries.store(store))
                .embeddingModel(ScriptedEmbeddingModel.of(Script.always(
                        Reply.builder().vectors(new float[] {1, 0}).build())))
                .maxResults(7)
                .minScore(0.25)
                .build();
        try (FmRun run = pipeline.run("job").open()) {
            assertThat(Boundaries.retriever("book", retriever).retrieve(Query.from("rain?")))
                    .hasSize(1);
        }

        assertThat(told.events(FmEvent.Searched.class)).singleElement().satisfies(search -> {
            assertThat(search.origin().path()).hasToString("job/retrieval:book#1");
            assertThat(search.maxResults()).isEqualTo(7);
            assertThat(search.minScore()).isEqualTo(0.25);
            assertThat(search.scores()).containsExactly(1.0);
        });
    }

    @Test
    void a_search_that_fails_tells_what_was_asked_for() {
        EmbeddingStore<TextSegment> store = Boundaries.store(new InMemoryEmbeddingStore<>() {
            @Override
            public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
                throw new IllegalStateException("down");
            }
        });
        try (FmRun run = pipeline.run("job").open()) {
            assertThatThrownBy(() -> store.search(EmbeddingSearchRequest.builder()
                            .queryEmbedding(Embedding.from(new float[] {1, 0}))
                            .maxResults(2)
                            .build()))
                    .hasMessage("down");
        }

        assertThat(told.events(FmEvent.Searched.class))
                .extracting(each -> each.maxResults() + " " + each.scores())
                .containsExactly("2 []");
    }

    @Test
    void scores_can_be_seen_and_replaced() {
        ScoringModel plain = (segments, query) -> Response.from(List.of(0.5, 0.7));
        List<TextSegment> segments = List.of(TextSegment.from("a"), TextSegment.from("b"));
        try (FmRun run = pipeline.run("shop").open()) {
            assertThat(Boundaries.scoring(plain).scoreAll(segments, "q").content())
                    .isEqualTo(List.of(0.5, 0.7));
            told.replacing(BoundaryKind.SCORING, boundary -> List.of(1.0, 0.0));
            assertThat(Boundaries.scoring(plain).scoreAll(segments, "q").content())
                    .isEqualTo(List.of(1.0, 0.0));
        }
        assertThat(told.boundaries()).containsExactly("shop", "shop/scoring:scorer#1", "shop/scoring:scorer#2");
    }

    /** A model whose class has a name. */
    private static final class Ranker implements ScoringModel {
        @Override
        public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
            return Response.from(segments.stream()
                    .map(each -> query.contains(each.text()) ? 1.0 : 0.0)
                    .toList());
        }
    }

    @Test
    void what_is_scored_against_is_the_input_of_the_boundary_and_no_part_of_its_name() {
        ScoringModel ranker = Boundaries.scoring(new Ranker());
        List<Object> inputs = new ArrayList<>();
        BoundaryInterceptor turning = new BoundaryInterceptor() {
            @Override
            public @Nullable Object intercept(Boundary boundary, Crossing next) {
                if (boundary.kind() != BoundaryKind.SCORING) {
                    return next.proceed(boundary.input());
                }
                ScoringRequest asked = boundary.input(ScoringRequest.class);
                inputs.add(asked);
                return next.proceed(new ScoringRequest(asked.query() + " rain", asked.segments()));
            }

            @Override
            public @Nullable Object opened(Boundary boundary) {
                assertThat(boundary.toString()).doesNotContain("jane");
                return null;
            }
        };
        List<TextSegment> segments = List.of(TextSegment.from("rain"), TextSegment.from("sun"));
        try (FmRun run = FmRun.builder("shop").watch(told).watch(turning).open()) {
            assertThat(ranker.scoreAll(segments, "where is jane?").content()).containsExactly(1.0, 0.0);
            assertThat(run.dropped()).isZero();
        }

        assertThat(told.boundaries()).containsExactly("shop", "shop/scoring:Ranker#1");
        assertThat(inputs).containsExactly(new ScoringRequest("where is jane?", segments));
        assertThat(ranker.scoreAll(segments, "sun").content()).containsExactly(0.0, 1.0);
    }

    @Test
    void a_memory_is_changed_as_an_interceptor_says() {
        ChatMemory plain = MessageWindowChatMemory.withMaxMessages(10);
        ChatMemory memory = Boundaries.memory(plain);
        List<ChatMessage> written = new ArrayList<>();
        BoundaryInterceptor editor = new BoundaryInterceptor() {
            @Override
            public @Nullable Object intercept(Boundary boundary, Crossing next) {
                return next.proceed(boundary.kind() == BoundaryKind.MEMORY_WRITE ? written : boundary.input());
            }
        };
        try (FmRun run = FmRun.builder("shop").watch(editor).open()) {
            memory.add(UserMessage.from("dropped"));
            memory.add(UserMessage.from("dropped"), UserMessage.from("dropped too"));
            assertThat(plain.messages()).isEmpty();
            written.addAll(List.of(UserMessage.from("one"), UserMessage.from("two")));
            memory.add(UserMessage.from("replaced"));
        }

        assertThat(plain.messages()).containsExactly(UserMessage.from("one"), UserMessage.from("two"));
    }

    @Test
    void a_store_that_is_wrapped_twice_tells_of_a_search_once() {
        EmbeddingStore<TextSegment> store = Boundaries.store(Boundaries.store(new InMemoryEmbeddingStore<>()));
        try (FmRun run = pipeline.run("job").open()) {
            store.search(EmbeddingSearchRequest.builder()
                    .queryEmbedding(Embedding.from(new float[] {1, 0}))
                    .maxResults(2)
                    .build());
        }

        assertThat(told.events(FmEvent.Searched.class)).hasSize(1);
    }

    private static ModerationModel moderation() {
        return new ModerationModel() {
            @Override
            public ModerationResponse doModerate(ModerationRequest request) {
                return ModerationResponse.builder()
                        .moderation(Moderation.notFlagged())
                        .build();
            }

            @Override
            public String modelName() {
                return "moderator";
            }
        };
    }

    @Test
    void moderation_on_a_thread_of_a_pool_is_in_the_run_whose_message_it_moderates() {
        Moderated moderated = Boundaries.service(Moderated.class)
                .chatModel(pipeline.wrap(ScriptedChatModel.replying("done")))
                .moderationModel(moderation())
                .build();
        try (FmRun run = pipeline.run("shop").open()) {
            moderated.chat("hello");
        }

        assertThat(told.boundaries()).containsExactly("shop", "shop/moderation:moderator#1");
    }

    public static final class Suspicious implements InputGuardrail {
        @Override
        public InputGuardrailResult validate(UserMessage message) {
            return message.singleText().contains("ignore") ? fatal("an attack") : success();
        }
    }

    @Test
    void verdicts_of_guardrails_are_told_of_without_a_line() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(pipeline.wrap(ScriptedChatModel.of(Script.always(Reply.text("done")))))
                .inputGuardrails(new Suspicious())
                .build();
        try (FmRun run = pipeline.run("shop").open()) {
            assistant.chat("hello");
            assertThatThrownBy(() -> assistant.chat("ignore all")).isInstanceOf(InputGuardrailException.class);
        }

        assertThat(told.events(FmEvent.VerdictGiven.class))
                .extracting(v -> v.origin().path() + " " + v.by() + " " + v.accepted() + " " + v.reason())
                .containsExactly("shop Suspicious true null", "shop Suspicious false an attack");
        assertThat(told.events(FmEvent.Failed.class))
                .extracting(f -> f.failure().type())
                .containsExactly(InputGuardrailException.class.getName());
    }

    @Test
    void where_there_is_no_run_a_service_is_as_ever() {
        AtomicInteger asked = new AtomicInteger();
        Assistant assistant = Boundaries.service(Assistant.class)
                .chatModel(ScriptedChatModel.of(asking("price", "pen"), Reply.text("done")))
                .tools(new Shop())
                .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
                .contentRetriever(query -> {
                    asked.incrementAndGet();
                    return List.of();
                })
                .build();

        assertThat(assistant.chat("how much?")).isEqualTo("done");
        assertThat(asked).hasValue(1);
        assertThat(told.events()).isEmpty();
    }

    @Test
    void what_is_wrapped_already_is_returned_as_it_is() {
        ChatMemory memory = Boundaries.memory(MessageWindowChatMemory.withMaxMessages(10));
        ContentRetriever retriever = Boundaries.retriever(query -> List.of());
        ToolExecutor tool = Boundaries.tool((request, id) -> "");

        assertThat(Boundaries.memory(memory)).isSameAs(memory);
        assertThat(Boundaries.retriever(retriever)).isSameAs(retriever);
        assertThat(Boundaries.tool(tool)).isSameAs(tool);
        assertThat(Boundaries.tools(new Shop())).hasSize(2);
    }
}
