package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.fmware.cost.Budget;
import io.fmware.cost.CostMeter;
import io.fmware.cost.Money;
import io.fmware.cost.Price;
import io.fmware.cost.PriceTable;
import io.fmware.cost.TokenEstimator;
import io.fmware.load.Arrivals;
import io.fmware.load.CapacityGate;
import io.fmware.load.LoadModel;
import io.fmware.load.ServiceTimes;
import io.fmware.load.Slo;
import io.fmware.retry.AdaptiveThrottle;
import io.fmware.retry.Breaker;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.RepromptStrategy;
import io.fmware.retry.Reprompting;
import io.fmware.retry.RetryBudget;
import io.fmware.retry.Retrying;
import io.fmware.retry.SelfConsistency;
import io.fmware.retry.Validator;
import io.fmware.retry.Vote;
import io.fmware.route.Ability;
import io.fmware.route.Candidate;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.Fallback;
import io.fmware.route.Hedging;
import io.fmware.route.ModelSwap;
import io.fmware.route.Preference;
import io.fmware.route.PromptVariant;
import io.fmware.route.PromptVariants;
import io.fmware.route.RateLimit;
import io.fmware.route.Routing;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting of retries, routes and load models, with values that make no sense: refused by name, whatever they are. */
class HostileSettingsTest {
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    private static final Duration SHORTEST = Duration.ofSeconds(Long.MIN_VALUE);
    private static final Target MODEL =
            Target.of(ScriptedChatModel.replying("yes")).named("model");

    private static final Target NEXT =
            Target.of(ScriptedChatModel.replying("yes")).named("next");

    /** What looks hostile, but says something. */
    private static final Set<String> MEANT = Set.of(
            // as many as it takes
            "Retrying.upTo 0 2147483647",
            "Reprompting.upTo 0 2147483647",
            "SelfConsistency$Builder.atOnce 0 2147483647",
            // what a provider takes
            "SelfConsistency$Builder.temperature 0 4.9E-324",
            "SelfConsistency$Builder.temperature 0 1.0E300",
            "RepromptStrategy.temperature 0 0.0",
            "RepromptStrategy.temperature 0 4.9E-324",
            "RepromptStrategy.temperature 0 1.0E300",
            "Budget.ofTokens 0 9223372036854775807",
            "TokenEstimator.learning 0 9223372036854775807",
            "Budget$Builder.mostKeys 0 2147483647",
            "CostMeter$Builder.keepRuns 0 2147483647",
            // whatever costs anything is refused
            "Budget.ofTokens 0 0",
            // not known
            "Price.withLimits 0 -9223372036854775808",
            "Price.withLimits 0 -1",
            "Price.withLimits 0 0",
            "Price.withLimits 1 -9223372036854775808",
            "Price.withLimits 1 -1",
            "Price.withLimits 1 0",
            // as good as none
            "Price.above 0 9223372036854775807",
            "Price.withLimits 0 9223372036854775807",
            "Price.withLimits 1 9223372036854775807",
            "ConcurrencyLimit$Builder.longestWait 0 longest",
            "RateLimit$Builder.longestWait 0 longest",
            "Deadlines.of 0 longest",
            "Deadlines.ofEachAttempt 0 longest",
            "ModelSwap$Plan.eachWithin 0 longest",
            "ModelSwap$Plan.draining 0 longest",
            "ModelSwap.promote 0 longest",
            "ModelSwap.rollBack 0 longest",
            "Candidate.contextWindow 0 9223372036854775807",
            "LoadModel$Builder.slots 0 2147483647",
            "LoadModel$Builder.queue 0 2147483647",
            "LoadModel$Builder.requestsPerMinute 0 9223372036854775807",
            "LoadModel$Builder.tokensPerMinute 0 9223372036854775807",
            "LoadModel$Builder.tokensPerMinute 1 9223372036854775807",
            // none at all
            "CostMeter$Builder.keepRuns 0 0",
            "ConcurrencyLimit$Builder.queue 0 0",
            "Hedging$Builder.onlyAbove 0 PT0S",
            "ModelSwap$Plan.draining 0 PT0S",
            "ModelSwap.promote 0 PT0S",
            "ModelSwap.rollBack 0 PT0S",
            "ModelSwap$Plan.trial 0 0.0",
            "LoadModel$Builder.queue 0 0",
            "LoadModel$Builder.longestWait 0 PT0S",
            "LoadModel$Builder.attempts 1 PT0S",
            "LoadModel$Builder.cached 0 0.0",
            "LoadModel$Builder.failures 0 0.0",
            "ServiceTimes.withTail 0 0.0",
            "ServiceTimes.logNormal 1 0.0",
            "Slo.unanswered 0 0.0",
            "CapacityGate.tolerating 0 0.0",
            // nearly none
            "Hedging$Builder.afterQuantile 0 4.9E-324",
            "ModelSwap$Plan.trial 0 4.9E-324",
            "LoadModel$Builder.cached 0 4.9E-324",
            "LoadModel$Builder.failures 0 4.9E-324",
            "ServiceTimes.withTail 0 4.9E-324",
            "ServiceTimes.logNormal 1 4.9E-324",
            "Slo.percentile 0 4.9E-324",
            "Slo.and 0 4.9E-324",
            "Slo.unanswered 0 4.9E-324",
            "CapacityGate.tolerating 0 4.9E-324",
            // any number
            "LoadModel$Builder.seed 0 -9223372036854775808",
            "LoadModel$Builder.seed 0 -1",
            "LoadModel$Builder.seed 0 0",
            "LoadModel$Builder.seed 0 9223372036854775807");

