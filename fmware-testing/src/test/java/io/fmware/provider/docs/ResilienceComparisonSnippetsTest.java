package io.fmware.provider.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiTokenCountEstimator;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.cost.Budget;
import io.fmware.cost.Money;
import io.fmware.cost.TokenEstimator;
import io.fmware.retry.Breaker;
import io.fmware.retry.RetryBudget;
import io.fmware.retry.Retrying;
import io.fmware.route.RateLimit;
import io.fmware.testing.ScriptedChatModel;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.decorators.Decorators;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The code of the page that compares retries, limits and budgets, and what it says of peers that can be seen here. */
class ResilienceComparisonSnippetsTest {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final String ANSWER = """
            {"id": "1", "object": "chat.completion", "model": "gpt-4o-mini",
             "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "In the post."}}],
             "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}""";

    @Test
    void each_tenant_has_spent_what_its_calls_cost() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        ChatModel openAi = OpenAiChatModel.builder()
                .baseUrl("http://" + server.getAddress().getHostString() + ":"
                        + server.getAddress().getPort())
                .apiKey("key")
                .modelName("gpt-4o-mini")
                .maxRetries(0)
                .httpClientBuilder(JdkHttpClient.builder())
                .build();

        // docs:start resilience-comparison-fmware
        TokenEstimator estimator = TokenEstimator.standard(); // learns from what the model reports
        Budget budget = Budget.of(Money.usd("20"))
                .perTenant()
                .perDay()
                .estimator(estimator)
                .build();

        FmPipeline pipeline = FmPipeline.builder()
                .with(Retrying.upTo(3).budget(RetryBudget.standard()).build())
                .with(Breaker.standard())
                .with(RateLimit.builder()
                        .tokensPerMinute(200_000)
                        .estimator(estimator)
                        .build())
                .with(budget)
                .build();
        ChatModel model = pipeline.wrap(openAi); // which has maxRetries(0)

        String answer;
        try (FmRun run = pipeline.run("card").tenant("acme").open()) {
            answer = model.chat("Where is my card?");
        }
        // docs:end resilience-comparison-fmware

        assertThat(answer).isEqualTo("In the post.");
        // 10 tokens at 0.15 and 5 at 0.60 dollars a million
        assertThat(budget.balance("acme", Instant.now()).spent()).isEqualByComparingTo("0.0000045");
        assertThat(budget.balance("umbrella", Instant.now()).spent()).isZero();
        pipeline.close();
        server.stop(0);
    }

    @Test
    void langchain4j_asks_three_times_and_does_not_read_how_long_to_wait() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getResponseHeaders().set("Retry-After", "60");
            exchange.sendResponseHeaders(TOO_MANY_REQUESTS, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://" + server.getAddress().getHostString() + ":"
                    + server.getAddress().getPort();
            String key = "key";

            // docs:start resilience-comparison-langchain4j
            ChatModel model = OpenAiChatModel.builder()
                    .baseUrl(url)
                    .apiKey(key)
                    .modelName("gpt-4o-mini")
                    .maxRetries(2) // the default: three requests, 0.5 s and 0.75 s apart, and up to a fifth more
                    .httpClientBuilder(JdkHttpClient.builder())
                    .build();
            // docs:end resilience-comparison-langchain4j

            long begun = System.nanoTime();
            assertThatThrownBy(() -> model.chat("Where is my card?")).isInstanceOf(RateLimitException.class);
            assertThat(requests).hasValue(3);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void resilience4j_takes_the_estimated_tokens_and_is_not_told_what_was_used() {
        ScriptedChatModel model = ScriptedChatModel.replying("In the post.");

        // docs:start resilience-comparison-resilience4j
        Retry retry = Retry.of(
                "model",
                RetryConfig.custom()
                        .maxAttempts(3)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(500), 2))
                        .retryOnException(RetriableException.class::isInstance)
                        .build());
        CircuitBreaker breaker = CircuitBreaker.of(
                "model",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(50)
                        .minimumNumberOfCalls(20)
                        .waitDurationInOpenState(Duration.ofSeconds(1))
                        .ignoreExceptions(NonRetriableException.class, RequestNotPermitted.class)
                        .build());
        RateLimiter tokensPerMinute = RateLimiter.of(
                "model",
                RateLimiterConfig.custom()
                        .limitForPeriod(200_000)
                        .limitRefreshPeriod(Duration.ofMinutes(1))
                        .timeoutDuration(Duration.ofSeconds(30))
                        .build());
        TokenCountEstimator counter = new OpenAiTokenCountEstimator("gpt-4o-mini");

        Function<ChatRequest, ChatResponse> asking = Decorators.ofFunction((ChatRequest request) -> model.chat(request))
                .withRateLimiter(
                        tokensPerMinute, request -> counter.estimateTokenCountInMessages(request.messages()) + 500)
                .withCircuitBreaker(breaker)
                .withRetry(retry)
                .decorate();
        // docs:end resilience-comparison-resilience4j

        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("Where is my card?"))
                .build();

        assertThat(asking.apply(request).aiMessage().text()).isEqualTo("In the post.");
        int estimate = counter.estimateTokenCountInMessages(request.messages()) + 500;
        assertThat(tokensPerMinute.getMetrics().getAvailablePermissions()).isEqualTo(200_000 - estimate);
    }
}
