package io.fmware.examples.support;

import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.tool.ToolErrorHandlerResult;
import io.fmware.BoundaryInterceptor;
import io.fmware.FailureClass;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.Target;
import io.fmware.cache.CacheStats;
import io.fmware.cache.Dependency;
import io.fmware.cache.FmCache;
import io.fmware.cost.Balance;
import io.fmware.cost.Budget;
import io.fmware.cost.CostMeter;
import io.fmware.cost.CostSummary;
import io.fmware.cost.Price;
import io.fmware.cost.PriceTable;
import io.fmware.retry.Breaker;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.RepromptReport;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Retrying;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.Fallback;
import io.fmware.route.Hedging;
import io.fmware.service.Boundaries;
import java.time.Duration;
import java.util.List;

/**
 * The assistant with all its parts. Every question ends in one stated {@link Outcome}; no exception escapes. Thread-safe; closed
 * with the application.
 */
final class SupportDesk implements AutoCloseable {
    private static final String HANDBOOK = "handbook";
    static final int ATTEMPTS = 3;
    private static final int REMEMBERED_MESSAGES = 20;

    private final FmSettings settings;
    private final CostMeter meter;
    private final Budget budget;
    private final Reprompting reprompting =
            Reprompting.upTo(ATTEMPTS).until(Replies.matchSchema(Answer.class).and(new Citations()));
    private final String embedder;
    private final FmCache cache = answersForEverybody();
    private final FmPipeline pipeline;
    private final Assistant assistant;
    private volatile Knowledge knowledge;

    /**
     * How long things may take.
     *
     * @param question a question from its beginning to its end
     * @param attempt one attempt at the first model
     * @param backoff the longest pause before its second attempt; doubled before the third
     * @param hedge a model that is usually faster is not asked a second time beside a slow attempt
     */
    record Patience(Duration question, Duration attempt, Duration backoff, Duration hedge) {
        static final Patience USUAL = new Patience(
                Duration.ofSeconds(60), Duration.ofSeconds(25), Duration.ofMillis(500), Duration.ofMillis(250));
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
        this.embedder = knowledge.embeddings().getClass().getSimpleName(); // by which a model without a name is known
        PriceTable prices = settings.prices().toBuilder()
                .add("OTHER", embedder, Price.free())
                .build();
        this.meter = CostMeter.builder().prices(prices).build();
        this.budget = Budget.of(settings.budget())
                .prices(prices)
                .whenPriceUnknown(settings.localPrice())
                .build();
        FmPipeline.Builder builder = FmPipeline.builder()
                .with(Deadlines.of(patience.question()))
                .with(cache)
                .with(Fallback.builder()
                        .then(Target.of(standby))
                        .on(FailureClass.UNAVAILABLE, FailureClass.INVALID_REPLY, FailureClass.OVER_BUDGET)
                        .build())
                .with(reprompting)
                .with(Retrying.upTo(ATTEMPTS).firstDelay(patience.backoff()).build())
                .with(Deadlines.ofEachAttempt(patience.attempt()))
                .with(Hedging.builder()
                        .afterQuantile(0.95)
                        .onlyAbove(patience.hedge())
                        .build())
                .with(Breaker.standard())
                .with(ConcurrencyLimit.adaptive())
                .with(budget)
                .watch(meter)
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
        try (FmRun run = pipeline.run("question")
                .conversation(String.valueOf(conversation))
                .open()) {
            try {
                Result<Answer> result = assistant.ask(conversation, question);
                return Outcome.of(result.content(), effort(run), since(start));
            } catch (RuntimeException e) {
                return Outcome.of(Failure.of(e, settings), effort(run), since(start));
            }
        }
    }

    private Effort effort(FmRun run) {
        return meter.summary(run).map(summary -> Effort.of(summary, embedder)).orElse(Effort.NONE);
    }

    /** What all questions together took and cost, and what each part of the pipeline did. */
    CostSummary costs() {
        return meter.summary();
    }

    /** What has been spent on the first model, and what may be. */
    Balance balance() {
        return budget.balance();
    }

    /** Which answers had to be asked for again, and whether that helped. */
    RepromptReport reprompts() {
        return reprompting.report();
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
