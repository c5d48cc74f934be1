package io.fmware;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way down a chain: what is asked, of which model, by when, and where partial output goes.
 *
 * <p>Immutable: a {@code with} method returns a changed copy, to be handed to {@link Chain#proceed}. Confined to the thread of
 * the chain; {@link #fork} makes a call for another thread.
 *
 * <p>Long because every part of a call is read by one method and changed by another.
 */
public final class FmCall {
    private final CallScope scope;
    private final Target target;
    private final Object asked; // a ChatRequest or EmbeddingInputs: one field, since every call allocates one of these
    private final ChatRequestOptions options;
    private final TokenSink sink;
    private final Deadline deadline;
    private final int attempt;
    private final @Nullable Attributes attributes;
    private @Nullable ChatRequest effective;

    private FmCall(Draft draft) {
        this.scope = draft.scope;
        this.target = draft.target;
        this.asked = draft.asked;
        this.options = draft.options;
        this.sink = draft.sink;
        this.deadline = draft.deadline;
        this.attempt = draft.attempt;
        this.attributes = draft.attributes;
    }

    /** A call in the making: a new one, or a copy of one of which a part is about to change. */
    private static final class Draft {
        private CallScope scope;
        private Target target;
        private Object asked;
        private ChatRequestOptions options = ChatRequestOptions.EMPTY;
        private TokenSink sink = TokenSink.none();
        private Deadline deadline = Deadline.none();
        private int attempt = 1;
        private @Nullable Attributes attributes;

        Draft(CallScope scope, Target target, Object asked) {
            this.scope = scope;
            this.target = target;
            this.asked = asked;
        }

        Draft(FmCall call) {
            this(call.scope, call.target, call.asked);
            this.options = call.options;
            this.sink = call.sink;
            this.deadline = call.deadline;
            this.attempt = call.attempt;
            this.attributes = call.attributes;
        }
    }

    static FmCall chat(
            CallScope scope,
            Target target,
            ChatRequest request,
            ChatRequestOptions options,
            TokenSink sink,
            Deadline deadline) {
        Draft draft = new Draft(scope, target, request);
        draft.options = options;
        draft.sink = sink;
        draft.deadline = deadline;
        return new FmCall(draft);
    }

    static FmCall embeddings(CallScope scope, Target target, EmbeddingInputs inputs) {
        return new FmCall(new Draft(scope, target, inputs));
    }

    /** The same call in the chain of the pipeline of a wrapped model. */
    FmCall into(Engine engine, Target first) {
        Draft draft = new Draft(this);
        draft.scope = scope.nested(engine);
        draft.target = first;
        draft.attempt = 1;
        return new FmCall(draft);
    }

    CallScope scope() {
        return scope;
    }

    /**
     * What is asked of the model.
     *
     * @return the operation
     */
    public Operation operation() {
        return asked instanceof ChatRequest ? Operation.CHAT : Operation.EMBEDDINGS;
    }

    /**
     * How the caller takes the answer.
     *
     * @return the mode
     */
    public Mode mode() {
        return scope.mode();
    }

    /**
     * The chat request as it was written, without the defaults of any model.
     *
     * @return the request
     * @throws IllegalStateException if this is an embedding call
     */
    public ChatRequest request() {
        if (asked instanceof ChatRequest request) {
            return request;
        }
        throw new IllegalStateException("this is an embedding call; read embeddingRequest()");
    }

    /**
     * The chat request merged with the defaults of the {@linkplain #target() model that is asked}: what that model will
     * really see. Merged when first read.
     *
     * @return the merged request
     * @throws IllegalStateException if this is an embedding call
     */
    public ChatRequest effectiveRequest() {
        ChatRequest merged = effective;
        if (merged == null) {
            ChatRequest written = request();
            merged = written.toBuilder()
                    .parameters(target.defaultRequestParameters().overrideWith(written.parameters()))
                    .build();
            effective = merged;
        }
        return merged;
    }

    /**
     * What is to be embedded.
     *
     * @return the request
     * @throws IllegalStateException if this is a chat call
     */
    public EmbeddingRequest embeddingRequest() {
        return embeddingInputs().request();
    }

    EmbeddingInputs embeddingInputs() {
        if (asked instanceof EmbeddingInputs inputs) {
            return inputs;
        }
        throw new IllegalStateException("this is a chat call; read request()");
    }

    /**
     * The options that the caller gave with a chat request; they reach the model.
     *
     * @return the options, possibly empty
     */
    public ChatRequestOptions options() {
        return options;
    }

    /**
     * The model that is asked.
     *
     * @return the model
     */
    public Target target() {
        return target;
    }

    /**
     * Where partial output goes.
     *
     * @return the sink
     */
    public TokenSink sink() {
        return sink;
    }

    /**
     * The number of this attempt at an answer, from 1.
     *
     * @return the number
     */
    public int attempt() {
        return attempt;
    }

    /**
     * How often a model was really asked so far: for this call, its copies and forks, in this pipeline and in those of models that
     * are themselves wrapped. What was refused before it reached a model, and answers of caches, do not count.
     *
     * @return the number
     */
    public int timesAsked() {
        return scope.attempts();
    }

    /**
     * How many requests were sent by the blocking chat models that were asked for this call, as far as their HTTP clients tell
     * ({@link #requestSent}). Where these are more than the {@linkplain #timesAsked times they were asked}, a model retries by
     * itself.
     *
     * @return the number so far, 0 where no client tells
     */
    public int requestsSent() {
        return scope.requests();
    }

    /** Says that a request to a provider goes out on this thread: for HTTP clients. Outside of any call it does nothing. */
    public static void requestSent() {
        CallScope.requestSent();
    }

    /**
     * By when the call must have its answer.
     *
     * @return the deadline, {@link Deadline#none()} where there is none
     */
    public Deadline deadline() {
        return deadline;
    }

    /**
     * Whether the caller still wants the answer.
     *
     * @return the cancellation, shared by all copies of the call
     */
    public Cancellation cancellation() {
        return scope.cancellation();
    }

    /**
     * A value that an interceptor above added.
     *
     * @param <T> the type of the value
     * @param key the key
     * @return the value, or {@code null} where there is none
     */
    public <T> @Nullable T attribute(AttributeKey<T> key) {
        return Attributes.find(attributes, key);
    }

    /**
     * What is worked out of what is asked, once for all interceptors that want to know it: how long a request is. Found again
     * by those that see the same request to the same model, also in forks made later and in the pipeline of a wrapped model.
     *
     * @param <T> the type of the value
     * @param key names the value
     * @param how works it out, of the request and the model alone
     * @return the value; safe to be read by several threads, since forks may read it
     */
    public <T> T derived(AttributeKey<T> key, Function<FmCall, T> how) {
        T known = scope.derived(key, asked, target);
        if (known != null) {
            return known;
        }
        T made = Objects.requireNonNull(how.apply(this), () -> "what was worked out for " + key);
        scope.derive(key, asked, target, made);
        return made;
    }

    /**
     * The model that is asked, in one word: the name under which everything is kept that is known of a model, such as whether it
     * is down. The provider and the model name of the request, or that of the target; the name of the target where neither says
     * one. Chat and streaming models of one provider and name have it in common.
     *
     * @return a name such as {@code OPEN_AI gpt-4o-mini}
     */
    public String model() {
        return target.key(requestedModel());
    }

    private @Nullable String requestedModel() {
        return asked instanceof ChatRequest request
                ? request.modelName()
                : embeddingInputs().request().modelName();
    }

    /**
     * The name of the model that is to answer, as the provider knows it: that in the request, or else that of the target.
     *
     * @return the name, {@code null} where neither says one
     */
    public @Nullable String modelName() {
        String requested = requestedModel();
        return requested != null ? requested : target.modelName();
    }

    /**
     * How much the answer matters where there is not enough for all: what the caller said in the options, or else what the
     * {@linkplain FmRun.Builder#priority run} was given.
     *
     * @return the priority, {@link Priority#NORMAL} where nobody said any
     */
    public Priority priority() {
        Priority said = attribute(Priority.OF_CALL);
        return said != null ? said : Priority.ofRun(FmRun.current());
    }

    /**
     * The time that the pipeline goes by, for interceptors that measure.
     *
     * @return the time
     */
    public TimeSource time() {
        return scope.engine().time();
    }

    /**
     * Whether this call is one of a {@linkplain #replayed replay}.
     *
     * @return true for all copies and forks of such a call
     */
    public boolean isReplayed() {
        return scope.isReplayed();
    }

    /**
     * Where to count what an interceptor does.
     *
     * @return the metrics of the pipeline
     */
    public FmMetrics metrics() {
        return scope.engine().metrics();
    }

    /**
     * The call with another request.
     *
     * @param changed the request
     * @return a copy
     */
    public FmCall withRequest(ChatRequest changed) {
        request(); // an embedding call has none to change
        Draft draft = new Draft(this);
        draft.asked = Objects.requireNonNull(changed, "request");
        return new FmCall(draft);
    }

    /**
     * The call with other inputs to be embedded.
     *
     * @param changed the request
     * @return a copy
     */
    public FmCall withEmbeddingRequest(EmbeddingRequest changed) {
        embeddingInputs(); // a chat call has none to change
        Draft draft = new Draft(this);
        draft.asked = EmbeddingInputs.of(Objects.requireNonNull(changed, "request"));
        return new FmCall(draft);
    }

    /**
     * The call with other options.
     *
     * @param changed the options
     * @return a copy
     */
    public FmCall withOptions(ChatRequestOptions changed) {
        Draft draft = new Draft(this);
        draft.options = Objects.requireNonNull(changed, "options");
        return new FmCall(draft);
    }

    /**
     * The call to another model. A model name in the request means a model of the first one's provider: it is replaced by the
     * default name of the new model, or taken out where that has none and the parameters are of no provider's type. Everything
     * else in the parameters stays, types of a provider included.
     *
     * @param changed the model
     * @return a copy
     */
    public FmCall withTarget(Target changed) {
        Draft draft = new Draft(this);
        draft.target = Objects.requireNonNull(changed, "target");
        if (asked instanceof ChatRequest request && request.modelName() != null) {
            draft.asked = request.toBuilder()
                    .parameters(renamed(
                            request.parameters(),
                            changed.defaultRequestParameters().modelName()))
                    .build();
        }
        return new FmCall(draft);
    }

    private static ChatRequestParameters renamed(ChatRequestParameters parameters, @Nullable String name) {
        if (name != null) {
            return parameters.overrideWith(
                    ChatRequestParameters.builder().modelName(name).build());
        }
        // Only of langchain4j's own type do we know how to make one without the name.
        return parameters.getClass() == DefaultChatRequestParameters.class
                ? ChatRequestParameters.builder()
                        .overrideWith(parameters)
                        .modelName(null)
                        .build()
                : parameters;
    }

    /**
     * The call with another sink.
     *
     * @param changed the sink
     * @return a copy
     */
    public FmCall withSink(TokenSink changed) {
        Draft draft = new Draft(this);
        draft.sink = Objects.requireNonNull(changed, "sink");
        return new FmCall(draft);
    }

    /**
     * The call with the earlier of its own deadline and the one that a duration from now gives.
     *
     * @param allowed the time allowed from now, positive
     * @return a copy
     */
    public FmCall withDeadline(Duration allowed) {
        return withDeadline(Deadline.after(scope.engine().time(), Objects.requireNonNull(allowed, "allowed")));
    }

    FmCall withDeadline(Deadline other) {
        Draft draft = new Draft(this);
        draft.deadline = deadline.earlier(other);
        return new FmCall(draft);
    }

    /**
     * The call as the next attempt.
     *
     * @return a copy with the number of the attempt raised by one
     */
    public FmCall nextAttempt() {
        Draft draft = new Draft(this);
        draft.attempt = attempt + 1;
        return new FmCall(draft);
    }

    /**
     * The call with one more value, for the interceptors below.
     *
     * @param <T> the type of the value
     * @param key the key
     * @param value the value
     * @return a copy
     */
    public <T> FmCall with(AttributeKey<T> key, T value) {
        Objects.requireNonNull(value, "value");
        Draft draft = new Draft(this);
        draft.attributes = new Attributes(Objects.requireNonNull(key, "key"), value, attributes);
        return new FmCall(draft);
    }

    /**
     * Says that this call is one of a replay: interceptors of the phases {@link Phase#CACHE}, {@link Phase#HEDGE},
     * {@link Phase#BREAKER} and {@link Phase#LIMIT} are passed by, and a {@link #pause} takes no time. What they do depends on
     * timing, or on what happened before, so that a replay takes the outcome that was recorded. All copies of the call are
     * marked, and what is forked from them from now on; there is no way back.
     *
     * @return this call
     */
    public FmCall replayed() {
        scope.replay();
        return this;
    }

    /**
     * A call for another thread, beside this one: a hedge, a sample. It is cancelled when this call is cancelled or ends, and
     * belongs to the first thread that proceeds with it.
     *
     * @param own where the partial output of the fork goes
     * @return the fork
     */
    public FmCall fork(TokenSink own) {
        Draft draft = new Draft(this);
        draft.sink = Objects.requireNonNull(own, "sink");
        draft.scope = scope.fork();
        return new FmCall(draft);
    }

    /**
     * Sends a {@linkplain #fork fork} of this call on, on a thread of the pipeline that has the context of this one.
     *
     * @param next the rest of the chain
     * @param own where the partial output of the fork goes
     * @return the fork under way, cancelled when this call is cancelled or ends
     * @throws OverloadedException if no thread is free
     */
    public ForkedCall proceedAside(Chain next, TokenSink own) {
        return ForkedCall.start(fork(own), next);
    }

    /**
     * Cancels a fork that is no longer needed.
     *
     * @param reason why
     * @throws IllegalStateException if nothing can cancel this call
     */
    public void cancel(String reason) {
        scope.cancellation().cancel(reason, null);
    }

    /**
     * Refuses to go on where the answer is no longer wanted or the time is over.
     *
     * @throws CancelledException if the call was cancelled
     * @throws DeadlineExceededException if its deadline has passed
     */
    public void checkActive() {
        checkActive("starting the next step");
    }

    void checkActive(String doing) {
        if (scope.cancellation().isCancelled()) {
            throw scope.cancellation().exception();
        }
        if (deadline.isSet() && deadline.isExpired()) {
            throw deadline.exceeded(doing);
        }
    }

    /** Refuses to ask a model; it is not counted as asked then. */
    void checkBeforeAsking() {
        try {
            checkActive("the model was about to be asked");
        } catch (CancelledException | DeadlineExceededException e) {
            scope.notAsked();
            throw e;
        }
    }

    /**
     * Waits, as long as the answer is wanted and there is time. Where the pause would outlast the deadline the call fails at
     * once, since nothing could follow it. A call of a {@linkplain #replayed replay} does not wait.
     *
     * @param duration how long
     * @throws CancelledException if the call is cancelled, the thread interrupted or the pipeline closed meanwhile
     * @throws DeadlineExceededException if the pause would pass the deadline
     */
    public void pause(Duration duration) {
        checkActive("starting a pause");
        if (scope.isReplayed() || duration.isNegative() || duration.isZero()) {
            return;
        }
        if (deadline.isSet() && deadline.remaining().compareTo(duration) <= 0) {
            throw deadline.exceeded("a pause of " + Durations.text(duration) + " was due");
        }
        Gate gate = new Gate(scope.engine().time());
        try {
            scope.await(gate, Deadline.after(scope.engine().time(), duration));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the thread was interrupted during a pause of " + Durations.text(duration), e);
        }
        checkActive("pausing");
    }

    /**
     * Waits for work that goes on elsewhere, as long as the answer is wanted and there is time. Returns when it is done, with or
     * without a result.
     *
     * @param work the work
     * @param doing what is waited for, for the message where the time is over, such as {@code waiting for an equal call}
     * @throws CancelledException if the call is cancelled, the thread interrupted or the pipeline closed meanwhile
     * @throws DeadlineExceededException if the deadline passes first
     */
    public void await(CompletionStage<?> work, String doing) {
        await(work, deadline, doing);
    }

    /**
     * Waits for work that goes on elsewhere, as {@link #await(CompletionStage, String)} does, but no longer than some time.
     *
     * @param work the work
     * @param atMost the longest wait; where it is not positive there is none
     * @param doing what is waited for
     * @return whether the work is done
     * @throws CancelledException if the call is cancelled, the thread interrupted or the pipeline closed meanwhile
     * @throws DeadlineExceededException if the deadline of the call passes first
     */
    public boolean await(CompletionStage<?> work, Duration atMost, String doing) {
        if (atMost.isZero() || atMost.isNegative()) {
            checkActive(doing);
            return work.toCompletableFuture().isDone();
        }
        return await(work, deadline.earlier(Deadline.after(scope.engine().time(), atMost)), doing);
    }

    private boolean await(CompletionStage<?> work, Deadline until, String doing) {
        Gate gate = new Gate(scope.engine().time());
        work.whenComplete((result, error) -> gate.open());
        Gate.Outcome outcome;
        try {
            outcome = scope.await(gate, until);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the thread was interrupted while " + doing, e);
        }
        if (outcome != Gate.Outcome.OPEN) {
            checkActive(doing);
        }
        return outcome == Gate.Outcome.OPEN;
    }

    /**
     * The interceptors that this call goes through: those of the pipeline that are not switched off for it, nor passed by because
     * it is of a {@linkplain #replayed replay}, and behind them those of the pipeline of a model that is itself wrapped. A
     * switch may be turned while the call is under way.
     *
     * @return the interceptors, outermost first
     */
    public List<Interceptor> interceptors() {
        List<Interceptor> own = scope.engine().interceptors(scope);
        List<Interceptor> behind = target.interceptors(scope);
        if (behind.isEmpty()) {
            return own;
        }
        List<Interceptor> all = new ArrayList<>(own);
        all.addAll(behind);
        return Collections.unmodifiableList(all);
    }

    /** Whether the model must be called on a thread of its own, so that it can be abandoned. */
    boolean isAbandonable() {
        return deadline.isSet() || scope.cancellation() != Cancellation.NEVER;
    }

    /** Names what is asked; the content is left out, so that it never reaches a log by accident. */
    @Override
    public String toString() {
        return "FmCall[" + operation() + " to " + target + ", " + mode() + ", attempt=" + attempt + ", deadline="
                + deadline + "]";
    }
}
