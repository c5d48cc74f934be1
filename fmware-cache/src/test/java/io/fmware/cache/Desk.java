package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.text.Equivalence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The help desk of a bank: a cache before a model that gives the answer of the topic of a question. */
final class Desk implements AutoCloseable {
    static final List<String> TOPICS =
            List.of("refund", "loan", "card", "mortgage", "overdraft", "passport", "transfer", "cheque");

    final FmCache cache;
    final FmPipeline pipeline;
    final AtomicInteger asked = new AtomicInteger();
    final FmChatModel model;

    Desk(FmCache cache) {
        this(cache, request -> "answer " + topicOf(request.messages().toString()));
    }

    Desk(FmCache cache, Function<ChatRequest, String> answers) {
        this.cache = cache;
        this.pipeline = FmPipeline.builder().with(cache).build();
        this.model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.answering(request -> {
            asked.incrementAndGet();
            return Reply.builder()
                    .text(answers.apply(request))
                    .id("r" + asked.get())
                    .build();
        })));
    }

    /** Puts questions on a topic near to each other, and answers and prompts where their topic is. */
    static float[] vectorOf(String question) {
        float[] vector = new float[TOPICS.size() * 2];
        int topic = topicOf(question);
        vector[topic] = 1;
        vector[TOPICS.size() + topic] = Math.floorMod(question.hashCode(), 100) / 1_000f;
        return vector;
    }

    private static int topicOf(String text) {
        for (int topic = 0; topic < TOPICS.size(); topic++) {
            if (text.contains(TOPICS.get(topic))) {
                return topic;
            }
        }
        return 0;
    }

    /** One of many ways to ask the same, none of which guards look at. */
    static String question(int topic, int way) {
        String plain = "How does one get a " + TOPICS.get(topic);
        return (way % 2 == 0 ? "Please, " : "") + plain + (way % 3 == 0 ? ", please" : "") + "?".repeat(1 + way / 6);
    }

    static EmbeddingModel embedding(Function<String, float[]> vectors) {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(each -> Embedding.from(vectors.apply(each.text())))
                        .toList());
            }
        };
    }

    static FmCache cache(UnaryOperator<SemanticMatching> matching) {
        return cache(Desk::vectorOf, matching);
    }

    static FmCache cache(Function<String, float[]> vectors, UnaryOperator<SemanticMatching> matching) {
        return builder(vectors, matching).build();
    }

    static FmCache.Builder builder(Function<String, float[]> vectors, UnaryOperator<SemanticMatching> matching) {
        return FmCache.builder()
                .random(new Random(1))
                .semantic(matching.apply(SemanticMatching.by(embedding(vectors))
                        .wrongAtMost(0.05)
                        .sameAnswer(Equivalence.exact())));
    }

    /** Asks in a run, with a prompt around the question. */
    ChatResponse ask(String question) {
        return ask(Map.of(), question, "Dear bank, " + question);
    }

    ChatResponse ask(Map<String, String> said, String question, String prompt) {
        return ask(said, question, List.of(UserMessage.from(prompt)));
    }

    ChatResponse ask(Map<String, String> said, String question, List<ChatMessage> messages) {
        FmRun.Builder run = pipeline.run("ask");
        said.forEach((key, value) -> run.attribute(key, value));
        try (FmRun open = run.open()) {
            FmRun.note(at -> new FmEvent.Asked(at, question));
            return model.chat(ChatRequest.builder().messages(messages).build());
        }
    }

    /** Asks in a run whose retriever finds pages. */
    ChatResponse askWithPages(String question, String... pages) {
        try (FmRun run = pipeline.run("ask").open()) {
            FmRun.note(at -> new FmEvent.Asked(at, question));
            StringBuilder prompt = new StringBuilder(question);
            if (pages.length > 0) {
                List<Content> found = Boundaries.retriever(
                                "handbook",
                                query -> List.of(pages).stream().map(Desk::page).toList())
                        .retrieve(Query.from(question));
                found.forEach(
                        each -> prompt.append("\n").append(each.textSegment().text()));
            }
            return model.chat(ChatRequest.builder()
                    .messages(UserMessage.from(prompt.toString()))
                    .build());
        }
    }

    private static Content page(String name) {
        String text = "The page of the " + name + " says that " + name.repeat(3) + ".";
        return Content.from(TextSegment.from(text, Metadata.from("id", name)));
    }

    /** Asks until the cache has learned that near questions have the same answer. */
    void learn() {
        askInManyWays();
        assertThat(semantic().served()).isPositive();
    }

    /** Asks as often as that takes. */
    void askInManyWays() {
        for (int i = 0; i < 600; i++) {
            ask(question(i % TOPICS.size(), i / TOPICS.size()));
        }
    }

    /** Asks in a new way until the answer comes from the cache; now and then the cache verifies one. */
    CacheHit askedUntilServed(int topic) {
        for (int way = 1_000; way < 1_020; way++) {
            Optional<CacheHit> hit = CacheHit.of(ask(question(topic, way)));
            if (hit.isPresent()) {
                return hit.get();
            }
        }
        throw new AssertionError("nothing was served: " + semantic());
    }

    SemanticStats semantic() {
        return cache.semanticStats().orElseThrow();
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
