package io.fmware.cache;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.CancelledException;
import io.fmware.Chain;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.Mode;
import io.fmware.Phase;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * <p>Long for the documentation of its settings; what is hard about it is in the classes that it holds.
 *
 * @see CacheHit#of(ChatResponse)
 */
public final class FmCache implements Interceptor, BoundaryInterceptor {
    private static final String NAME = "cache";
    private static final Logger log = LoggerFactory.getLogger(FmCache.class);

    private final TimeSource time;
    private final Keys keys = new Keys();
    private final Changes changes = new Changes();
    private final Admission admission;
    private final Lifetimes lifetimes;
    private final Store store;
    private final Runs runs;
    private final Tally tally = new Tally();
    private final Given given = new Given();
    private final @Nullable Matcher matcher;
    private final Predicate<FmEvent.FeedbackGiven> badFeedback;
    private final Map<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final Map<String, String> revisions = new ConcurrentHashMap<>();
    private final AtomicBoolean complained = new AtomicBoolean();

    private FmCache(Builder builder) {
        this.time = builder.time;
        this.admission = new Admission(
                builder.maxTemperature,
                builder.readOnlyTools,
                builder.personalTools,
                builder.timeSensitive,
                builder.personal,
                builder.when);
        this.lifetimes =
                new Lifetimes(builder.timeToLive, builder.failures, builder.jitter, builder.earliness, builder.random);
        this.matcher = builder.semantic == null ? null : new Matcher(builder.semantic, builder.random);
        this.store = new Store(builder.maximumBytes, time, changes, this::gone);
        this.runs = new Runs(changes, builder.documentId);
        this.badFeedback = builder.badFeedback;
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

    /**
     * A call that the cache has to do with.
     *
     * @param key identifies the request
     * @param seen what the answer depends on, as far as it is known before it is made
     * @param trace what the run has used, {@code null} outside of any
     * @param question what a person asked, {@code null} where only the prompt is known
     */
    private record Request(
            CacheKey key,
            Map<Dependency, Long> seen,
            @Nullable RunTrace trace,
            @Nullable String question) {}

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        Request request = admitted(call);
        if (request == null) {
            return next.proceed(call);
        }
        while (true) {
            Entry known = store.find(request.key(), request.trace());
            boolean due = known != null && lifetimes.isDue(known, time.nanoTime());
            if (known != null && !due) {
                return served(known, CacheHit.How.EXACT, Tally.Outcome.HIT, null);
            }
            Flight own = new Flight();
            Flight other = flights.putIfAbsent(request.key(), own);
            if (other == null) {
                return lead(call, next, request, own, known);
            }
            if (known != null) { // it is being made anew
                return served(known, CacheHit.How.EXACT, Tally.Outcome.HIT, null);
            }
            if (other.isOwn()) { // something inside of the chain asks the same again
                return next.proceed(call);
            }
            call.await(other.landing(), "waiting for an equal call");
            Flight.Landing how = other.landing().join();
            if (how.answer() != null && store.isTrue(how.answer(), request.trace())) {
                return served(how.answer(), CacheHit.How.SHARED, Tally.Outcome.SHARED, null);
            }
            if (how.failure() instanceof RuntimeException failure) {
                throw failure;
            }
            if (how.failure() instanceof Error failure) {
                throw failure;
            }
            if (how.answer() == null && !how.again()) {
                count(Tally.Outcome.MISS);
                return next.proceed(call);
            }
        }
    }

    /** What is to be looked for, {@code null} where the cache has nothing to do with a call or fails. */
    private @Nullable Request admitted(FmCall call) {
        try {
            RunTrace trace = runs.here();
            Map<Dependency, Long> seen = trace == null ? (FmRun.current() == null ? Map.of() : null) : trace.seen();
            String heard = heard(trace);
            String question = heard != null ? heard : asked(call.request().messages(), trace);
            Admission.Verdict verdict = admission.of(call, question, seen != null);
            if (verdict.refusal() != null || seen == null) {
                Refusal why = Objects.requireNonNullElse(verdict.refusal(), Refusal.UNTRACEABLE);
                tally.count(why);
                note("refused-" + why.name().toLowerCase(Locale.ROOT).replace('_', '-'));
                return null;
            }
            Map<Dependency, Long> all = new HashMap<>(seen);
            long now = changes.now();
            Runs.addSubjects(all, now);
            CacheKey key = keys.of(call, verdict.tenant(), verdict.scope());
            all.put(Dependency.model(key.modelName()), now);
            return new Request(key, all, trace, heard);
        } catch (RuntimeException e) {
            failed(e);
            return null;
        }
    }

