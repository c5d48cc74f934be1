package io.fmware.cache;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.text.Equivalence;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The whole cache as an application has it, before a model that answers with the intent of a question: guards, votes and gate, the
 * exact cache, the vector index. In this package since chance is not for applications to choose.
 */
public final class CachedStream implements AutoCloseable {
    private final FmPipeline pipeline;
    private final ChatModel model;
    private String answer = "";
    private boolean asked;

    /**
     * A stream to an empty cache.
     *
     * @param vectors the vectors of all questions
     * @param bound which part of the requests may be answered wrongly
     * @param random draws what is verified
     */
    public CachedStream(Map<String, float[]> vectors, double bound, RandomGenerator random) {
        EmbeddingModel embeddings = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(each -> Embedding.from(vectors.get(each.text())))
                        .toList());
            }
        };
        FmCache cache = FmCache.builder()
                .personal(question -> false) // the answers of this bank are the same for everybody, at any time
                .timeSensitive(question -> false)
                .random(random)
                .semantic(SemanticMatching.by(embeddings).wrongAtMost(bound).sameAnswer(Equivalence.exact()))
                .build();
        this.pipeline = FmPipeline.builder().with(cache).build();
        this.model = pipeline.wrap(new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                asked = true;
                return ChatResponse.builder().aiMessage(AiMessage.from(answer)).build();
            }
        });
    }

    /** What became of a request. */
    public enum Served {
        /** The model was asked. */
        NO,
        /** The cache gave the right answer. */
        RIGHTLY,
        /** The cache gave a wrong answer. */
        WRONGLY
    }

    /**
     * Asks.
     *
     * @param question the question
     * @param right its right answer
     * @return what became of it
     */
    public Served ask(String question, String right) {
        answer = right;
        asked = false;
        try (FmRun run = pipeline.run("ask").open()) {
            FmRun.note(at -> new FmEvent.Asked(at, question.strip()));
            String given = model.chat(question);
            return asked ? Served.NO : given.equals(right) ? Served.RIGHTLY : Served.WRONGLY;
        }
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
