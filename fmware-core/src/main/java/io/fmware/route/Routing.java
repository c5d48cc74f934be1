package io.fmware.route;

import io.fmware.BoundaryKind;
import io.fmware.CancelledException;
import io.fmware.Chain;
import io.fmware.DeadlineExceededException;
import io.fmware.Durations;
import io.fmware.FailureClass;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.RejectedException;
import io.fmware.cost.Money;
import io.fmware.cost.PriceTable;
import io.fmware.cost.TokenEstimator;
import io.fmware.event.FmEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the model that a call asks, among candidates: by rules of the user's, of which the first that holds counts, or else by
 * a {@link Preference}. A candidate that cannot serve a call, since it is too long or takes what the candidate lacks, is never
 * chosen; where none can, the call fails with a {@link RejectedException} that says why of each. A candidate that fails as often
 * as not is avoided as long as there is another one.
 *
 * <p>What is not known is found out by one call at a time, while the others go to the best candidate that is known: of one that was
 * never asked, of one that was avoided for as long as failures are remembered, and of one that was not chosen for that long and
 * for 20 calls. Until then what was known of it holds: not being asked makes nobody fast.
 *
 * <p>It fails closed where no candidate can serve a call or a rule throws: nothing is asked. It fails open where all candidates
 * fail: one is asked all the same.
 *
 * <p>It stands before caches, so that these keep the answers of models apart. Latencies and failures are seen from there, with
 * retries and re-prompts, without answers from a cache. A name of a model in the request is replaced by that of the candidate, as at
 * {@link FmCall#withTarget}.
 *
 * <p>In a recorded run the choice is recorded, and a replay takes it from there, since it depends on the moment. Thread-safe.
 *
 * <p>Long for its documentation, and because a routing and its builder are of no use without each other.
 */
public final class Routing implements Interceptor {
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final Map<String, Candidate> candidates;
    private final Map<String, Observed> observed;
    private final List<Rule> rules;
    private final Preference preference;
    private final TokenEstimator tokens;
    private final PriceTable prices;
    private final String name;

    /**
     * @param condition when the rule holds
     * @param choice the name of the candidate
     */
    private record Rule(Predicate<? super FmCall> condition, String choice) {}

    /**
     * @param name the name of the candidate
     * @param reason why it was chosen
     */
    private record Choice(String name, String reason) {}

    /** The place of a call at the candidate that it tries, where it tries one. For the thread of the call. */
    private static final class Trial {
        private @Nullable Observed place;

        boolean take(Observed candidate) {
            if (!candidate.tryTake()) {
                return false;
            }
            leave(); // of a choice that was made again
            place = candidate;
            return true;
        }

        void leave() {
            if (place != null) {
                place.leave();
                place = null;
            }
        }
    }

    private Routing(Builder builder) {
        this.candidates = new LinkedHashMap<>(builder.candidates);
        this.observed = candidates.keySet().stream()
                .collect(Collectors.toMap(each -> each, each -> new Observed(builder.remembered)));
        this.rules = List.copyOf(builder.rules);
        this.preference = builder.preference;
        this.tokens = builder.tokens;
        this.prices = builder.prices;
        this.name = builder.name;
    }

    /**
     * Starts a routing.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        Trial trial = new Trial();
        try {
            String chosen = FmRun.cross(BoundaryKind.RANDOM, "route " + name, () -> choose(call, trial));
            Candidate candidate = candidates.get(chosen);
            if (candidate == null) { // of a recording that knew other ones
                candidate = Objects.requireNonNull(candidates.get(choose(call, trial)));
            }
            call.metrics().interceptorActed(name, candidate.name());
            return observing(candidate, candidate.asked(call), next);
        } finally {
            trial.leave();
        }
    }

    private FmReply observing(Candidate candidate, FmCall asked, Chain next) {
        if (asked.isReplayed()) {
            return next.proceed(asked);
        }
        Observed seen = seen(candidate.name());
        long begun = asked.time().nanoTime();
        FmReply reply;
        try {
            reply = next.proceed(asked);
        } catch (RuntimeException | Error e) {
            if (isFault(e)) {
                seen.failed(asked.time().nanoTime());
            } else {
                seen.toldNothing(asked.time().nanoTime());
            }
            throw e;
        }
        long now = asked.time().nanoTime();
        if (reply.source() == FmReply.Source.MODEL) {
            seen.answered(now, now - begun);
            tokens.learnFrom(asked, reply);
        } else if (reply.source() == FmReply.Source.FALLBACK) {
            seen.failed(now);
        }
        return reply;
    }

    private static boolean isFault(Throwable thrown) {
        return !(thrown instanceof CancelledException)
                && (thrown instanceof DeadlineExceededException
                        || (thrown instanceof RuntimeException e && FailureClass.UNAVAILABLE.includes(e)));
    }

    private Observed seen(String candidate) {
        return Objects.requireNonNull(observed.get(candidate));
    }

    private String choose(FmCall call, Trial trial) {
        Map<String, String> refused = new LinkedHashMap<>();
        Map<String, FmCall> able = new LinkedHashMap<>();
        for (Candidate each : candidates.values()) {
            FmCall asked = each.asked(call);
            String refusal = each.refusal(asked, tokens, prices);
            if (refusal == null) {
                able.put(each.name(), asked);
            } else {
                refused.put(each.name(), refusal);
            }
        }
        if (able.isEmpty()) {
            throw new RejectedException(name, "no candidate can serve this call: " + shown(refused));
        }
        Choice byRule = byRule(call, able);
        Choice choice = byRule == null ? byPreference(call, able, trial) : byRule;
        String reason = choice.reason + (refused.isEmpty() ? "" : "; " + shown(refused));
        FmRun.note(at ->
                new FmEvent.Decided(at, "which model is asked", List.copyOf(candidates.keySet()), choice.name, reason));
        return choice.name;
    }

    private static String shown(Map<String, String> refused) {
        return refused.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining("; "));
    }

    private @Nullable Choice byRule(FmCall call, Map<String, FmCall> able) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (able.containsKey(rule.choice) && rule.condition.test(call)) {
                return new Choice(rule.choice, "rule " + (i + 1));
            }
        }
        return null;
    }

    private Choice byPreference(FmCall call, Map<String, FmCall> able, Trial trial) {
        long now = call.time().nanoTime();
        Map<String, Observed.State> states = new LinkedHashMap<>();
        able.keySet().forEach(each -> states.put(each, seen(each).state(now)));
        Comparator<String> byWhatIsKnown = byWhatIsKnown(able, states);
        String best = states.keySet().stream()
                .min(Comparator.<String, Observed.Health>comparing(
                                each -> of(states, each).health())
                        .thenComparing(byWhatIsKnown))
                .orElseThrow();
        Choice choice = toTry(best, byWhatIsKnown, states, trial);
        if (choice == null) {
            choice = new Choice(best, usual(best, states));
        }
        for (String each : states.keySet()) {
            if (each.equals(choice.name)) {
                seen(each).chosen();
            } else {
                seen(each).passedBy();
            }
        }
        return choice;
    }

    private String usual(String best, Map<String, Observed.State> states) {
        if (of(states, best).health() != Observed.Health.WELL) {
            return preference + " of " + states.size() + ", though all fail";
        }
        List<String> avoided = states.keySet().stream()
                .filter(each -> of(states, each).health() != Observed.Health.WELL)
                .toList();
        return preference + " of " + (states.size() - avoided.size())
                + (avoided.isEmpty() ? "" : ", without " + avoided + ", which fail");
    }

    /** One that may be better than the best that is known, where it is time to find out and no other call does. */
    private @Nullable Choice toTry(
            String best, Comparator<String> byWhatIsKnown, Map<String, Observed.State> states, Trial trial) {
        if (states.size() == 1 || of(states, best).health() != Observed.Health.WELL) {
            return null;
        }
        boolean isKnown = figure(states, best).isKnown();
        // All comparisons are stable: of equal ones the first is taken.
        Comparator<String> byHope = preference.learns()
                ? Comparator.comparingDouble(each -> each.equals(best) && isKnown
                        ? figure(states, each).known()
                        : figure(states, each).lately())
                : byWhatIsKnown;
        for (String each : states.keySet().stream().sorted(byHope).toList()) {
            Observed.State state = of(states, each);
            boolean isWell = state.health() == Observed.Health.WELL;
            if (isWell && (figure(states, each).isSure() || (each.equals(best) && isKnown))) {
                return null;
            }
            if (state.health() != Observed.Health.SICK && state.mayBeTried() && trial.take(seen(each))) {
                return new Choice(
                        each,
                        preference + " of " + states.size() + ", tried by one call at a time, since it "
                                + (isWell ? "is not known well enough" : "failed before"));
            }
        }
        return null;
    }

    private Comparator<String> byWhatIsKnown(Map<String, FmCall> able, Map<String, Observed.State> states) {
        return switch (preference) {
            case IN_ORDER -> Comparator.comparing(each -> 0);
            case CHEAPEST -> cheapest(able);
            case FASTEST, HEALTHIEST ->
                Comparator.<String>comparingDouble(each -> figure(states, each).known())
                        .thenComparingDouble(each -> figure(states, each).partly());
        };
    }

    private Observed.Figure figure(Map<String, Observed.State> states, String candidate) {
        Observed.State state = of(states, candidate);
        return switch (preference) {
            case IN_ORDER, CHEAPEST -> Observed.Figure.none();
            case FASTEST -> state.median();
            case HEALTHIEST -> state.failureRate();
        };
    }

    private static Observed.State of(Map<String, Observed.State> states, String candidate) {
        return Objects.requireNonNull(states.get(candidate));
    }

    /** By price, those whose price nobody knows last. */
    private Comparator<String> cheapest(Map<String, FmCall> able) {
        Map<String, Optional<Money>> costs = new LinkedHashMap<>();
        able.forEach((each, asked) ->
                costs.put(each, Objects.requireNonNull(candidates.get(each)).cost(asked, tokens, prices)));
        return Comparator.comparing(
                each -> Objects.requireNonNull(costs.get(each)).orElse(null),
                Comparator.nullsLast(Comparator.naturalOrder()));
    }

    @Override
    public Phase phase() {
        return Phase.ROUTE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "Routing[" + name + ", " + preference + " of " + candidates.keySet() + "]";
    }

    /** Builds a routing. Not thread-safe; may be used again. */
    public static final class Builder {
        private final Map<String, Candidate> candidates = new LinkedHashMap<>();
        private final List<Rule> rules = new ArrayList<>();
        private Preference preference = Preference.IN_ORDER;
        private TokenEstimator tokens = TokenEstimator.learning(Candidate.USUAL_ANSWER);
        private PriceTable prices = PriceTable.standard();
        private Duration remembered = REMEMBERED;
        private String name = "routing";

        private Builder() {}

        /**
         * Adds a candidate.
         *
         * @param candidate a model, and what is known of it; its name is that of no other
         * @return this
         */
        public Builder candidate(Candidate candidate) {
            if (candidates.putIfAbsent(
                            Objects.requireNonNull(candidate, "candidate").name(), candidate)
                    != null) {
                throw new IllegalArgumentException("two candidates are named " + candidate.name()
                        + "; give one another name with Target.of(..).named(..)");
            }
            return this;
        }

        /**
         * Adds a rule. The first that holds counts; one whose candidate cannot serve the call is passed by. A rule counts though its
         * candidate fails.
         *
         * @param condition when it holds; thread-safe
         * @param candidate the name of the candidate that is chosen then
         * @return this
         */
        public Builder when(Predicate<? super FmCall> condition, String candidate) {
            rules.add(new Rule(
                    Objects.requireNonNull(condition, "condition"), Objects.requireNonNull(candidate, "candidate")));
            return this;
        }

        /**
         * Says which candidate is chosen where no rule holds. By default {@link Preference#IN_ORDER}.
         *
         * @param choice the preference
         * @return this
         */
        public Builder prefer(Preference choice) {
            this.preference = Objects.requireNonNull(choice, "preference");
            return this;
        }

        /**
         * Counts tokens, for prices and context windows. By default {@link TokenEstimator#learning(long)}, with answers of 500 tokens
         * where nobody bounds them.
         *
         * @param estimator counts them
         * @return this
         */
        public Builder estimator(TokenEstimator estimator) {
            this.tokens = Objects.requireNonNull(estimator, "estimator");
            return this;
        }

        /**
         * Where the prices and context windows stand of candidates that do not say their own. By default
         * {@link PriceTable#standard()}. A candidate whose price is not known is dearer than all others.
         *
         * @param table the prices
         * @return this
         */
        public Builder prices(PriceTable table) {
            this.prices = Objects.requireNonNull(table, "prices");
            return this;
        }

        /**
         * How long latencies and failures count; of each candidate no more than the last 100 do. So long a candidate that fails is
         * avoided, after its last call, and the median or the failures of one that is not chosen are taken to be what they were. By
         * default a minute.
         *
         * @param span the time, positive, at most a day
         * @return this
         */
        public Builder remembering(Duration span) {
            this.remembered = Durations.withinADay(span, "the time to remember");
            return this;
        }

        /**
         * Names the interceptor. By default "routing".
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
         * @throws IllegalArgumentException if there is no candidate, or a rule chooses one that there is not
         */
        public Routing build() {
            if (candidates.isEmpty()) {
                throw new IllegalArgumentException("a routing needs at least one candidate; add it with candidate(..)");
            }
            for (Rule rule : rules) {
                if (!candidates.containsKey(rule.choice)) {
                    throw new IllegalArgumentException(
                            "a rule chooses " + rule.choice + ", but the candidates are " + candidates.keySet());
                }
            }
            return new Routing(this);
        }
    }
}
