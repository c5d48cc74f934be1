package io.fmware.cache;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the answers of a chat model. It serves an answer where the request is the same in everything that shapes the
 * answer, and, where it is told to, to questions of the same {@linkplain SemanticMatching meaning}; it knows what each answer
 * depends on, and drops it when that changes.
 *
 * <pre>{@code
 * FmCache cache = FmCache.exact();
 * FmPipeline pipeline = FmPipeline.builder().with(cache).build();
 * }</pre>
 *
 * <p>What an answer depends on is seen at the boundaries of the run in which it was made: documents that were retrieved, tools
 * that were asked. After one of these has changed, {@link #changed} makes every answer that used it go before it returns.
 *
 * <p>Answers of one tenant never reach another. Only complete answers of the model itself that passed all validators of the
 * pipeline are kept, and equal calls at the same time ask the model once. A cache never breaks a call: where it fails itself
 * it is passed by (it fails open), and says so once in the log.
 *
 * <p>Thread-safe; one instance may serve several pipelines.
 *
 * @see CacheHit#of(ChatResponse)
 */
public final class FmCache implements Interceptor, BoundaryInterceptor {
    /** The name of the interceptor, and of the cache in events. */
    public static final String NAME = "cache";

    private final Changes changes = new Changes();
    private final Tally tally = new Tally();
    private final Runs runs;
    private final Store store;
    private final @Nullable Matcher matcher;
    private final Feedback feedback;
    private final Lookups lookups;
    private final Flights flights;

    private FmCache(Builder builder) {
        TimeSource time = builder.time;
        Keys keys = new Keys();
        Lifetimes lifetimes = new Lifetimes(
                builder.timeToLive, builder.failureTimeToLive, builder.jitter, builder.earliness, builder.random);
        this.runs = new Runs(changes, builder.documentId, time);
        this.matcher = builder.semantic == null ? null : new Matcher(builder.semantic, builder.random);
        this.feedback = new Feedback(builder.badFeedback, runs, matcher);
        this.store = new Store(builder.maximumBytes, time, changes, this::gone);
        this.lookups = new Lookups(new Admission(builder), runs, changes, keys, tally);
        Answers answers = new Answers(time, lifetimes, changes, keys, store, feedback, tally, matcher);
        this.flights = new Flights(time, lifetimes, store, answers, new Hits(time, tally, matcher), tally);
    }

    private void gone(Entry entry) {
        feedback.forget(entry);
        if (matcher != null) {
            matcher.removed(entry);
        }
    }

    /**
     * A cache that serves an answer to requests that are the same in everything, with the defaults of {@link #builder()}.
     *
     * @return the cache
     */
    public static FmCache exact() {
        return builder().build();
    }

    /**
     * Starts a cache: of 64 MB, whose answers live 12 hours at most and failures 30 seconds.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Phase phase() {
        return Phase.CACHE;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        Lookup lookup = lookups.of(call);
        return lookup == null ? next.proceed(call) : flights.answer(call, next, lookup);
    }

    /**
     * Says that something has changed, after it has: answers that depend on it are not served any more when this returns, and
     * those that are being made from what was there before will not be kept. An answer that depends on a
     * {@linkplain Dependency#corpus corpus} stays, and is served only to runs that find the same documents in it now.
     *
     * <p>A document counts as used where it was retrieved, whether the answer speaks of it or not. One that was edited may also be
     * a better answer to other questions than before: then its corpus has changed too.
     *
     * @param what what has changed
     * @return how many answers went
     */
    public int changed(Dependency what) {
        changes.changed(Objects.requireNonNull(what, "what"));
        return what.kind() == Dependency.Kind.CORPUS ? 0 : store.purge(what);
    }

    /**
     * Says that the answers of this run depend on something that is not seen at a boundary, such as a prompt that has a name.
     * Call it before you read it: what changes from now on makes these answers go. Outside of a run that this cache watches
     * nothing happens.
     *
     * @param what what they depend on, as it is now
     */
    public void dependsOn(Dependency what) {
        Objects.requireNonNull(what, "what");
        RunTrace trace = runs.here();
        if (trace != null) {
            trace.told(what, changes.now());
        }
    }

    /**
     * Erases all answers that were made for a user, in whatever tenant.
     *
     * @param user the user, as runs name them
     * @return how many answers went
     */
    public int eraseUser(String user) {
        return changed(Dependency.user(user));
    }

    /**
     * Erases all answers that were made for a tenant.
     *
     * @param tenant the tenant, as runs name it
     * @return how many answers went
     */
    public int eraseTenant(String tenant) {
        return changed(Dependency.tenant(tenant));
    }

    /**
     * Erases all answers that were made in a conversation.
     *
     * @param conversation the conversation, as runs name it
     * @return how many answers went
     */
    public int eraseConversation(String conversation) {
        return changed(Dependency.conversation(conversation));
    }

    /**
     * Drops an answer that somebody did not like, and those to near questions.
     *
     * @param responseId the id of the answer, as its provider gave it
     * @return how many answers went
     */
    public int dislike(String responseId) {
        return feedback.drop(Objects.requireNonNull(responseId, "responseId"), store);
    }

    /**
     * Drops all answers; those that are being made will not be kept.
     *
     * @return how many answers went
     */
    public int clear() {
        changes.forgetAll();
        return store.clear();
    }

    /**
     * What this cache has done so far.
     *
     * @return the counts, each for itself: they are not of one moment
     */
    public CacheStats stats() {
        return tally.stats(store);
    }

    /**
     * What this cache has learned of questions of the same meaning.
     *
     * @return the counts; empty where it looks for equal requests alone
     */
    public Optional<SemanticStats> semanticStats() {
        return matcher == null ? Optional.empty() : Optional.of(matcher.stats());
    }

    @Override
    public @Nullable Object opened(Boundary boundary) {
        return runs.opened(boundary);
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        runs.closed(boundary, token, output, error);
    }

    @Override
    public void event(FmEvent event) {
        runs.event(event);
        if (event instanceof FmEvent.FeedbackGiven given) {
            feedback.given(given, store);
        }
    }

    @Override
    public String toString() {
        return NAME;
    }

    /** Sets a cache up. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final long BYTES = 64L << 20;
        private static final double TEMPERATURE = 0.5;
        private static final double JITTER = 0.1;
        private static final List<String> ID_KEYS =
                List.of("id", "document_id", "doc_id", "url", "source", "file_name");

        final Set<String> readOnlyTools = new HashSet<>();
        final Set<String> personalTools = new HashSet<>();
        private long maximumBytes = BYTES;
        private Duration timeToLive = Duration.ofHours(12);
        private Duration failureTimeToLive = Duration.ofSeconds(30);
        private double jitter = JITTER;
        private double earliness = 1;
        double maxTemperature = TEMPERATURE;
        Predicate<String> timeSensitive = Wording::isOfNow;
        Predicate<String> personal = Wording::isPersonal;
        boolean firstTurnOnly;
        Predicate<FmCall> when = call -> true;
        private Function<TextSegment, String> documentId = Builder::idOf;
        private Predicate<FmEvent.FeedbackGiven> badFeedback = Feedback::isDownOrCorrection;
        private @Nullable SemanticMatching semantic;
        private TimeSource time = TimeSource.system();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        private static String idOf(TextSegment segment) {
            for (String key : ID_KEYS) {
                Object value = segment.metadata().toMap().get(key);
                if (value != null && !value.toString().isBlank()) {
                    return value.toString();
                }
            }
            return Sha256.of(new byte[0], segment.text());
        }

        /**
         * Serves an answer to questions of the same meaning too. A question is known where an AI service asks it in a run, or where
         * the application says it ({@link FmEvent.Asked}); elsewhere only equal requests are served.
         *
         * @param matching how questions are compared
         * @return this
         */
        public Builder semantic(SemanticMatching matching) {
            this.semantic = Objects.requireNonNull(matching, "matching");
            return this;
        }

        /**
         * How much the answers may take, estimated; 64 MB by default. Where it is too little those go that were used least.
         *
         * @param bytes the bytes, positive
         * @return this
         */
        public Builder maximumBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maximumBytes must be positive, but is " + bytes);
            }
            this.maximumBytes = bytes;
            return this;
        }

        /**
         * How long an answer may be served, 12 hours by default. Each one lives up to a tenth shorter, by chance, so that they do
         * not all expire at once.
         *
         * @param longest the longest time, positive
         * @return this
         */
        public Builder timeToLive(Duration longest) {
            if (Objects.requireNonNull(longest, "timeToLive").isZero() || longest.isNegative()) {
                throw new IllegalArgumentException("timeToLive must be positive, but is " + longest);
            }
            this.timeToLive = longest;
            return this;
        }

        /**
         * How long a failure is remembered that lies in the request, so that the same request fails again: 30 seconds by default.
         * The caller gets a {@link CachedFailureException}. Other failures are never remembered.
         *
         * @param longest the longest time, zero for none
         * @return this
         */
        public Builder failureTimeToLive(Duration longest) {
            if (Objects.requireNonNull(longest, "failureTimeToLive").isNegative()) {
                throw new IllegalArgumentException("failureTimeToLive must not be negative, but is " + longest);
            }
            this.failureTimeToLive = longest;
            return this;
        }

        /**
         * How early an answer is refreshed, by one caller, while the others are still served the old one. With 1, the default, that
         * is as long before it expires as it took to make, on average; 0 for never.
         *
         * @param times how many times as long, 0 or more and finite
         * @return this
         */
        public Builder refreshAhead(double times) {
            if (!(times >= 0 && times < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("refreshAhead must be 0 or more and finite, but is " + times);
            }
            this.earliness = times;
            return this;
        }

        /**
         * Up to which temperature answers are cached, 0.5 by default. A request that says nothing of its temperature is.
         *
         * @param highest the highest temperature
         * @return this
         */
        public Builder maxTemperature(double highest) {
            if (!(highest >= 0)) {
                throw new IllegalArgumentException("maxTemperature must be 0 or more, but is " + highest);
            }
            this.maxTemperature = highest;
            return this;
        }

        /**
         * Names tools that change nothing, and give everybody of a tenant the same. A request that offers any other tool is not
         * cached, but for {@link #personalTools}.
         *
         * @param names the names of the tools
         * @return this
         */
        public Builder readOnlyTools(String... names) {
            readOnlyTools.addAll(List.of(names));
            return this;
        }

        /**
         * Names tools that change nothing, and give what belongs to whoever asks, such as the orders of a customer. The answers to
         * requests that offer one are kept for the user of the run alone, and not at all where that is not known.
         *
         * @param names the names of the tools
         * @return this
         */
        public Builder personalTools(String... names) {
            personalTools.addAll(List.of(names));
            return this;
        }

        /**
         * Decides which questions are true for now alone and not to be cached. By default those with words such as today, latest
         * or at the moment, in English, German, French and Spanish; an application whose answers do not change with the time says
         * {@code question -> false}.
         *
         * @param test told what a person asked
         * @return this
         */
        public Builder timeSensitive(Predicate<String> test) {
            this.timeSensitive = Objects.requireNonNull(test, "test");
            return this;
        }

        /**
         * Decides which questions are about whoever asks. Their answers are kept for the user of the run alone, and not at all
         * where that is not known. By default those with words such as my, I or we, in English, German, French and Spanish;
         * an application whose answers are the same for everybody says {@code question -> false}.
         *
         * @param test told what a person asked
         * @return this
         */
        public Builder personal(Predicate<String> test) {
            this.personal = Objects.requireNonNull(test, "test");
            return this;
        }

        /**
         * Caches only what is asked first in a conversation: requests with one message of a user and none of a model. Later
         * questions are answered with what was said before, so that equal ones are rare, and may be about what was said.
         *
         * @return this
         */
        public Builder firstTurnOnly() {
            this.firstTurnOnly = true;
            return this;
        }

        /**
         * Decides which calls are cached at all, besides what the other settings say.
         *
         * @param test told of each call
         * @return this
         */
        public Builder when(Predicate<FmCall> test) {
            this.when = Objects.requireNonNull(test, "test");
            return this;
        }

        /**
         * Says how a retrieved document is called in {@link Dependency#document}. By default by its metadata: id, document_id,
         * doc_id, url, source or file_name, the first that is there and not blank; else by a hash of its text. Where it throws or
         * gives {@code null}, the run is not cached.
         *
         * @param id gives the id of the document that a segment is of
         * @return this
         */
        public Builder documentId(Function<TextSegment, String> id) {
            this.documentId = Objects.requireNonNull(id, "id");
            return this;
        }

        /**
         * Decides which feedback makes the answer go that it is about: by default a thumb down, and any correction. Feedback is
         * told to a run as {@link FmEvent.FeedbackGiven}.
         *
         * @param test told of all feedback
         * @return this
         */
        public Builder badFeedback(Predicate<FmEvent.FeedbackGiven> test) {
            this.badFeedback = Objects.requireNonNull(test, "test");
            return this;
        }

        /**
         * Which clock the lives of answers go by; for tests.
         *
         * @param source the clock
         * @return this
         */
        public Builder time(TimeSource source) {
            this.time = Objects.requireNonNull(source, "source");
            return this;
        }

        Builder random(RandomGenerator source) {
            this.random = source;
            return this;
        }

        /**
         * Builds the cache.
         *
         * @return the cache
         */
        public FmCache build() {
            return new FmCache(this);
        }
    }
}
