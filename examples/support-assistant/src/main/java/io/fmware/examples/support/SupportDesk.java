package io.fmware.examples.support;

import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.tool.ToolErrorHandlerResult;
import io.fmware.BoundaryInterceptor;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.cache.CacheStats;
import io.fmware.cache.Dependency;
import io.fmware.cache.FmCache;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.route.Fallback;
import io.fmware.service.Boundaries;
import java.time.Duration;
import java.util.List;

/**
 * The assistant with all its parts. Every question ends in one stated {@link Outcome}; no exception escapes. Thread-safe; closed
 * with the application.
 */
final class SupportDesk implements AutoCloseable {
    private static final String HANDBOOK = "handbook";
    private static final int ATTEMPTS = 3;
    private static final int REMEMBERED_MESSAGES = 20;

    private final FmSettings settings;
    private final EffortMeter meter = new EffortMeter();
    private final FmCache cache = answersForEverybody();
    private final FmPipeline pipeline;
    private final Assistant assistant;
    private volatile Knowledge knowledge;

    /**
     * How long things may take.
     *
     * @param question a question from its beginning to its end
     * @param attempt one attempt at the first model
     */
    record Patience(Duration question, Duration attempt) {
        static final Patience USUAL = new Patience(Duration.ofSeconds(60), Duration.ofSeconds(25));
    }

    SupportDesk(
            Knowledge knowledge,
            FmSettings settings,
            ChatModel model,
            ChatModel standby,
            Patience patience,
            List<? extends BoundaryInterceptor> watchers) {
        this.settings = settings;
        this.knowledge = knowledge;
        FmPipeline.Builder builder = FmPipeline.builder()
                .with(Deadlines.of(patience.question()))
                .with(cache)
                .with(Fallback.to(standby))
                .with(Reprompting.upTo(ATTEMPTS)
                        .until(Replies.matchSchema(Answer.class).and(new Citations())))
                .with(Deadlines.ofEachAttempt(patience.attempt()))
                .metrics(meter);
        watchers.forEach(builder::watch);
        this.pipeline = builder.build();
        EmbeddingModel embeddings = pipeline.wrap(knowledge.embeddings());
        RetrievalAugmentor passages = DefaultRetrievalAugmentor.builder()
                .contentRetriever(Boundaries.retriever(
                        HANDBOOK,
                        query -> new HandbookRetriever(this.knowledge, embeddings, HandbookRetriever.Weights.TUNED)
                                .retrieve(query)))
                .contentInjector(new SourceMarks())
                .executor(Runnable::run)
                .build();
        this.assistant = Boundaries.service(Assistant.class)
                .chatModel(pipeline.wrap(model))
                .retrievalAugmentor(passages)
                .storeRetrievedContentInChatMemory(false)
                .chatMemoryProvider(id -> MessageWindowChatMemory.withMaxMessages(REMEMBERED_MESSAGES))
                .toolProvider(new AccountTools(new Accounts()))
                .toolArgumentsErrorHandler((error, context) ->
                        ToolErrorHandlerResult.text("The arguments of the tool cannot be read; call it again."))
                .maxToolCallingRoundTrips(ATTEMPTS)
                .build();
    }

    /** A cache of answers that hold for every customer: those to a first question, from the handbook alone. */
    private static FmCache answersForEverybody() {
        return FmCache.builder()
                // Customers say "my card", and the handbook answers for all cards. What is somebody's own comes from
                // the account lookup: that is no tool named here, so nothing is cached where it is offered.
                .personal(question -> false)
                // "It has not arrived yet" asks for no news either: a page holds until it is revised.
                .timeSensitive(question -> false)
                // Later questions are answered with what was said before, which may have been about an account.
                .firstTurnOnly()
                // Failure looks at what a server says; of a request that it rejects it shall say it each time.
                .failureTimeToLive(Duration.ZERO)
                .build();
    }

    /** Answers a question of a conversation, which is remembered until it is forgotten. */
    Outcome ask(Object conversation, String question) {
        long start = System.nanoTime();
        meter.take();
        try (FmRun run = pipeline.run("question")
                .conversation(String.valueOf(conversation))
                .open()) {
            Result<Answer> result = assistant.ask(conversation, question);
            return Outcome.of(result.content(), meter.take(), since(start));
        } catch (RuntimeException e) {
            return Outcome.of(Failure.of(e, settings), meter.take(), since(start));
        }
    }

    /** Forgets a conversation. */
    void forget(Object conversation) {
        assistant.evictChatMemory(conversation);
    }

    /**
     * Puts a new text in the place of a page. Answers that were made from the old one are not served any more when this returns.
     *
     * @return how many these were
     */
    synchronized int revise(Page page) {
        knowledge = knowledge.with(page);
        return cache.changed(Dependency.document(HANDBOOK, page.id()));
    }

    /** Asks the model for every answer from now on: where it is the model that is measured, or troubled. */
    void answerAnew() {
        pipeline.interceptor(cache.name()).off();
    }

    CacheStats cacheStats() {
        return cache.stats();
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** The pipeline in the order in which it runs. */
    @Override
    public String toString() {
        return pipeline.toString();
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
