package io.fmware.cost;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.CallOutcome;
import io.fmware.FmCall;
import io.fmware.FmMetrics;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Operation;
import io.fmware.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts what calls take and cost: in all, by model, tenant and feature, and for each run. Added with
 * {@code FmPipeline.builder().watch(meter)}; with {@code metrics(meter)} too it counts what interceptors do.
 *
 * <p>It sees every attempt at a model, those that fail, are rejected, or lose a race included. What an attempt cost is reckoned
 * from the usage that the provider reported. One that failed costs nothing where it was never sent or the provider refused it,
 * and is of unknown cost otherwise; so is an answer without usage, and one of a model without a price. Answers of a recording
 * are not accounted. Of a model that is itself wrapped in a pipeline the attempts of that pipeline are accounted, each once, where
 * the meter watches it too.
 *
 * <p>A run has what the runs within it took, too. Calls outside of any run are in the sums alone. It fails open: a defect here
 * breaks no call. Thread-safe.
 */
public final class CostMeter implements BoundaryInterceptor, FmMetrics {
    /** Actions after which a request is not sent. */
    private static final Set<String> REFUSALS = Set.of(
            Budget.REFUSED, // and of breakers and limits
            "throttled",
            "budget refused",
            "wait refused",
            "displaced",
            "waited too long");

    private static final Logger log = LoggerFactory.getLogger(CostMeter.class);
    private static final int MOST_OPEN_RUNS = 10_000;
    private static final int KEPT = 100;
    private static final int SWEEP = 256;

    private final PriceTable prices;
    private final TokenEstimator estimator;
    private final Consumer<CostSummary> onRunEnded;
    private final AtomicBoolean logged = new AtomicBoolean();
    private final int kept;

    private final Ledger all = new Ledger();
    private final Map<FmRun, Ledger> open = new ConcurrentHashMap<>();

    @SuppressWarnings("ThreadLocalUsage") // of this meter alone: each sees the same calls
    private final ThreadLocal<@Nullable Open> current = new ThreadLocal<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<CostSummary> ended = new ArrayDeque<>();
    private volatile int nextSweep = SWEEP;

    private CostMeter(Builder builder) {
        this.prices = builder.prices != null ? builder.prices : PriceTable.standard();
        this.estimator = builder.estimator != null ? builder.estimator : TokenEstimator.standard();
        this.onRunEnded = builder.onRunEnded;
        this.kept = builder.kept;
    }

    /** A call or an attempt under way on a thread, with the one around it. */
    private static final class Open {
        private final @Nullable Open around;
        private final boolean attempt;
        private final int askedBefore;
        private boolean passedOn; // to a pipeline that tells of its own attempts, on whatever threads

        private final FmCall call;

        Open(@Nullable Open around, FmCall call, boolean attempt, int askedBefore) {
            this.around = around;
            this.call = call;
            this.attempt = attempt;
            this.askedBefore = askedBefore;
        }

        /** Whether a model was asked that nobody else tells of: no other pipeline, and no cache of one that is not watched. */
        boolean askedModel(FmCall call, @Nullable FmReply reply) {
            boolean known = reply != null && reply.attempts() > 0;
            return !passedOn && (known || !call.target().isWrapped() || call.timesAsked() > askedBefore);
        }

        boolean isWithinAttempt() {
            return around != null && (around.attempt || around.isWithinAttempt());
        }
    }

    /**
     * A meter with the prices and the estimator that come with FMware.
     *
     * @return the meter
     */
    public static CostMeter create() {
        return builder().build();
    }

    /**
     * Starts a meter.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What a call will take, asked by an interceptor.
     *
     * @param call the call
     * @return the estimate
     */
    public Estimate estimate(FmCall call) {
        return new Estimate(
                Math.max(0, estimator.input(call)),
                Math.max(0, estimator.inputAtMost(call)),
                Math.max(0, estimator.output(call)),
                prices.find(call).orElse(null));
    }

    /**
     * What a request will take, asked before there is a call.
     *
     * @param target the model
     * @param request the request
     * @return the estimate
     * @throws IllegalStateException if the estimator is not one of those that {@link TokenEstimator} makes
     */
    public Estimate estimate(Target target, ChatRequest request) {
        if (!(estimator instanceof Estimating own)) {
            throw new IllegalStateException(
                    "the estimator " + estimator
                            + " can be asked of calls alone; ask within a call, or give the meter one that TokenEstimator makes");
        }
        Asked asked = Asked.of(target, request);
        String name = asked.modelName();
        Price price = prices.find(target.provider().name(), name == null ? target.name() : name)
                .orElse(null);
        return new Estimate(own.input(asked), own.inputAtMost(asked), own.output(asked), price);
    }

