package io.fmware.benchmarks;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.cost.Budget;
import io.fmware.cost.CostMeter;
import io.fmware.cost.Money;
import io.fmware.cost.Price;
import io.fmware.cost.PriceTable;
import io.fmware.cost.TokenEstimator;
import io.fmware.retry.AdaptiveThrottle;
import io.fmware.retry.Breaker;
import io.fmware.retry.Retrying;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.Hedging;
import io.fmware.route.RateLimit;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One chat call through what guards a model, while nothing is wrong with it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResilienceBenchmark {
    private static final long PLENTY = 1_000_000_000;

    private final ChatModel plain = new Answering(Stubs.openAiParameters());
    private final ChatModel none = behind();
    private final ChatModel whole = behind(
            withRetries(), withHedges(), Breaker.standard(), withRate(), ConcurrencyLimit.adaptive(), withBudget());
    private final ChatModel retried = behind(withRetries());
    private final ChatModel hedged = behind(withHedges());
    private final ChatModel armed = behind(Hedging.after(Duration.ofMinutes(1)));
    private final ChatModel metered = behindMeter();
    private final ChatModel broken = behind(Breaker.standard());
    private final ChatModel throttled = behind(AdaptiveThrottle.standard());
    private final ChatModel limited = behind(ConcurrencyLimit.adaptive());
    private final ChatModel rated = behind(withRate());
    private final ChatModel budgeted = behind(withBudget());

    /** Answers at once, and says what that took, so that limits and budgets are settled and estimates learn. */
    private record Answering(ChatRequestParameters defaultRequestParameters) implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder()
                    .aiMessage(Stubs.RESPONSE.aiMessage())
                    .tokenUsage(
                            new TokenUsage(14, 4)) // another one each time: from one and the same nothing is learned
                    .build();
        }
    }

    private ChatModel behind(Interceptor... interceptors) {
        FmPipeline.Builder builder = FmPipeline.builder();
        for (Interceptor each : interceptors) {
            builder.with(each);
        }
        return builder.build().wrap(plain);
    }

    private ChatModel behindMeter() {
        CostMeter meter = CostMeter.builder()
                .prices(PriceTable.standard().toBuilder()
                        .add("OTHER", "gpt-4o-mini", Price.perMillion("0.15", "0.60"))
                        .build())
                .estimator(TokenEstimator.learning())
                .build();
        return FmPipeline.builder().watch(meter).metrics(meter).build().wrap(plain);
    }

    private static Interceptor withRetries() {
        return Retrying.upTo(3).build();
    }

    /** A stub answers in nanoseconds; no hedge is due before a millisecond. */
    private static Interceptor withHedges() {
        return Hedging.builder().onlyAbove(Duration.ofMillis(1)).build();
    }

    private static Interceptor withRate() {
        return RateLimit.builder()
                .requestsPerMinute(PLENTY)
                .tokensPerMinute(PLENTY)
                .estimator(TokenEstimator.learning())
                .build();
    }

    private static Interceptor withBudget() {
        return Budget.of(Money.usd("1000000"))
                .estimator(TokenEstimator.learning())
                .whenPriceUnknown(Price.perMillion("0.000001", "0.000001"))
                .build();
    }

    @Benchmark
    public ChatResponse none() {
        return none.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse whole() {
        return whole.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse retrying() {
        return retried.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse hedging() {
        return hedged.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse armed() {
        return armed.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse costMeter() {
        return metered.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse breaker() {
        return broken.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse throttle() {
        return throttled.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse concurrencyLimit() {
        return limited.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse rateLimit() {
        return rated.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse budget() {
        return budgeted.chat(Stubs.REQUEST);
    }
}
