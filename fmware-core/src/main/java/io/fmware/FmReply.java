package io.fmware;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An answer on its way up a chain: what the model said, and how it came about. Immutable. */
public final class FmReply {

    /** Where an answer came from. */
    public enum Source {
        /** The model that was asked. */
        MODEL,
        /** A cache. */
        CACHE,
        /** Another model than the one that was asked. */
        FALLBACK,
        /** A recording. */
        REPLAY
    }

    private final Object answer; // a ChatResponse or an EmbeddingResponse
    private final Source source;
    private final int attempts;
    private final @Nullable TokenUsage savedUsage;

    private FmReply(Object answer, Source source, int attempts, @Nullable TokenUsage savedUsage) {
        this.answer = answer;
        this.source = source;
        this.attempts = attempts;
        this.savedUsage = savedUsage;
    }

    /**
     * An answer to a chat call that no model was asked for.
     *
     * @param response the answer
     * @param source where it came from
     * @return a reply with no attempts
     */
    public static FmReply of(ChatResponse response, Source source) {
        return new FmReply(
                Objects.requireNonNull(response, "response"), Objects.requireNonNull(source, "source"), 0, null);
    }

    /**
     * Embeddings that no model was asked for.
     *
     * @param embeddings the embeddings
     * @param source where they came from
     * @return a reply with no attempts
     */
    public static FmReply of(EmbeddingResponse embeddings, Source source) {
        return new FmReply(
                Objects.requireNonNull(embeddings, "embeddings"), Objects.requireNonNull(source, "source"), 0, null);
    }

    static FmReply fromModel(ChatResponse response) {
        return new FmReply(response, Source.MODEL, 1, null);
    }

    static FmReply fromModel(EmbeddingResponse embeddings) {
        return new FmReply(embeddings, Source.MODEL, 1, null);
    }

    /**
     * The answer to a chat call.
     *
     * @return the answer
     * @throws IllegalStateException if this is the reply to an embedding call
     */
    public ChatResponse response() {
        if (answer instanceof ChatResponse response) {
            return response;
        }
        throw new IllegalStateException("this is the reply to an embedding call; read embeddings()");
    }

    /**
     * The answer to an embedding call.
     *
     * @return the embeddings
     * @throws IllegalStateException if this is the reply to a chat call
     */
    public EmbeddingResponse embeddings() {
        if (answer instanceof EmbeddingResponse embeddings) {
            return embeddings;
        }
        throw new IllegalStateException("this is the reply to a chat call; read response()");
    }

    /** This reply, unless an interceptor has mistaken the operation. */
    FmReply to(Operation asked) {
        if (operation() != asked) {
            throw new IllegalStateException("an interceptor answered a call for " + asked + " with a reply for "
                    + operation() + "; return the reply of next.proceed(call) or one made with the other FmReply.of");
        }
        return this;
    }

    /** Which operation this is a reply to. */
    Operation operation() {
        return answer instanceof ChatResponse ? Operation.CHAT : Operation.EMBEDDINGS;
    }

    /**
     * Where the answer came from.
     *
     * @return the source
     */
    public Source source() {
        return source;
    }

    /**
     * How many calls of a model the answer took, those that failed or were rejected included.
     *
     * @return the number of attempts, 0 where no model was asked
     */
    public int attempts() {
        return attempts;
    }

    /**
     * The tokens that the answer took, summed over the attempts that reported any.
     *
     * @return the usage, or {@code null} if the model does not report it
     */
    public @Nullable TokenUsage usage() {
        if (answer instanceof ChatResponse response) {
            return response.tokenUsage();
        }
        EmbeddingResponseMetadata metadata = embeddings().metadata();
        return metadata == null ? null : metadata.tokenUsage();
    }

    /**
     * The tokens that the answer would have taken, had it not been known already.
     *
     * @return what was saved, {@code null} where nothing was, or nobody knows
     */
    public @Nullable TokenUsage savedUsage() {
        return savedUsage;
    }

    /**
     * The same answer, with what it saved.
     *
     * @param saved the tokens that it took when a model gave it, {@code null} if nobody knows
     * @return the reply
     */
    public FmReply withSavedUsage(@Nullable TokenUsage saved) {
        return new FmReply(answer, source, attempts, saved);
    }

    /**
     * The same answer with another response.
     *
     * @param changed the response
     * @return a reply with the same source and attempts
     */
    public FmReply withResponse(ChatResponse changed) {
        response(); // an embedding reply has none to change
        return new FmReply(Objects.requireNonNull(changed, "response"), source, attempts, savedUsage);
    }

    /**
     * The same answer from another source.
     *
     * @param changed the source
     * @return the reply
     */
    public FmReply withSource(Source changed) {
        return new FmReply(answer, Objects.requireNonNull(changed, "source"), attempts, savedUsage);
    }

    /**
     * The same answer after another number of attempts.
     *
     * @param changed the number, not negative
     * @return the reply
     */
    public FmReply withAttempts(int changed) {
        if (changed < 0) {
            throw new IllegalArgumentException("attempts must not be negative, but is " + changed);
        }
        return new FmReply(answer, source, changed, savedUsage);
    }

    /**
     * The same answer with the tokens of earlier attempts added to its own.
     *
     * @param earlier what earlier attempts took, or {@code null} for nothing
     * @return the reply
     */
    public FmReply plusUsage(@Nullable TokenUsage earlier) {
        if (earlier == null) {
            return this;
        }
        ChatResponse r = response();
        TokenUsage sum = sum(r.tokenUsage(), earlier);
        return withResponse(r.toBuilder()
                .metadata(r.metadata().toBuilder().tokenUsage(sum).build())
                .build());
    }

    /**
     * The same answer with the tokens of answers that were rejected before earlier attempts failed.
     *
     * @param failures what earlier attempts failed with
     * @return the reply
     */
    public FmReply plusRejected(Collection<? extends Throwable> failures) {
        FmReply summed = this;
        for (Throwable failure : failures) {
            for (InvalidReplyException.Attempt attempt : InvalidReplyException.rejectedBefore(failure)) {
                summed = summed.plusUsage(attempt.response().tokenUsage());
            }
        }
        return summed;
    }

    private static TokenUsage sum(@Nullable TokenUsage later, TokenUsage earlier) {
        if (later == null) {
            return earlier;
        }
        // langchain4j's add() hands over to the subclass, for ever where two subclasses leave it as it is.
        boolean endless = later.getClass() != TokenUsage.class
                && earlier.getClass() != TokenUsage.class
                && !overridesAdd(later)
                && !overridesAdd(earlier);
        return endless ? plain(later).add(plain(earlier)) : later.add(earlier);
    }

    private static boolean overridesAdd(TokenUsage usage) {
        try {
            return usage.getClass().getMethod("add", TokenUsage.class).getDeclaringClass() != TokenUsage.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("TokenUsage has no method add(TokenUsage)", e);
        }
    }

    private static TokenUsage plain(TokenUsage usage) {
        return new TokenUsage(usage.inputTokenCount(), usage.outputTokenCount(), usage.totalTokenCount());
    }

    /** Names source and attempts; the answer itself is left out, so that it never reaches a log by accident. */
    @Override
    public String toString() {
        return "FmReply[" + operation() + " from " + source + ", attempts=" + attempts + ", usage=" + usage() + "]";
    }
}