    /**
     * What was accounted so far.
     *
     * @return the sums, with parts by model, tenant and feature
     */
    public CostSummary summary() {
        return all.summary("all");
    }

    /**
     * What a run that is open has taken so far.
     *
     * @param run the run
     * @return the sums, empty where nothing of it was seen, or it has ended
     */
    public Optional<CostSummary> summary(FmRun run) {
        Ledger ledger = open.get(run);
        return ledger == null ? Optional.empty() : Optional.of(ledger.summary(run.name()));
    }

    /**
     * The last runs that ended.
     *
     * @return their sums, the last one first
     */
    public List<CostSummary> endedRuns() {
        lock.lock();
        try {
            return List.copyOf(ended);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Object opened(Boundary boundary) {
        boolean attempt = boundary.kind() == BoundaryKind.ATTEMPT;
        if (!attempt && boundary.kind() != BoundaryKind.CALL && boundary.kind() != BoundaryKind.EMBEDDING) {
            return null;
        }
        Open around = current.get();
        if (!attempt) {
            for (Open each = around; each != null; each = each.around) {
                each.passedOn = true;
            }
        }
        FmCall call = boundary.input(FmCall.class);
        Open opened = new Open(around, call, attempt, attempt ? call.timesAsked() : 0);
        current.set(opened);
        return opened;
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        if (!(token instanceof Open opened)) {
            return;
        }
        if (opened.around == null) {
            current.remove();
        } else {
            current.set(opened.around);
        }
        FmCall call = boundary.input(FmCall.class);
        FmReply reply = output instanceof FmReply answer ? answer : null;
        boolean replayed = call.isReplayed() || (reply != null && reply.source() == FmReply.Source.REPLAY);
        if (replayed) {
            return;
        }
        if (!opened.attempt && !opened.isWithinAttempt()) {
            closedCall(boundary.run(), call, reply);
        } else if (opened.attempt && opened.askedModel(call, reply)) {
            closedAttempt(boundary.run(), call, reply, error);
        }
    }

    private void closedCall(FmRun run, FmCall call, @Nullable FmReply reply) {
        Whose whose = whose(run, call);
        boolean saved = reply != null && reply.source() == FmReply.Source.CACHE;
        Money money = saved && reply != null ? spared(call, reply) : null;
        for (Ledger ledger : ledgers(run)) {
            ledger.call(whose);
            if (saved) {
                ledger.saved(whose, money);
            }
        }
    }

    /** What an answer would have cost of the model that gave it once, which may be another one than the pipeline wraps. */
    private @Nullable Money spared(FmCall call, FmReply reply) {
        // A cache may say that its answers took nothing.
        Usage usage = Usage.of(reply.savedUsage() != null ? reply.savedUsage() : reply.usage());
        String gave = call.operation() == Operation.CHAT ? reply.response().modelName() : null;
        Price price = gave == null
                ? null
                : prices.find(call.target().provider().name(), gave).orElse(null);
        return price == null
                ? cost(call, usage)
                : usage == null ? null : price.cost(usage).orElse(null);
    }

    private void closedAttempt(FmRun run, FmCall call, @Nullable FmReply reply, @Nullable Throwable error) {
        boolean failed = reply == null;
        Usage usage = reply == null ? null : Usage.of(reply.usage());
        boolean free = failed && error != null && !Billing.mayBeBilled(error);
        Attempt attempt = new Attempt(
                failed,
                usage,
                free ? Money.ZERO : cost(call, usage),
                Asked.of(call).features().characters(),
                reply == null ? 0 : characters(call, reply));
        Whose whose = whose(run, call);
        ledgers(run).forEach(ledger -> ledger.attempt(whose, attempt));
        if (reply != null) {
            estimator.learnFrom(call, reply);
        }
    }

    private @Nullable Money cost(FmCall call, @Nullable Usage usage) {
        Price price = usage == null ? null : prices.find(call).orElse(null);
        return price == null || usage == null ? null : price.cost(usage).orElse(null);
    }

    private static long characters(FmCall call, FmReply reply) {
        AiMessage message =
                call.operation() == Operation.CHAT ? reply.response().aiMessage() : null;
        if (message == null) {
            return 0;
        }
        long tools = message.toolExecutionRequests().stream()
                .mapToLong(each -> length(each.arguments()))
                .sum();
        return length(message.text()) + length(message.thinking()) + tools;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static Whose whose(FmRun run, FmCall call) {
        return new Whose(call.model(), run.findAttribute("tenant"), run.findAttribute("feature"));
    }

    /** Of everything, of the run and of those around it. */
    private List<Ledger> ledgers(@Nullable FmRun innermost) {
        List<Ledger> ledgers = new ArrayList<>();
        ledgers.add(all);
        for (FmRun run = innermost; run != null; run = run.outer()) {
            if (!run.isImplied() && (open.size() < MOST_OPEN_RUNS || open.containsKey(run)) && !run.hasEnded()) {
                ledgers.add(ledger(run));
            }
        }
        return ledgers;
    }

    private Ledger ledger(FmRun run) {
        Ledger known = open.get(run);
        if (known == null && open.size() >= nextSweep) { // nobody tells of the end of runs that this does not watch
            open.keySet().stream().filter(FmRun::hasEnded).forEach(this::keep);
            nextSweep = open.size() + SWEEP;
        }
        return known != null ? known : open.computeIfAbsent(run, key -> new Ledger());
    }

    @Override
    public void ended(FmRun run) {
        CostSummary summary = keep(run);
        if (summary != null) {
            try {
                onRunEnded.accept(summary);
            } catch (Throwable t) { // who closes a run has done no wrong
                warn(t);
            }
        }
    }

    private void warn(Throwable t) {
        if (!logged.compareAndSet(false, true)) {
            return;
        }
        String who = onRunEnded.getClass().getName();
        String said =
                "{} threw as it was told what a run took; runs end without it being told, and this is logged once";
        try {
            log.warn(said, who, t);
        } catch (Throwable unprintable) { // its message throws too
            log.warn(said + ": {}", who, t.getClass().getName());
        }
    }

    private @Nullable CostSummary keep(FmRun run) {
        Ledger ledger = open.remove(run);
        if (ledger == null) {
            return null;
        }
        CostSummary summary = ledger.summary(run.name());
        lock.lock();
        try {
            ended.addFirst(summary);
            while (ended.size() > kept) {
                ended.removeLast();
            }
        } finally {
            lock.unlock();
        }
        return summary;
    }

    @Override
    public void callEnded(CallOutcome outcome) {
        // told of as a boundary, with the run that it belongs to
    }

    @Override
    public void interceptorActed(String interceptor, String action) {
        String what = interceptor + ": " + action;
        List<Ledger> ledgers = ledgers(FmRun.current());
        ledgers.forEach(ledger -> ledger.acted(what));
        Open opened = current.get();
        if (opened != null && REFUSALS.contains(action)) {
            Money money = estimate(opened.call).costAtMost().orElse(null);
            ledgers.forEach(ledger -> ledger.notSent(interceptor, money));
        }
    }

    @Override
    public String toString() {
        return "costMeter";
    }

    /** Builds a meter. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable PriceTable prices;
        private @Nullable TokenEstimator estimator;
        private Consumer<CostSummary> onRunEnded = summary -> {};
        private int kept = KEPT;

        private Builder() {}

        /**
         * What models cost. By default {@link PriceTable#standard()}.
         *
         * @param table the prices
         * @return this
         */
        public Builder prices(PriceTable table) {
            this.prices = Objects.requireNonNull(table, "table");
            return this;
        }

        /**
         * What estimates and learns. By default {@link TokenEstimator#standard()}.
         *
         * @param own the estimator
         * @return this
         */
        public Builder estimator(TokenEstimator own) {
            this.estimator = Objects.requireNonNull(own, "estimator");
            return this;
        }

        /**
         * Tells of each run when it has ended: those opened by a pipeline that has the meter, or with {@link
         * FmRun.Builder#watch}. What this throws is logged once and dropped.
         *
         * @param told is told, on the thread that closes the run
         * @return this
         */
        public Builder onRunEnded(Consumer<CostSummary> told) {
            this.onRunEnded = Objects.requireNonNull(told, "told");
            return this;
        }

        /**
         * Keeps the last runs that ended. By default 100.
         *
         * @param runs how many, not negative
         * @return this
         */
        public Builder keepRuns(int runs) {
            if (runs < 0) {
                throw new IllegalArgumentException("the number of runs to keep must not be negative, but is " + runs);
            }
            this.kept = runs;
            return this;
        }

        /**
         * Builds the meter.
         *
         * @return the meter
         */
        public CostMeter build() {
            return new CostMeter(this);
        }
    }
}