    private static final Map<Class<?>, Object> GOOD = new HashMap<>();

    static {
        GOOD.put(int.class, 3);
        GOOD.put(long.class, 1_000L);
        GOOD.put(double.class, 1.0);
        GOOD.put(Duration.class, Duration.ofSeconds(5));
        GOOD.put(String.class, "{{it}}");
        GOOD.put(Target.class, MODEL);
        GOOD.put(
                ChatRequest.class,
                ChatRequest.builder().messages(UserMessage.from("Hi")).build());
        GOOD.put(ChatRequestParameters.class, ChatRequestParameters.builder().build());
        GOOD.put(Validator.class, Replies.areJson());
        GOOD.put(LocalDate.class, LocalDate.EPOCH);
        GOOD.put(Money.class, Money.ZERO);
        GOOD.put(Price.class, Price.perMillion("1", "2"));
        GOOD.put(PriceTable.class, PriceTable.standard());
        GOOD.put(TokenEstimator.class, TokenEstimator.learning());
        GOOD.put(Arrivals.class, Arrivals.even());
        GOOD.put(ServiceTimes.class, ServiceTimes.constant(Duration.ofSeconds(1)));
        GOOD.put(RepromptStrategy.class, RepromptStrategy.feedback());
        GOOD.put(RetryBudget.class, RetryBudget.standard());
        GOOD.put(Vote.class, Vote.exact());
        GOOD.put(Candidate.class, Candidate.of(MODEL));
        GOOD.put(Preference.class, Preference.FASTEST);
        GOOD.put(PromptVariant.class, PromptVariant.system("Be brief."));
        GOOD.put(Path.class, Path.of("capacity.json"));
        GOOD.put(List.class, Collections.nCopies(20, Duration.ofSeconds(1)));
        GOOD.put(Collection.class, Collections.nCopies(20, Duration.ofSeconds(1)));
        GOOD.put(FailureClass.class, FailureClass.ANY);
        GOOD.put(Ability.class, Ability.TOOLS);
        GOOD.put(ChatModel.class, ScriptedChatModel.replying("yes"));
        GOOD.put(StreamingChatModel.class, ScriptedStreamingChatModel.replying("yes"));
        GOOD.put(RandomGenerator.class, (RandomGenerator) () -> 0);
        GOOD.put(Predicate.class, (Predicate<Object>) each -> true);
        GOOD.put(Consumer.class, (Consumer<Object>) each -> {});
        GOOD.put(Function.class, (Function<Object, Object>) each -> each);
        GOOD.put(BiFunction.class, (BiFunction<Object, Object, Object>) (one, other) -> one);
        GOOD.put(IntFunction.class, (IntFunction<@Nullable Object>) each -> null);
        GOOD.put(UnaryOperator.class, (UnaryOperator<Object>) each -> each);
    }

    /**
     * @param of whose settings
     * @param fresh makes one to be set, {@code null} for the methods that make the first one
     */
    private record Settings(Class<?> of, @Nullable Supplier<Object> fresh) {
        static Settings of(Supplier<Object> fresh) {
            return new Settings(fresh.get().getClass(), fresh);
        }

        static Settings firstOf(Class<?> of) {
            return new Settings(of, null);
        }

        Stream<Method> methods() {
            return Arrays.stream(of.getDeclaredMethods())
                    .filter(each -> Modifier.isPublic(each.getModifiers()) && !each.isSynthetic())
                    .filter(each -> Modifier.isStatic(each.getModifiers()) == (fresh == null))
                    .filter(each -> each.getParameterCount() > 0 && isSetting(each))
                    .sorted(Comparator.comparing(Method::toString));
        }

        /** What gives the thing itself, or something of its package to go on with. */
        private boolean isSetting(Method method) {
            return method.getReturnType().getPackage() == of.getPackage()
                    && !Set.of("intercept", "at", "capacity").contains(method.getName());
        }
    }

