package io.fmware.cost;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.fmware.AttributeKey;
import io.fmware.BudgetExceededException;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.TimeSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what is spent, in dollars or tokens: in all, or for each run, tenant or feature; for ever, or in each hour, day or other
 * period. Each attempt at the model reserves, before it is sent, the most that it may take, and fails with a
 * {@link BudgetExceededException} where that is no longer there. Afterwards what it really took is spent and the rest is given
 * back. So what is spent is never more than the budget, as long as no attempt takes more than what was reserved for it;
 * where one does, the excess is spent and counted as overdrawn.
 *
 * <p>The most that an attempt may take is the most of its input, as the estimator has it, and the {@code maxOutputTokens} of the
 * request or the model. Without these the usual length of answers is reserved, which an answer may exceed: set them, or let the
 * budget set them with {@link Builder#clampOutput()}.
 *
 * <p>Of a model that is itself wrapped, in a pipeline without this budget, one attempt is seen: the answer is charged as reported, and
 * attempts there that failed before it are not charged. Give that pipeline the budget too.
 *
 * <p>An attempt whose usage is not reported is charged what was reserved. So is one that failed, was cancelled or ran out of
 * time, since the provider may have worked on it; what never reached a model, or what the provider refused, is given back. A model
 * without a price is refused by a budget in dollars (it fails closed), unless {@link Builder#whenPriceUnknown} says what
 * to reckon with.
 *
 * <p>It belongs to the model that the pipeline wraps, as all of phase {@link Phase#LIMIT} does. Other models that a call is sent to
 * pass it by: those of {@link io.fmware.route.Fallback}, {@link io.fmware.route.Routing}, {@link io.fmware.route.ModelSwap} and
 * {@link io.fmware.retry.RepromptStrategy#model}. Wrap them in a pipeline that has the same budget. One budget may be in any number
 * of pipelines, also where one wraps the model of the other: each attempt reserves once. Thread-safe.
 *
 * <p>Long because of its builder, and because a refusal says all that one needs to know.
 */
public final class Budget implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when an attempt is refused. */
    public static final String REFUSED = "refused";

    /** What it is told when the output that is asked for was cut to what is left. */
    public static final String CLAMPED = "clamped";

    /** What it is told when an attempt took more than was reserved for it. */
    public static final String OVERDRAWN = "overdrawn";

    private static final int MOST_KEYS = 10_000;

    private final boolean money;
    private final long limit;
    private final Scope scope;
    private final @Nullable Duration period;
    private final @Nullable PriceTable prices;
    private final TokenEstimator estimator;
    private final @Nullable Price whenUnknown;
    private final boolean clamp;
    private final String name;
    private final Accounts accounts;
    private final AttributeKey<Held> held = AttributeKey.of("what a budget holds", Held.class);

    private Budget(Builder builder) {
        this.money = builder.money;
        this.limit = builder.limit;
        this.scope = builder.scope;
        this.period = builder.period;
        this.prices = !money ? null : builder.prices != null ? builder.prices : PriceTable.standard();
        this.estimator = builder.estimator != null ? builder.estimator : TokenEstimator.standard();
        this.whenUnknown = builder.whenUnknown;
        this.clamp = builder.clamp;
        this.name = builder.name;
        this.accounts = new Accounts(limit, builder.mostKeys);
    }

    /**
     * A budget in dollars.
     *
     * @param limit the most that may be spent; 0 refuses every call that costs anything
     * @return a builder
     */
    public static Builder of(Money limit) {
        return new Builder(true, Objects.requireNonNull(limit, "limit").picodollars());
    }

    /**
     * A budget in tokens, those of input and output together.
     *
     * @param limit the most that may be spent, not negative
     * @return a builder
     */
    public static Builder ofTokens(long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a budget of tokens must not be negative, but is " + limit);
        }
        return new Builder(false, limit);
    }

    /**
     * The most that one attempt may take, in picodollars or tokens.
     *
     * @param input for the input
     * @param perOutput for each token of output
     * @param inputTokens tokens of the input
     * @param outputTokens tokens of the output
     * @param unbounded whether neither the request nor the model bounds the output, so that the budget is to
     */
    private record Demand(
            long input,
            long perOutput,
            long inputTokens,
            long outputTokens,
            boolean unbounded,
            @Nullable Price price) {
        long all() {
            return Saturating.plus(input, Saturating.times(perOutput, outputTokens));
        }

        /** With one token of output. */
        long least() {
            return Saturating.plus(input, perOutput);
        }
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        call.checkActive(); // what is not sent any more needs no reservation
        Held within = call.attribute(held);
        Demand demand = demand(call);
        if (within != null) { // this budget stands in the pipeline around this one too
            boolean enough = demand.all() <= within.reserved() || (isChat(call) && within.isFor(call.request()));
            if (enough && within.take()) {
                return proceed(call, next, demand.price(), within.reserved(), within::settle);
            }
            within.elsewhere(); // changed since, or one of several
        }
        boolean clampable = clamp && demand.outputTokens() > 1 && demand.perOutput() > 0 && mayClamp(call);
        Object key = scope.key();
        Accounts.Answer answer = reserve(call, key, clampable ? demand.least() : demand.all(), demand.all());
        Accounts.Reservation granted = answer.granted();
        if (granted == null) {
            call.metrics().interceptorActed(name, REFUSED);
            doubt(call, demand, answer);
            throw refused(call, demand, key, answer);
        }
        return proceed(call, next, demand, granted);
    }

    /** There may be room for the call after all: what was learned of the model may be wrong. */
    private void doubt(FmCall call, Demand demand, Accounts.Answer answer) {
        if (estimator instanceof Estimating own) {
            long input = estimator.inputAtLeast(call);
            Price price = demand.price();
            long least = Saturating.plus(price == null ? input : price.inputAtMost(input), demand.perOutput());
            if (least <= left(answer)) {
                own.refused(call);
            }
        }
    }

    private long left(Accounts.Answer answer) {
        return Math.max(0, limit - Saturating.plus(answer.spent(), answer.reserved()));
    }

    private Accounts.Answer reserve(FmCall call, Object key, long least, long wanted) {
        long now = period(call.time().instant());
        return key == Scope.OUTSIDE
                ? accounts.reserveAlone(now, least, wanted)
                : accounts.reserve(key, scope.isHeldWeakly(), now, least, wanted);
    }

    private FmReply proceed(FmCall call, Chain next, Demand demand, Accounts.Reservation granted) {
        // A request that cannot be changed throws: there is a reservation to be given back by then.
        Held within = call.target().isWrapped() ? new Held(granted.amount()) : null;
        Chain below = asked -> next.proceed(changed(asked, demand, granted, within));
        return proceed(
                call,
                below,
                demand.price(),
                granted.amount(),
                charged -> settle(call, granted, within == null ? charged : within.charged(charged)));
    }

    private FmCall changed(FmCall call, Demand demand, Accounts.Reservation granted, @Nullable Held within) {
        boolean cut = granted.amount() < demand.all();
        if (cut) {
            call.metrics().interceptorActed(name, CLAMPED);
        }
        FmCall asked = cut || demand.unbounded() ? clamped(call, demand, granted) : call;
        if (within == null) {
            return asked;
        }
        if (isChat(asked)) {
            within.sentFor(asked.request());
        }
        return asked.with(held, within);
    }

    private static boolean isChat(FmCall call) {
        return call.operation() == Operation.CHAT;
    }

    private void settle(FmCall call, Accounts.Reservation granted, long charged) {
        accounts.settle(granted, charged);
        if (charged > granted.amount()) {
            call.metrics().interceptorActed(name, OVERDRAWN);
        }
    }

    private FmReply proceed(FmCall call, Chain next, @Nullable Price price, long reserved, LongConsumer settling) {
        int before = call.timesAsked();
        long charged = reserved; // whatever happens, unless more is known
        try {
            FmReply reply = next.proceed(call);
            charged = charged(call, before, price, reserved, reply);
            estimator.learnFrom(call, reply);
            return reply;
        } catch (Throwable t) {
            int times = call.timesAsked() - before;
            // Of several attempts, in a pipeline of the model's own, only the last one's failure is known.
            if (times == 0 || (times == 1 && (isUnsent(call, t) || !Billing.mayBeBilled(t)))) {
                charged = 0;
            }
            throw t;
        } finally {
            settling.accept(charged);
        }
    }

    /** A model on its own says so of nothing but a missing thread to ask it on. */
    private static boolean isUnsent(FmCall call, Throwable t) {
        return t instanceof OverloadedException && !call.target().isWrapped();
    }

    private long charged(FmCall call, int before, @Nullable Price price, long reserved, FmReply reply) {
        if (reply.attempts() == 0 && call.timesAsked() == before) {
            return 0; // a cache of the model's own
        }
        Usage usage = Usage.of(reply.usage());
        return usage == null ? reserved : spent(usage, price, reserved);
    }

    private long spent(Usage usage, @Nullable Price price, long otherwise) {
        if (price == null) {
            return usage.tokens();
        }
        return price.cost(usage).map(Money::picodollars).orElse(otherwise);
    }

    private Demand demand(FmCall call) {
        Price price = price(call);
        long input = Math.max(0, estimator.inputAtMost(call));
        long perOutput = price == null ? 1 : price.outputAtMost(input);
        boolean unbounded =
                clamp && perOutput > 0 && mayClamp(call) && Asked.of(call).maxOutput() == null;
        long output = Math.max(0, estimator.output(call));
        return new Demand(
                price == null ? input : price.inputAtMost(input),
                perOutput,
                input,
                unbounded ? longest(output, price) : output,
                unbounded,
                price);
    }

    /** Not what is usual, which would cut one answer of twenty, and be learned to be less and less. */
    private long longest(long usual, @Nullable Price price) {
        long most = estimator instanceof Estimating ? Math.max(usual, ModelTokens.USUAL_OUTPUT) : Math.max(usual, 1);
        return price == null ? most : Math.min(most, price.maxOutput().orElse(most));
    }

    /** The price of the model, {@code null} for a budget in tokens. */
    private @Nullable Price price(FmCall call) {
        if (prices == null) {
            return null;
        }
        Price price = prices.find(call).orElse(whenUnknown);
        if (price == null) {
            call.metrics().interceptorActed(name, REFUSED);
            throw unknownPrice(call);
        }
        return price;
    }

    private BudgetExceededException unknownPrice(FmCall call) {
        String provider = call.target().provider().name();
        String model = call.modelName();
        return new BudgetExceededException("interceptor '" + name + "' knows no price of " + call.model()
                + ", so that what the call costs cannot be bounded; "
                + (model == null
                        ? "let the model say its name, or say what to reckon with: Budget's whenPriceUnknown(..)"
                        : "add one, prices(PriceTable.standard().toBuilder().add(\"" + provider + "\", \"" + model
                                + "\", Price.perMillion(\"<input>\", \"<output>\")).build()), or say what to reckon with:"
                                + " whenPriceUnknown(..)"));
    }

    /** Some models have a parameter of their own beside it, and refuse both. */
    private static boolean mayClamp(FmCall call) {
        return isChat(call)
                && Accessors.number(call.request().parameters(), "maxCompletionTokens") == null
                && Accessors.number(call.target().defaultRequestParameters(), "maxCompletionTokens") == null;
    }

    private static FmCall clamped(FmCall call, Demand demand, Accounts.Reservation granted) {
        long tokens = Math.max(1, (granted.amount() - demand.input()) / demand.perOutput());
        ChatRequest request = call.request();
        ChatRequestParameters most = ChatRequestParameters.builder()
                .maxOutputTokens((int) Math.min(tokens, Integer.MAX_VALUE))
                .build();
        return call.withRequest(request.toBuilder()
                .parameters(request.parameters().overrideWith(most))
                .build());
    }

    private BudgetExceededException refused(FmCall call, Demand demand, Object key, Accounts.Answer answer) {
        return new BudgetExceededException("interceptor '" + name + "' has " + text(left(answer))
                + " left of the budget of "
                + text(limit) + whenAndWhose(key) + " (" + text(answer.spent()) + " spent, " + text(answer.reserved())
                + " reserved by calls under way), but this call to " + call.model() + " may take " + text(demand.all())
                + " (" + demand.inputTokens() + " tokens in, " + demand.outputTokens()
                + " out, at most); allow less output with maxOutputTokens or Budget's clampOutput(), "
                + (period == null
                        ? ""
                        : "wait for the next period, which begins at " + nextPeriod(answer.period()) + ", ")
                + "or allow more");
    }

    private String whenAndWhose(Object key) {
        return scope.whose(key) + (period == null ? "" : " in each " + text(period));
    }

    private static String text(Duration period) {
        return period.equals(Duration.ofDays(1))
                ? "day"
                : period.equals(Duration.ofHours(1)) ? "hour" : period.toString();
    }

    private Instant nextPeriod(long number) {
        long second = (number + 1) * Objects.requireNonNull(period).toSeconds();
        return Instant.ofEpochSecond(Math.min(second, Instant.MAX.getEpochSecond()));
    }

    private String text(long amount) {
        return money ? Money.ofPicodollars(amount).toString() : amount + " tokens";
    }

    /** Periods are counted from 1970 on, in UTC: an hour begins at its full hour, a day at midnight. */
    private long period(Instant now) {
        return period == null ? 0 : Math.floorDiv(now.getEpochSecond(), period.toSeconds());
    }

    /**
     * How the budget stands for the current run, or its tenant or feature, by the clock of this machine.
     *
     * @return the balance
     */
    public Balance balance() {
        return balance(scope.key(), TimeSource.system().instant());
    }

    /**
     * How the budget of a tenant or feature stands at some time of this period or a later one.
     *
     * @param whose the name of the tenant or feature; not looked at where all share one budget
     * @param at the time
     * @return the balance
     * @throws IllegalStateException if each run has a budget of its own
     */
    public Balance balance(String whose, Instant at) {
        if (scope == Scope.RUN) {
            throw new IllegalStateException(
                    "interceptor '" + name + "' has a budget for each run; ask with balance(run)");
        }
        return balance(scope == Scope.ALL ? "" : (Object) whose, at);
    }

    /**
     * How the budget of a run stands.
     *
     * @param run an outermost run that has not ended; soon after its end what it spent is forgotten
     * @return the balance
     * @throws IllegalStateException if it is no budget for each run
     */
    public Balance balance(FmRun run) {
        if (scope != Scope.RUN) {
            throw new IllegalStateException("interceptor '" + name + "' has no budget for each run; build it perRun()");
        }
        return balance(run, TimeSource.system().instant());
    }

    private Balance balance(Object key, Instant at) {
        long[] read = accounts.read(key, scope.isHeldWeakly(), period(at));
        return new Balance(number(limit), number(read[0]), number(read[1]), number(read[2]));
    }

    private BigDecimal number(long amount) {
        return money ? Money.ofPicodollars(amount).toBigDecimal() : BigDecimal.valueOf(amount);
    }

    @Override
    public Phase phase() {
        return Phase.LIMIT;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.CHAT, Operation.EMBEDDINGS);
    }

    @Override
    public String toString() {
        return "Budget[" + name + ", " + text(limit) + scope.text() + (period == null ? "" : " in each " + text(period))
                + "]";
    }

    /** Builds a budget. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final Duration LONGEST_PERIOD = Duration.ofDays(3_660);

        private final boolean money;
        private final long limit;
        private Scope scope = Scope.ALL;
        private @Nullable Duration period;
        private @Nullable PriceTable prices;
        private @Nullable TokenEstimator estimator;
        private @Nullable Price whenUnknown;
        private boolean clamp;
        private int mostKeys = MOST_KEYS;
        private String name = "budget";

        private Builder(boolean money, long limit) {
            this.money = money;
            this.limit = limit;
        }

        /**
         * Gives each run a budget of its own, which runs inside of it share, and which is forgotten soon after its end. A call
         * outside of any run is bounded by itself.
         *
         * @return this
         */
        public Builder perRun() {
            this.scope = Scope.RUN;
            return this;
        }

        /**
         * Gives each tenant a budget of its own: those of one attribute "tenant" of the run. Calls without one share one.
         *
         * @return this
         */
        public Builder perTenant() {
            this.scope = Scope.TENANT;
            return this;
        }

        /**
         * Gives each feature a budget of its own: those of one attribute "feature" of the run. Calls without one share one.
         *
         * @return this
         */
        public Builder perFeature() {
            this.scope = Scope.FEATURE;
            return this;
        }

        /**
         * Begins anew at each full hour.
         *
         * @return this
         */
        public Builder perHour() {
            return per(Duration.ofHours(1));
        }

        /**
         * Begins anew each day at midnight UTC.
         *
         * @return this
         */
        public Builder perDay() {
            return per(Duration.ofDays(1));
        }

        /**
         * Begins anew after each period, counted from 1970 on, in UTC. An attempt belongs to the period in which it began. Where
         * the clock goes back what was spent stays spent: until the clock has caught up, or, if it went back by more than a
         * whole period, until the next one begins.
         *
         * @param length the length of a period, whole seconds, at most 10 years of 366 days
         * @return this
         */
        public Builder per(Duration length) {
            Objects.requireNonNull(length, "length");
            boolean whole = length.equals(Duration.ofSeconds(length.toSeconds()));
            if (length.toSeconds() < 1 || !whole || length.compareTo(LONGEST_PERIOD) > 0) {
                throw new IllegalArgumentException(
                        "the period of a budget must be whole seconds, and 3,660 days at most, but is " + length);
            }
            this.period = length;
            return this;
        }

        /**
         * What models cost. By default {@link PriceTable#standard()}.
         *
         * @param table the prices
         * @return this
         */
        public Builder prices(PriceTable table) {
            if (!money) {
                throw new IllegalArgumentException("a budget of tokens needs no prices; leave prices(..) out");
            }
            this.prices = Objects.requireNonNull(table, "table");
            return this;
        }

        /**
         * What says how many tokens a call takes at most. By default {@link TokenEstimator#standard()}.
         *
         * @param own the estimator
         * @return this
         */
        public Builder estimator(TokenEstimator own) {
            this.estimator = Objects.requireNonNull(own, "estimator");
            return this;
        }

        /**
         * Says what to reckon with for a model that has no price, in place of refusing it.
         *
         * @param price the price; {@link Price#free()} lets such calls pass unbounded
         * @return this
         */
        public Builder whenPriceUnknown(Price price) {
            if (!money) {
                throw new IllegalArgumentException(
                        "a budget of tokens needs no prices; leave whenPriceUnknown(..) out");
            }
            this.whenUnknown = Objects.requireNonNull(price, "price");
            return this;
        }

        /**
         * Lowers the {@code maxOutputTokens} of a call to what is left, in place of refusing it, as long as one token is, and
         * sets it where neither the request nor the model bounds the answer: to 4,096 or what is usual, whichever is more, but
         * no more than the price table says the model gives; with an estimator of one's own to what that says. So an answer never
         * takes more than was reserved for it, and may be cut off. Calls with a parameter {@code maxCompletionTokens} are left as
         * they are, and refused where too little is left. Models that take nothing else, as OpenAI's that reason, need it.
         *
         * @return this
         */
        public Builder clampOutput() {
            this.clamp = true;
            return this;
        }

        /**
         * Bounds how many tenants, features or runs are kept apart at one time. By default 10,000. Those of a period that is over, and
         * runs that have ended, are forgotten; further ones share one budget.
         *
         * @param keys how many, at least 1
         * @return this
         */
        public Builder mostKeys(int keys) {
            if (keys < 1) {
                throw new IllegalArgumentException("a budget must keep at least 1 key apart, but is to keep " + keys);
            }
            this.mostKeys = keys;
            return this;
        }

        /**
         * Names the interceptor. By default "budget".
         *
         * @param own the name
         * @return this
         */
        public Builder named(String own) {
            this.name = Objects.requireNonNull(own, "name");
            return this;
        }

        /**
         * Builds the interceptor.
         *
         * @return the interceptor
         */
        public Budget build() {
            return new Budget(this);
        }
    }
}
