package io.fmware.examples.support;

import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.tool.ToolErrorHandlerResult;
import io.fmware.FmPipeline;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.route.Fallback;
import java.time.Duration;

/**
 * The assistant with all its parts. Every question ends in one stated {@link Outcome}; no exception escapes. Thread-safe; closed
 * with the application.
 */
final class SupportDesk implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final int REMEMBERED_MESSAGES = 20;

    private final FmSettings settings;
    private final EffortMeter meter = new EffortMeter();
    private final FmPipeline pipeline;
    private final Assistant assistant;

    /**
     * How long things may take.
     *
     * @param question a question from its beginning to its end
     * @param attempt one attempt at the first model
     */
    record Patience(Duration question, Duration attempt) {
        static final Patience USUAL = new Patience(Duration.ofSeconds(60), Duration.ofSeconds(25));
    }

    SupportDesk(Knowledge knowledge, FmSettings settings, ChatModel model, ChatModel standby, Patience patience) {
        this.settings = settings;
        this.pipeline = FmPipeline.builder()
                .with(Deadlines.of(patience.question()))
                .with(Fallback.to(standby))
                .with(Reprompting.upTo(ATTEMPTS)
                        .until(Replies.matchSchema(Answer.class).and(new Citations())))
                .with(Deadlines.ofEachAttempt(patience.attempt()))
                .metrics(meter)
                .build();
        RetrievalAugmentor passages = DefaultRetrievalAugmentor.builder()
                .contentRetriever(new HandbookRetriever(
                        knowledge, pipeline.wrap(knowledge.embeddings()), HandbookRetriever.Weights.TUNED))
                .contentInjector(new SourceMarks())
                .executor(Runnable::run)
                .build();
        this.assistant = AiServices.builder(Assistant.class)
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

    /** Answers a question of a conversation, which is remembered until it is forgotten. */
    Outcome ask(Object conversation, String question) {
        long start = System.nanoTime();
        meter.take();
        try {
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
