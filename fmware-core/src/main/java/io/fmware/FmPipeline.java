package io.fmware;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands between an application and its models: a chain of interceptors, built once.
 *
 * <pre>{@code
 * FmPipeline pipeline = FmPipeline.builder()
 *         .with(Deadlines.of(Duration.ofSeconds(20)))
 *         .with(Reprompting.upTo(3).until(Replies.matchSchema(Order.class)))
 *         .build();
 * ChatModel model = pipeline.wrap(openAi);
 * }</pre>
 *
 * <p>A pipeline is closed with the application: it then refuses new calls and lets those under way end. Thread-safe.
 */
public final class FmPipeline implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FmPipeline.class);

    private final Engine engine;
    private final List<Interceptor> interceptors;
    private final Map<String, InterceptorSwitch> switches;
    private final Duration drain;
    private final Watchers watchers;

    private FmPipeline(Builder builder) {
        this.interceptors = sorted(builder.interceptors);
        this.switches = new HashMap<>();
        for (Interceptor i : interceptors) {
            switches.put(i.name(), new InterceptorSwitch(i.name()));
        }
        this.drain = builder.drain;
        List<ContextCarrier> carriers = new ArrayList<>(builder.carriers);
        if (carriers.stream().noneMatch(MdcCarrier.class::isInstance)) {
            carriers.add(ContextCarrier.mdc());
        }
        carriers.add(RunCarrier.INSTANCE);
        List<BoundaryInterceptor> watching = new ArrayList<>(builder.watchers);
        for (Interceptor each : interceptors) {
            if (each.unwrapped() instanceof BoundaryInterceptor watcher && !watching.contains(watcher)) {
                watching.add(watcher);
            }
        }
        watching.forEach(watcher -> carriers.addAll(watcher.carriers()));
        this.watchers = Watchers.of(watching);
        this.engine = new Engine(
                builder.time,
                builder.executor,
                List.copyOf(carriers),
                interceptors,
                switches,
                builder.metrics,
                builder.maxRequestCharacters);
    }

    /**
     * Starts a pipeline.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    private static List<Interceptor> sorted(List<Interceptor> given) {
        given.forEach(FmPipeline::refuseIncomplete);
        refuseSame(given);
        List<Interceptor> order = new ArrayList<>(given);
        order.sort(Comparator.comparing(Interceptor::phase)); // stable
        List<Interceptor> named = nameTheUnnamed(order);
        List<Interceptor> fixed = List.copyOf(named);
        fixed.forEach(i -> i.check(fixed));
        refuseSameName(fixed);
        return fixed;
    }

    /** Lambdas have no name of their own: they are numbered by where they stand. */
    private static List<Interceptor> nameTheUnnamed(List<Interceptor> order) {
        List<Interceptor> named = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            Interceptor each = order.get(i);
            named.add(isUnnamed(each) ? Interceptor.of("interceptor-" + (i + 1), each.phase(), each) : each);
        }
        return named;
    }

    private static boolean isUnnamed(Interceptor each) {
        return NamedInterceptor.isNameless(each.getClass()) && each.name().equals(NamedInterceptor.UNNAMED);
    }

    private static void refuseIncomplete(Interceptor each) {
        if (Objects.requireNonNullElse(each.name(), "").isBlank()) {
            throw new IllegalArgumentException(
                    "an interceptor (" + each.getClass().getName() + ") has no name; return one from name()");
        }
        if (each.phase() == null) {
            throw new IllegalArgumentException(Node.describe(each) + " has no phase; return one from phase()");
        }
        if (each.operations() == null || each.operations().isEmpty()) {
            throw new IllegalArgumentException(
                    Node.describe(each) + " handles no operation and would never run; return some from operations()");
        }
    }

    private static void refuseSame(List<Interceptor> given) {
        Set<Interceptor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Interceptor each : given) {
            if (!seen.add(each)) {
                throw new IllegalArgumentException(Node.describe(each) + " was added twice; add it once");
            }
        }
    }

    private static void refuseSameName(List<Interceptor> order) {
        Map<String, Interceptor> byName = new HashMap<>();
        for (Interceptor each : order) {
            Interceptor other = byName.put(each.name(), each);
            if (other != null) {
                throw new IllegalArgumentException(
                        Node.describe(other) + " and " + Node.describe(each)
                                + " have the same name; keep one of them, or rename one with Interceptor.of(name, phase, interceptor)");
            }
        }
    }

    /**
     * Puts this pipeline before a chat model.
     *
     * @param model the model
     * @return a chat model to be used in its place
     */
    public FmChatModel wrap(ChatModel model) {
        Target target = Target.of(requireModel(model));
        return new FmChatModel(model, entrance(Operation.CHAT, target));
    }

    /**
     * Puts this pipeline before a streaming model.
     *
     * @param model the model
     * @return a streaming model to be used in its place
     */
    public FmStreamingChatModel wrap(StreamingChatModel model) {
        Target target = Target.of(requireModel(model));
        return new FmStreamingChatModel(model, entrance(Operation.CHAT, target));
    }

    /**
     * Puts this pipeline before an embedding model.
     *
     * @param model the model
     * @return an embedding model to be used in its place
     */
    public FmEmbeddingModel wrap(EmbeddingModel model) {
        Target target = Target.of(requireModel(model));
        return new FmEmbeddingModel(model, entrance(Operation.EMBEDDINGS, target));
    }

    private <M> M requireModel(@Nullable M model) {
        if (model == null) {
            throw new IllegalArgumentException("the model to wrap is null");
        }
        Entrance known = entranceOf(model);
        if (known != null && known.engine() == engine) {
            throw new IllegalArgumentException(
                    "the model " + model + " is wrapped by this pipeline already; every interceptor would run twice");
        }
        return model;
    }

    private static @Nullable Entrance entranceOf(Object model) {
        if (model instanceof FmChatModel chat) {
            return chat.entrance();
        }
        if (model instanceof FmStreamingChatModel streaming) {
            return streaming.entrance();
        }
        return model instanceof FmEmbeddingModel embedding ? embedding.entrance() : null;
    }

    private Entrance entrance(Operation operation, Target target) {
        BoundaryKind kind = operation == Operation.CHAT ? BoundaryKind.CALL : BoundaryKind.EMBEDDING;
        return new Entrance(engine, target, new Watched(kind, watchers, chain(operation, target)));
    }

    private Chain chain(Operation operation, Target target) {
        List<Interceptor> used = interceptors.stream()
                .filter(i -> i.operations().contains(operation))
                .toList();
        List<Interceptor> ofCall =
                used.stream().filter(i -> !i.phase().isBoundToModel()).toList();
        List<Interceptor> ofModel =
                used.stream().filter(i -> i.phase().isBoundToModel()).toList();
        String top = "the model wrapped around " + target;
        String above = ofCall.isEmpty() ? top : Node.describe(ofCall.get(ofCall.size() - 1));
        Chain modelPart = null;
        if (!ofModel.isEmpty()) {
            String last = Node.describe(ofModel.get(ofModel.size() - 1));
            modelPart = nodes(ofModel, new Bottom(last, target, null, watchers), above);
        }
        return nodes(ofCall, new Bottom(above, target, modelPart, watchers), top);
    }

    private Chain nodes(List<Interceptor> order, Chain bottom, String top) {
        Chain chain = bottom;
        for (int i = order.size() - 1; i >= 0; i--) {
            Interceptor each = order.get(i);
            String caller = i == 0 ? top : Node.describe(order.get(i - 1));
            chain = new Node(each, Objects.requireNonNull(switches.get(each.name())), chain, caller);
        }
        return chain;
    }

    /**
     * Starts a run that is watched as the calls of this pipeline are.
     *
     * @param name the name of what is executed, the same for every execution of it, such as {@code claim}
     * @return a builder
     */
    public FmRun.Builder run(String name) {
        return new FmRun.Builder(name, watchers).time(engine.time());
    }

    /**
     * The run-time switch of an interceptor.
     *
     * @param name the name of the interceptor
     * @return its switch
     * @throws IllegalArgumentException if there is none of that name
     */
    public InterceptorSwitch interceptor(String name) {
        InterceptorSwitch found = switches.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no interceptor is named '" + name + "'; this pipeline has "
                    + interceptors.stream().map(Interceptor::name).toList());
        }
        return found;
    }

    /**
     * Closes the pipeline: new calls are refused, those under way get time to end, what can be cancelled after that is
     * cancelled. That is streams, asynchronous calls, and of blocking calls those that wait for something else than their model:
     * in the queue of a limit, for the next attempt, for an equal call. A call that came through another pipeline ends with that
     * one. Models, interceptors and an executor that the user gave stay open. Closing twice does no harm. Not to be called from a
     * call of this pipeline, which would wait for itself.
     */
    @Override
    public void close() {
        long left = engine.close(drain);
        if (left > 0) {
            log.warn("{} calls were still under way when the pipeline was closed after {}", left, drain);
        }
    }

    /** Shows the order as it runs, such as {@code deadlines(fallback(reprompting(model)))}, and who watches. */
    @Override
    public String toString() {
        StringBuilder shown = new StringBuilder();
        interceptors.forEach(i -> shown.append(i.name()).append('('));
        shown.append("model").append(")".repeat(interceptors.size()));
        return watchers.isEmpty()
                ? shown.toString()
                : shown.append(" watched by ").append(watchers).toString();
    }

    /** Builds a pipeline. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final long MAX_CHARACTERS = 20_000_000;

        private final List<Interceptor> interceptors = new ArrayList<>();
        private final List<ContextCarrier> carriers = new ArrayList<>();
        private final List<BoundaryInterceptor> watchers = new ArrayList<>();
        private TimeSource time = TimeSource.system();
        private @Nullable Executor executor;
        private FmMetrics metrics = FmMetrics.none();
        private long maxRequestCharacters = MAX_CHARACTERS;
        private Duration drain = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Adds an interceptor. Where it stands is said by its phase; inside one phase the first added is outermost. One that
         * is a {@link BoundaryInterceptor} too watches as well.
         *
         * @param interceptor the interceptor
         * @return this
         */
        public Builder with(Interceptor interceptor) {
            interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
            return this;
        }

        /**
         * Lets somebody watch, or replace, what is not deterministic in the calls of this pipeline and in the
         * {@linkplain FmPipeline#run runs} that it opens. The first added is outermost.
         *
         * @param watcher watches, or replaces
         * @return this
         */
        public Builder watch(BoundaryInterceptor watcher) {
            watchers.add(Objects.requireNonNull(watcher, "watcher"));
            return this;
        }

        /**
         * Carries more of the caller's context to the threads of a call. SLF4J's MDC is carried without being asked for.
         *
         * @param carrier the carrier
         * @return this
         */
        public Builder carry(ContextCarrier carrier) {
            carriers.add(Objects.requireNonNull(carrier, "carrier"));
            return this;
        }

        /**
         * Tells what the pipeline does to a metrics library.
         *
         * @param sink is told
         * @return this
         */
        public Builder metrics(FmMetrics sink) {
            this.metrics = Objects.requireNonNull(sink, "metrics");
            return this;
        }

        /**
         * Runs streams, asynchronous calls and calls with a deadline on threads of the user's; the pipeline does not close it.
         * Such a call takes up to two threads at a time; a {@linkplain io.fmware.retry.SelfConsistency vote} two more for each
         * sample that is under way, a {@linkplain io.fmware.route.Hedging hedged} call four in all.
         *
         * <p>An executor with a queue must have as many threads as all calls at once can take: where it has fewer, calls that have
         * a thread wait in its queue for their second one, which those before them hold, for ever where they have no deadline. One
         * that rejects instead (a {@link java.util.concurrent.SynchronousQueue}) is safe at any size: a call is then refused with an
         * {@link OverloadedException}, samples are taken on the thread of the call, and a call is not hedged. One that runs tasks on
         * the calling thread defeats deadlines. By default
         * virtual threads where the JVM has them, else up to 8,192 daemon threads.
         *
         * @param own the executor
         * @return this
         */
        public Builder executor(Executor own) {
            this.executor = Objects.requireNonNull(own, "executor");
            return this;
        }

        /**
         * Takes time from elsewhere than this machine, for tests. Closing the pipeline goes by it too.
         *
         * @param source the time
         * @return this
         */
        public Builder time(TimeSource source) {
            this.time = Objects.requireNonNull(source, "time");
            return this;
        }

        /**
         * Refuses larger requests before anything is done for them. By default 20,000,000.
         *
         * @param most the number of characters of text and inline images in all messages, positive
         * @return this
         */
        public Builder maxRequestCharacters(long most) {
            if (most <= 0) {
                throw new IllegalArgumentException("maxRequestCharacters must be positive, but is " + most);
            }
            this.maxRequestCharacters = most;
            return this;
        }

        /**
         * How long {@link FmPipeline#close()} lets calls under way go on before it cancels them. By default 10 seconds.
         *
         * @param patience the time, zero for none
         * @return this
         */
        public Builder drain(Duration patience) {
            if (Objects.requireNonNull(patience, "drain").isNegative()) {
                throw new IllegalArgumentException("the time to drain must not be negative, but is " + patience);
            }
            this.drain = patience;
            return this;
        }

        /**
         * Builds the pipeline.
         *
         * @return the pipeline
         * @throws IllegalArgumentException if an interceptor is doubled, or some cannot work together
         */
        public FmPipeline build() {
            return new FmPipeline(this);
        }
    }
}