    private static List<Settings> all() {
        List<Settings> all = new ArrayList<>(List.of(
                Settings.of(Breaker::builder),
                Settings.of(AdaptiveThrottle::builder),
                Settings.of(() -> Retrying.upTo(3)),
                Settings.of(() -> SelfConsistency.of(3)),
                Settings.of(() -> Reprompting.upTo(3)),
                Settings.of(RepromptStrategy::feedback),
                Settings.of(ConcurrencyLimit::builder),
                Settings.of(RateLimit::builder),
                Settings.of(Hedging::builder),
                Settings.of(Routing::builder),
                Settings.of(Fallback::builder),
                Settings.of(PromptVariants::builder),
                Settings.of(() -> PromptVariant.system("Be brief.")),
                Settings.of(() -> Candidate.of(MODEL)),
                Settings.of(() -> ModelSwap.startingWith(MODEL)),
                Settings.of(HostileSettingsTest::trial),
                Settings.of(() -> ModelSwap.startingWith(MODEL).build().to(NEXT).unchecked()),
                Settings.of(() -> LoadModel.builder(ServiceTimes.constant(Duration.ofSeconds(1)))),
                Settings.of(() -> ServiceTimes.constant(Duration.ofSeconds(1))),
                Settings.of(() -> Slo.percentile(95, Duration.ofSeconds(1))),
                Settings.of(() -> CapacityGate.at(Path.of("capacity.json"))),
                Settings.of(() -> Budget.of(Money.ZERO)),
                Settings.of(CostMeter::builder),
                Settings.of(PriceTable.standard()::toBuilder),
                Settings.of(() -> Price.perMillion("1", "2"))));
        for (Class<?> each : List.of(
                Retrying.class,
                RetryBudget.class,
                SelfConsistency.class,
                Reprompting.class,
                RepromptStrategy.class,
                Deadlines.class,
                ConcurrencyLimit.class,
                RateLimit.class,
                Hedging.class,
                Fallback.class,
                PromptVariant.class,
                Candidate.class,
                ModelSwap.class,
                LoadModel.class,
                ServiceTimes.class,
                Arrivals.class,
                Slo.class,
                CapacityGate.class,
                Budget.class,
                TokenEstimator.class)) {
            all.add(Settings.firstOf(each));
        }
        return all;
    }

    private static ModelSwap trial() {
        ModelSwap swap = ModelSwap.startingWith(MODEL).build();
        swap.to(NEXT).unchecked().trial(1);
        return swap;
    }

    private static List<@Nullable Object> hostile(Class<?> type) {
        if (type == int.class) {
            return List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE);
        }
        if (type == long.class) {
            return List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);
        }
        if (type == double.class) {
            return List.of(
                    Double.NaN, Double.NEGATIVE_INFINITY, -1.0, 0.0, Double.MIN_VALUE, 1e300, Double.POSITIVE_INFINITY);
        }
        List<@Nullable Object> values = new ArrayList<>();
        values.add(null);
        if (type == Duration.class) {
            values.addAll(List.of(SHORTEST, Duration.ofNanos(-1), Duration.ZERO, LONGEST));
        } else if (type.isArray()) {
            values.add(Array.newInstance(type.getComponentType(), 1)); // with a null in it
        } else if (Collection.class.isAssignableFrom(type)) {
            values.add(Collections.nCopies(20, null));
        }
        return values;
    }

    private static Object good(Class<?> type) {
        if (!type.isArray()) {
            return Objects.requireNonNull(GOOD.get(type), () -> "a good " + type);
        }
        Object one = Array.newInstance(type.getComponentType(), 1);
        Array.set(one, 0, good(type.getComponentType()));
        return one;
    }

    static Stream<Arguments> settings() {
        List<Arguments> rows = new ArrayList<>();
        for (Settings each : all()) {
            each.methods().forEach(method -> {
                for (int i = 0; i < method.getParameterCount(); i++) {
                    for (Object value : hostile(method.getParameterTypes()[i])) {
                        Object[] values = Arrays.stream(method.getParameterTypes())
                                .map(HostileSettingsTest::good)
                                .toArray();
                        values[i] = value;
                        String name = method.getDeclaringClass().getName().replaceAll(".*\\.", "") + "."
                                + method.getName() + " " + i + " " + shown(value);
                        rows.add(Arguments.of(name, method, each.fresh(), values, value));
                    }
                }
            });
        }
        return rows.stream();
    }

    private static String shown(@Nullable Object value) {
        return value == LONGEST ? "longest" : value instanceof Object[] all ? Arrays.toString(all) : "" + value;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void a_setting_that_makes_no_sense_is_refused_by_name(
            String name,
            Method method,
            @Nullable Supplier<Object> fresh,
            @Nullable Object[] values,
            @Nullable Object value) {
        Throwable refusal = catchThrowable(() -> {
            try {
                method.invoke(fresh == null ? null : fresh.get(), values);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });

        if (MEANT.contains(name)) {
            assertThat(refusal).as(name).isNull();
        } else if (value instanceof Number || value instanceof Duration) {
            assertThat(refusal).as(name).isExactlyInstanceOf(IllegalArgumentException.class);
            assertThat(refusal.getMessage()).as(name).contains(value.toString());
        } else { // the JVM's own messages name no parameter
            assertThat(refusal).as(name).isExactlyInstanceOf(NullPointerException.class);
            assertThat(refusal.getMessage()).as(name).isNotNull().doesNotContain("because");
        }
    }
}
