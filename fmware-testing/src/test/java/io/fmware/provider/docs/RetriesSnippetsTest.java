package io.fmware.provider.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.fmware.FmPipeline;
import io.fmware.Logged;
import io.fmware.http.BlockingHttpClient;
import io.fmware.http.HttpStatusException;
import io.fmware.http.RateLimits;
import io.fmware.http.ScriptedServer;
import io.fmware.retry.AdaptiveThrottle;
import io.fmware.retry.Breaker;
import io.fmware.retry.Deadlines;
import io.fmware.retry.RetryBudget;
import io.fmware.retry.Retrying;
import io.fmware.route.Fallback;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of the pages on retries and on circuit breakers. */
class RetriesSnippetsTest {
    private static final Logger log = LoggerFactory.getLogger(RetriesSnippetsTest.class);

    private static ScriptedChatModel failingOnce() {
        return ScriptedChatModel.of(Reply.error(new InternalServerException("busy")), Reply.text("yes"));
    }

    @Test
    void retries_within_a_deadline() {
        ChatModel chatModel = failingOnce();

        // docs:start retries-pipeline
        FmPipeline pipeline = FmPipeline.builder()
                .with(Deadlines.of(Duration.ofSeconds(30)))
                .with(Retrying.upTo(3).build())
                .with(Deadlines.ofEachAttempt(Duration.ofSeconds(12)))
                .build();

        ChatModel model = pipeline.wrap(chatModel); // which has maxRetries(0)
        // docs:end retries-pipeline

        assertThat(pipeline).hasToString("deadlines(retrying(attemptDeadlines(model)))");
        assertThat(model.chat("Hi")).isEqualTo("yes");
    }

    @Test
    void a_budget_is_shared_by_giving_the_same_object() {
        // docs:start retries-budget
        RetryBudget budget = RetryBudget.of(100, 0.1);

        FmPipeline chats = FmPipeline.builder()
                .with(Retrying.upTo(3).budget(budget).build())
                .build();
        FmPipeline batches = FmPipeline.builder()
                .with(Retrying.upTo(5)
                        .budget(budget)
                        .firstDelay(Duration.ofSeconds(2))
                        .build())
                .build();
        // docs:end retries-budget

        assertThat(chats.wrap((ChatModel) failingOnce()).chat("Hi")).isEqualTo("yes");
        assertThat(budget.tokens("ScriptedChatModel")).isEqualTo(99.1);
        assertThat(batches).hasToString("retrying(model)");
    }

    @Test
    void limits_are_read_from_a_failure() throws Exception {
        Throwable failure = refusal();
        String said = Logged.during(() -> tell(failure));

        assertThat(said).contains("wait Optional[PT7S], tokens left OptionalLong[42]");
    }

    /** What a real client throws of a 429. */
    private static Throwable refusal() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond(
                    "429 Too Many Requests",
                    "Content-Type: application/json\r\nRetry-After: 7\r\nx-ratelimit-remaining-tokens: 42\r\n",
                    "{\"error\":{}}");
        })) {
            ChatModel model = OpenAiChatModel.builder()
                    .httpClientBuilder(BlockingHttpClient.builder())
                    .baseUrl(server.url())
                    .apiKey("key")
                    .modelName("m")
                    .maxRetries(0)
                    .build();
            return catchThrowable(() -> model.chat("Hi"));
        }
    }

    private static void tell(Throwable failure) {
        // docs:start retries-limits
        HttpStatusException.find(failure).ifPresent(refused -> {
            Optional<Duration> wait = refused.retryAfter();
            RateLimits limits = refused.response().rateLimits();
            log.info("wait {}, tokens left {}", wait, limits.tokens().remaining());
        });
        // docs:end retries-limits
    }

    @Test
    void a_breaker_stands_behind_the_retries_and_before_another_model() {
        ScriptedChatModel first = ScriptedChatModel.of(Script.always(Reply.error(new InternalServerException("down"))));
        ChatModel other = ScriptedChatModel.of(Script.always(Reply.text("from the other")));

        // docs:start breaker-pipeline
        Breaker breaker = Breaker.builder()
                .failureRate(0.5)
                .window(50)
                .minimumCalls(20)
                .openFor(Duration.ofSeconds(1))
                .probes(5)
                .build();

        FmPipeline pipeline = FmPipeline.builder()
                .with(Fallback.to(other))
                .with(Retrying.upTo(3).firstDelay(Duration.ofMillis(1)).build())
                .with(breaker)
                .build();
        ChatModel model = pipeline.wrap((ChatModel) first);
        // docs:end breaker-pipeline

        for (int i = 0; i < 30; i++) {
            assertThat(model.chat("Hi")).isEqualTo("from the other");
        }

        // docs:start breaker-state
        breaker.states().forEach((name, state) -> log.info("{} is {}", name, state));
        // docs:end breaker-state

        assertThat(breaker.state("ScriptedChatModel")).isEqualTo(Breaker.State.OPEN);
    }

    @Test
    void a_throttle_takes_the_place_of_a_breaker() {
        // docs:start breaker-throttle
        FmPipeline pipeline = FmPipeline.builder()
                .with(Retrying.upTo(3).build())
                .with(AdaptiveThrottle.builder()
                        .k(2)
                        .window(Duration.ofSeconds(2))
                        .atLeast(0.1)
                        .build())
                .build();
        // docs:end breaker-throttle

        assertThat(pipeline.wrap((ChatModel) ScriptedChatModel.replying("yes")).chat("Hi"))
                .isEqualTo("yes");
    }
}