    /** What a person asked at this place, as far as the run has heard it. */
    private static @Nullable String heard(@Nullable RunTrace trace) {
        RunPath here = FmRun.currentPath();
        return trace == null || here == null ? null : trace.question(here.parent());
    }

    /** The last message of a user, without what was retrieved for it. */
    private static String asked(List<ChatMessage> messages, @Nullable RunTrace trace) {
        String text = lastUserText(messages);
        if (trace != null) {
            for (String each : trace.contents()) {
                text = each.isBlank() ? text : text.replace(each.strip(), "");
            }
        }
        return text;
    }

    private static String lastUserText(List<ChatMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage user) {
                return user.contents().stream()
                        .filter(TextContent.class::isInstance)
                        .map(content -> ((TextContent) content).text())
                        .collect(Collectors.joining("\n"));
            }
        }
        return "";
    }

    /** Asks the model, for all who wait for the same. */
    private FmReply lead(FmCall call, Chain next, Request request, Flight flight, @Nullable Entry known) {
        Flight.Landing landing = Flight.Landing.LEADER_GONE;
        try {
            Matcher.Found found = known == null ? look(call, request) : null;
            Entry same = found == null ? null : found.served();
            if (same != null) {
                landing = new Flight.Landing(same, null, false);
                return served(same, CacheHit.How.SEMANTIC, Tally.Outcome.SEMANTIC, matchOf(found));
            }
            if (known == null) {
                count(Tally.Outcome.MISS);
            }
            long start = time.nanoTime();
            FmReply reply = next.proceed(call);
            landing = keep(call, request, reply, start, found);
            return reply;
        } catch (CancelledException | DeadlineExceededException e) { // of this caller alone
            throw e;
        } catch (RuntimeException e) {
            if (known != null
                    && store.isTrue(known, request.trace())) { // it could not be made anew, but may still be served
                landing = new Flight.Landing(known, null, false);
                return served(known, CacheHit.How.EXACT, Tally.Outcome.HIT, null);
            }
            landing = new Flight.Landing(null, e, false);
            keepFailure(request, e);
            throw e;
        } catch (Error e) {
            landing = new Flight.Landing(null, e, false);
            throw e;
        } finally {
            flights.remove(request.key(), flight);
            flight.land(landing);
        }
    }

    /** Looks for a question of the same meaning, {@code null} where that makes no sense or fails. */
    private Matcher.@Nullable Found look(FmCall call, Request request) {
        if (matcher == null || request.question() == null || request.trace() == null) {
            return null;
        }
        try {
            String question = request.question().strip();
            ChatRequest rest = Prompt.without(
                    call.effectiveRequest(), question, request.trace().contents());
            if (rest == null || !matcher.isWorthLooking(question)) {
                return null;
            }
            return matcher.find(
                    keys.partition(request.key(), rest),
                    question,
                    entry -> store.has(entry) && store.isTrue(entry, request.trace()));
        } catch (RuntimeException e) {
            failed(e);
            return null;
        }
    }

    private CacheHit.@Nullable Match matchOf(Matcher.@Nullable Found found) {
        return matcher == null || found == null ? null : matcher.match(found);
    }

    private Flight.Landing keep(
            FmCall call, Request request, FmReply reply, long start, Matcher.@Nullable Found found) {
        try {
            if (!isWhole(reply.response(), call.mode())) {
                return Flight.Landing.NOT_SHARED;
            }
            noteRevision(request, reply.response());
            Entry entry = Entry.answer(
                    request.key(),
                    reply.response(),
                    request.seen(),
                    made(lifetimes.ofAnswer(), start, found == null ? 0 : found.bytes()));
            boolean kept = reply.source() == FmReply.Source.MODEL; // that of another model is for now, not for hours
            if (kept) {
                given.note(entry);
                store.put(entry, request.trace());
                tally.count(Tally.Outcome.STORED);
                if (request.trace() != null) {
                    request.trace().given(entry);
                }
            }
            learn(found, reply.response(), kept ? entry : null);
            return new Flight.Landing(entry, null, false);
        } catch (RuntimeException e) {
            failed(e);
            return Flight.Landing.NOT_SHARED;
        }
    }

    private void learn(Matcher.@Nullable Found found, ChatResponse response, @Nullable Entry kept) {
        if (matcher == null || found == null) {
            return;
        }
        try {
            matcher.answered(found, response, kept);
        } catch (RuntimeException e) {
            failed(e);
        }
        if (kept != null && !store.has(kept)) { // it went while it was being added
            matcher.removed(kept);
        }
    }

    private void gone(Entry entry) {
        given.forget(entry);
        if (matcher != null) {
            matcher.removed(entry);
        }
    }

    private List<Entry> meantBy(FmEvent.FeedbackGiven feedback) {
        if (feedback.responseId() != null) {
            Entry answer = given.answer(feedback.responseId());
            return answer == null ? List.of() : List.of(answer);
        }
        RunTrace trace = runs.of(feedback.origin().run());
        return trace == null ? List.of() : trace.answers();
    }

    private void disliked(Entry entry) {
        if (matcher != null) {
            matcher.near(entry).forEach(store::drop);
        }
        store.drop(entry);
    }

    private Entry.Made made(long life, long start, long extra) {
        long now = time.nanoTime();
        return new Entry.Made(time.instant(), now, life, now - start, extra);
    }

    /** A stream that just stops has no reason to finish; a model that answers at once may never give one. */
    private static boolean isWhole(ChatResponse response, Mode mode) {
        FinishReason reason = response.finishReason();
        return reason == FinishReason.STOP
                || reason == FinishReason.TOOL_EXECUTION
                || (reason == null && mode != Mode.STREAMING);
    }

    /** A provider that answers with a new revision of a model makes the answers of the one before go. */
    private void noteRevision(Request request, ChatResponse response) {
        String revision = response.modelName();
        if (revision == null) {
            return;
        }
        String before = revisions.put(request.key().model(), revision);
        if (before != null && !before.equals(revision)) {
            changed(Dependency.model(request.key().modelName()));
            request.seen().put(Dependency.model(request.key().modelName()), changes.now());
        }
    }

    private void keepFailure(Request request, RuntimeException failure) {
        boolean deterministic =
                failure instanceof InvalidRequestException || failure instanceof UnsupportedFeatureException;
        if (!deterministic || !lifetimes.keepsFailures()) {
            return;
        }
        try {
            Entry.Made made = made(lifetimes.ofFailure(), time.nanoTime(), 0);
            store.put(Entry.failure(request.key(), failure, request.seen(), made), request.trace());
        } catch (RuntimeException e) { // of the cache, which must not hide that of the model
            failed(e);
        }
    }

    private FmReply served(Entry entry, CacheHit.How how, Tally.Outcome outcome, CacheHit.@Nullable Match match) {
        if (entry.failure() != null) {
            count(Tally.Outcome.FAILURE);
            throw new CachedFailureException(entry.failure());
        }
        count(outcome);
        RunTrace trace = runs.here();
        if (trace != null) {
            trace.given(entry);
            entry.seen().forEach(trace::used); // what is made of this answer depends on the same
        }
        ChatResponse response = Objects.requireNonNull(entry.response());
        CacheHit hit = new CacheHit(
                how,
                entry.storedAt(),
                Duration.ofNanos(time.nanoTime() - entry.storedNanos()),
                entry.dependencies(),
                match);
        ChatResponse saved = response.toBuilder()
                .metadata(response.metadata().toBuilder()
                        .tokenUsage(new SavedTokenUsage(response.tokenUsage(), hit))
                        .build())
                .build();
        return FmReply.of(saved, FmReply.Source.CACHE);
    }

    private void count(Tally.Outcome outcome) {
        tally.count(outcome);
        note(outcome.word());
    }

    private static void note(String outcome) {
        FmRun.note(at -> new FmEvent.CacheConsulted(at, NAME, outcome));
    }

    private void failed(RuntimeException e) {
        count(Tally.Outcome.BYPASS);
        if (complained.compareAndSet(false, true)) {
            log.warn("the cache failed and was passed by; the call goes on, and this is logged once", e);
        }
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
     * Outside of a run that this cache watches nothing happens.
     *
     * @param what what they depend on, as it is now
     */
    public void dependsOn(Dependency what) {
        RunTrace trace = runs.here();
        if (trace != null) {
            trace.used(Objects.requireNonNull(what, "what"), changes.now());
        }
    }

    /**
     * Erases all answers that were made for a user, in whatever tenant.
     *
     * @param user the user, as runs name them
     * @return how many answers went
     */
    public int eraseUser(String user) {
        return changed(Dependency.of(Dependency.Kind.USER, user));
    }

    /**
     * Erases all answers that were made for a tenant.
     *
     * @param tenant the tenant, as runs name it
     * @return how many answers went
     */
    public int eraseTenant(String tenant) {
        return changed(Dependency.of(Dependency.Kind.TENANT, tenant));
    }

    /**
     * Erases all answers that were made in a conversation.
     *
     * @param conversation the conversation, as runs name it
     * @return how many answers went
     */
    public int eraseConversation(String conversation) {
        return changed(Dependency.of(Dependency.Kind.CONVERSATION, conversation));
    }

    /** Drops all answers. */
    public void clear() {
        store.clear();
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
        return matcher == null ? Optional.empty() : Optional.of(SemanticStats.of(matcher.state(), matcher.size()));
    }

    @Override
    public @Nullable Object opened(Boundary boundary) {
        return runs.opened(boundary);
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        runs.closed(boundary, token, output);
    }

    @Override
    public void event(FmEvent event) {
        runs.event(event);
        if (event instanceof FmEvent.FeedbackGiven feedback && badFeedback.test(feedback)) {
            meantBy(feedback).forEach(this::disliked);
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

        private final Set<String> readOnlyTools = new HashSet<>();
        private final Set<String> personalTools = new HashSet<>();
        private long maximumBytes = BYTES;
        private Duration timeToLive = Duration.ofHours(12);
        private Duration failures = Duration.ofSeconds(30);
        private double jitter = JITTER;
        private double earliness = 1;
        private double maxTemperature = TEMPERATURE;
        private Predicate<String> timeSensitive = Wording::isOfNow;
        private Predicate<String> personal = Wording::isPersonal;
        private Predicate<FmCall> when = call -> true;
        private Function<TextSegment, String> documentId = Builder::idOf;
        private Predicate<FmEvent.FeedbackGiven> badFeedback = Builder::isBad;
        private @Nullable SemanticMatching semantic;
        private TimeSource time = TimeSource.system();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        private static String idOf(TextSegment segment) {
            for (String key : ID_KEYS) {
                Object value = segment.metadata().toMap().get(key);
                if (value != null) {
                    return value.toString();
                }
            }
            return Integer.toHexString(segment.text().hashCode());
        }

        private static boolean isBad(FmEvent.FeedbackGiven feedback) {
            return feedback.kind().equals("correction")
                    || (feedback.kind().equals("thumb") && feedback.value().equals("down"));
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
            if (longest.isZero() || longest.isNegative()) {
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
        public Builder failures(Duration longest) {
            if (longest.isNegative()) {
                throw new IllegalArgumentException("failures must not be negative, but is " + longest);
            }
            this.failures = longest;
            return this;
        }

        /**
         * How early an answer is made anew, by one caller, while the others are still served the old one. With 1, the default, that
         * is as long before it expires as it took to make, on average; 0 for never.
         *
         * @param times how many times as long
         * @return this
         */
        public Builder refreshAhead(double times) {
            if (!(times >= 0)) {
                throw new IllegalArgumentException("refreshAhead must not be negative, but is " + times);
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
                throw new IllegalArgumentException("maxTemperature must not be negative, but is " + highest);
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
         * where that is not known. By default those with words such as my, mine or I have, in English, German, French and Spanish;
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
         * doc_id, url, source or file_name, the first that is there; else by a hash of its text.
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
