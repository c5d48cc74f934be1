package io.fmware.benchmarks;

import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.internal.RetryUtils;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.retry.AdaptiveThrottle;
import io.fmware.retry.Breaker;
import io.fmware.retry.Retrying;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.decorators.Decorators;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What retries add to an outage, and how long it takes until all requests succeed again after it. All ways of retrying are
 * measured at once, each with its own model, in real time.
 */
final class RetryFigures implements FigureGroup {
    private static final String AMPLIFICATION = "retry.amplification.outage";
    private static final String RECOVERY = "retry.recovery";
    private static final int ATTEMPTS = 3;

    /** The ways of retrying, by the end of the name of their figures. */
    private static final Map<String, Function<ChatModel, Outage.Way>> WAYS = ways();

    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "", "Retrying.upTo(3), its budget and Breaker, all as by default",
            ".budget", "Retrying.upTo(3) with its budget as by default, no breaker",
            ".throttle", "Retrying.upTo(3), its budget and AdaptiveThrottle, all as by default",
            ".throttle.window10s", "the same with a window of 10 s",
            ".peer.langchain4j", "RetryUtils with maxRetries 2, as OpenAiChatModel has by default",
            ".peer.resilience4j", "Retry.ofDefaults (3 attempts, 500 ms) around CircuitBreaker.ofDefaults",
            ".peer.resilience4j.same",
                    "3 attempts, backoff from 500 ms on, around a CircuitBreaker of 50 calls, at least 20, open for 1 s",
            ".base.naive", "3 attempts at once");

    private static Map<String, Function<ChatModel, Outage.Way>> ways() {
        Map<String, Function<ChatModel, Outage.Way>> ways = new LinkedHashMap<>();
        ways.put("", model -> piped(model, FmPipeline.builder().with(retrying()).with(Breaker.standard())));
        ways.put(".budget", model -> piped(model, FmPipeline.builder().with(retrying())));
        ways.put(
                ".throttle",
                model -> piped(model, FmPipeline.builder().with(retrying()).with(AdaptiveThrottle.standard())));
        ways.put(
                ".peer.langchain4j",
                model -> () -> RetryUtils.withRetryMappingExceptions(() -> model.chat(Stubs.REQUEST), ATTEMPTS - 1));
        ways.put(
                ".peer.resilience4j",
                model -> decorated(model, CircuitBreaker.ofDefaults("model"), Retry.ofDefaults("model")));
        ways.put(
                ".peer.resilience4j.same",
                model -> decorated(
                        model, CircuitBreaker.of("model", comparedBreaker()), Retry.of("model", comparedRetry())));
        ways.put(".base.naive", model -> () -> naive(model));
        return ways;
    }

    private static Retrying retrying() {
        return Retrying.upTo(ATTEMPTS).build();
    }

    private static Outage.Way piped(ChatModel model, FmPipeline.Builder builder) {
        ChatModel wrapped = builder.build().wrap(model);
        return () -> wrapped.chat(Stubs.REQUEST);
    }

    private static Outage.Way decorated(ChatModel model, CircuitBreaker breaker, Retry retry) {
        return Decorators.ofSupplier(() -> model.chat(Stubs.REQUEST))
                .withCircuitBreaker(breaker)
                .withRetry(retry)
                .decorate()::get;
    }

    /** As docs/resilience-comparison.md writes it for the same job, as is {@link #comparedRetry}. */
    private static CircuitBreakerConfig comparedBreaker() {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(50)
                .minimumNumberOfCalls(20)
                .waitDurationInOpenState(Duration.ofSeconds(1))
                .ignoreExceptions(NonRetriableException.class)
                .build();
    }

    private static RetryConfig comparedRetry() {
        return RetryConfig.custom()
                .maxAttempts(ATTEMPTS)
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(500), 2))
                .retryOnException(RetriableException.class::isInstance)
                .build();
    }

    private static void naive(ChatModel model) {
        for (int attempt = 1; ; attempt++) {
            try {
                model.chat(Stubs.REQUEST);
                return;
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>();
        WAYS.keySet().forEach(way -> names.add(AMPLIFICATION + way));
        WAYS.keySet().forEach(way -> names.add(RECOVERY + way));
        return names;
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws InterruptedException {
        Outage outage = new Outage();
        Map<String, Outage.Run> runs = new LinkedHashMap<>();
        WAYS.forEach((way, make) -> {
            if (wanted.contains(AMPLIFICATION + way) || wanted.contains(RECOVERY + way)) {
                runs.put(way, outage.prepare(make));
            }
        });
        output.rest().println("two outages for " + runs.size() + " ways of retrying; takes some four minutes");
        outage.run(runs.values());
        runs.forEach((way, run) -> {
            String conditions = DESCRIPTIONS.get(way) + "; " + Outage.CONDITIONS + ", " + Jdk.running();
            if (wanted.contains(AMPLIFICATION + way)) {
                output.print(new Figure(
                        AMPLIFICATION + way,
                        run.amplification(),
                        "x",
                        conditions + "; calls that reached the model in the 60 s by requests made in them, "
                                + run.callsInOutage() + " by " + run.requestsInOutage()));
            }
            if (wanted.contains(RECOVERY + way)) {
                Duration recovery = run.recovery();
                output.print(new Figure(
                        RECOVERY + way,
                        recovery.toMillis() / 1e3,
                        "s",
                        conditions
                                + "; from the end of an outage to the begin of the first second of whose requests 99 %"
                                + " succeed, the longer of two" + (run.hasRecovered() ? "" : ", which was not seen")));
            }
        });
    }
}
