package io.fmware.benchmarks;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.decorators.Decorators;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One chat call through decorators of Resilience4j, put together once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Resilience4jBenchmark {
    private final ChatModel model = new Stubs.Chat(Stubs.openAiParameters());
    private final Function<ChatRequest, ChatResponse> stack = Decorators.<ChatRequest, ChatResponse>ofFunction(
                    model::chat)
            .withRateLimiter(neverFull())
            .withBulkhead(Bulkhead.ofDefaults("model"))
            .withCircuitBreaker(CircuitBreaker.ofDefaults("model"))
            .withRetry(Retry.ofDefaults("model"))
            .withFallback(failure -> Stubs.RESPONSE)
            .decorate();
    private final Function<ChatRequest, ChatResponse> fallbacks = Decorators.<ChatRequest, ChatResponse>ofFunction(
                    model::chat)
            .withFallback(failure -> Stubs.RESPONSE)
            .withFallback(failure -> Stubs.RESPONSE)
            .withFallback(failure -> Stubs.RESPONSE)
            .withFallback(failure -> Stubs.RESPONSE)
            .withFallback(failure -> Stubs.RESPONSE)
            .decorate();

    private static RateLimiter neverFull() {
        return RateLimiter.of(
                "model",
                RateLimiterConfig.custom()
                        .limitForPeriod(1_000_000_000)
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .build());
    }

    @Benchmark
    public ChatResponse plain() {
        return model.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse stack() {
        return stack.apply(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse fallbacks() {
        return fallbacks.apply(Stubs.REQUEST);
    }
}
