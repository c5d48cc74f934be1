package io.fmware.provider.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.Logged;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.StreamEvent;
import io.fmware.TokenSink;
import io.fmware.http.BlockingHttpClient;
import io.fmware.http.HttpStatusException;
import io.fmware.http.ScriptedServer;
import io.fmware.http.ScriptedServer.Connection;
import io.fmware.http.ScriptedServer.Script;
import io.fmware.http.WatchedHttpClientBuilder;
import io.fmware.retry.Answered;
import io.fmware.retry.Breaker;
import io.fmware.retry.Retrying;
import io.fmware.retry.Scene;
import io.fmware.retry.Way;
import io.fmware.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Retries in front of real clients: what a broken provider looks like to them, and what they let through of what it says. */
@Timeout(60)
class RetryingOverHttpTest {
    private static final String JSON = "Content-Type: application/json\r\nConnection: close\r\n";
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ManualClock clock = ManualClock.create();

    enum Provider {
        OPEN_AI,
        OLLAMA;

        ChatModel chat(String url, HttpClientBuilder client) {
            return chat(url, client, 0);
        }

        ChatModel chat(String url, HttpClientBuilder client, int maxRetries) {
            return this == OPEN_AI
                    ? OpenAiChatModel.builder()
                            .httpClientBuilder(client)
                            .baseUrl(url)
                            .apiKey("key")
                            .modelName("m")
                            .maxRetries(maxRetries)
                            .timeout(LONG)
                            .build()
                    : OllamaChatModel.builder()
                            .httpClientBuilder(client)
                            .baseUrl(url)
                            .modelName("m")
                            .maxRetries(maxRetries)
                            .timeout(LONG)
                            .build();
        }

        StreamingChatModel stream(String url, HttpClientBuilder client) {
            return this == OPEN_AI
                    ? OpenAiStreamingChatModel.builder()
                            .httpClientBuilder(client)
                            .baseUrl(url)
                            .apiKey("key")
                            .modelName("m")
                            .timeout(LONG)
                            .build()
                    : OllamaStreamingChatModel.builder()
                            .httpClientBuilder(client)
                            .baseUrl(url)
                            .modelName("m")
                            .timeout(LONG)
                            .build();
        }

        void answer(Connection connection, Way way) throws IOException {
            if (this == OLLAMA) {
                connection.respond(
                        "200 OK", "Content-Type: application/x-ndjson\r\nConnection: close\r\n", ollama("yes"));
            } else if (way == Way.STREAM) {
                connection.beginStream();
                connection.event(token("yes"));
                connection.event("[DONE]");
                connection.endStream();
            } else {
                connection.respond(
                        "200 OK",
                        JSON,
                        "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                                + "\"message\":{\"role\":\"assistant\",\"content\":\"yes\"},\"finish_reason\":\"stop\"}]}");
            }
        }
    }

    private static String ollama(String text) {
        return "{\"model\":\"m\",\"created_at\":\"2026-11-21T00:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\""
                + text + "\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,\"eval_count\":2}\n";
    }

    private static String token(String text) {
        return "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":null}]}";
    }

    static Stream<Arguments> all() {
        return Stream.of(Provider.values())
                .flatMap(provider -> Stream.of(Way.values()).map(way -> Arguments.of(provider, way)));
    }

    /** Breaks the first connections and answers on the later ones. */
    private static ScriptedServer server(Provider provider, Way way, Script... broken) throws IOException {
        AtomicInteger connections = new AtomicInteger();
        return ScriptedServer.serving(connection -> {
            int number = connections.getAndIncrement();
            connection.receive();
            if (number < broken.length) {
                broken[number].serve(connection);
            } else {
                provider.answer(connection, way);
            }
        });
    }

    private Scene scene(
            Provider provider,
            Way way,
            ScriptedServer server,
            HttpClientBuilder client,
            UnaryOperator<FmPipeline.Builder> setUp) {
        return Scene.of(
                way,
                provider.chat(server.url(), client),
                provider.stream(server.url(), client),
                b -> setUp.apply(b.time(clock)));
    }

    private static Retrying atOnce(int attempts) {
        return Retrying.upTo(attempts).random(() -> 0).build();
    }

    private static Script status(String status, String headers, String body) {
        return connection -> connection.respond(status, JSON + headers, body);
    }

    @ParameterizedTest
    @MethodSource("all")
    void the_wait_of_a_429_is_honoured(Provider provider, Way way) throws Exception {
        Script refusing = status("429 Too Many Requests", "Retry-After: 7\r\n", "{\"error\":{}}");
        try (ScriptedServer server = server(provider, way, refusing);
                Scene scene = scene(provider, way, server, BlockingHttpClient.builder(), b -> b.with(atOnce(3)))) {
            CompletableFuture<Answered> answered = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(6_999));
            clock.awaitTimers(1);
            assertThat(server.requests()).hasSize(1);
            clock.advance(Duration.ofMillis(1));

            assertThat(Scene.await(answered).text()).isEqualTo("yes");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_wait_that_is_said_in_the_text_is_honoured_with_any_client(Provider provider, Way way) throws Exception {
        Script refusing = status(
                "429 Too Many Requests",
                "",
                "{\"error\":{\"message\":\"Rate limit reached for m. Please try again in 1.5s.\"}}");
        try (ScriptedServer server = server(provider, way, refusing);
                Scene scene = scene(provider, way, server, JdkHttpClient.builder(), b -> b.with(atOnce(3)))) {
            CompletableFuture<Answered> answered = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(1_499));
            clock.awaitTimers(1);
            assertThat(server.requests()).hasSize(1);
            clock.advance(Duration.ofMillis(1));

            assertThat(Scene.await(answered).text()).isEqualTo("yes");
        }
    }

    /** Headers of a 429, and the least wait before the second attempt where chance adds nothing. */
    enum Told {
        SECONDS("Retry-After: 7\r\n", 7_000),
        NO_SECONDS("Retry-After: 0\r\n", 0),
        NEGATIVE("Retry-After: -5\r\n", 0),
        NONSENSE("Retry-After: soon\r\n", 0),
        A_DATE_THAT_HAS_PASSED("Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", 0),
        NO_REQUESTS_LEFT(left("requests", 0, "7s"), 7_000),
        NO_TOKENS_LEFT(left("tokens", 0, "250ms"), 250),
        NEITHER_LEFT(left("requests", 0, "3s") + left("tokens", 0, "8s"), 8_000),
        SOME_LEFT(left("requests", 1, "7s"), 0),
        NONE_LEFT_AND_A_WAIT("Retry-After: 2\r\n" + left("requests", 0, "7s"), 2_000);

        final String headers;
        final long millis;

        Told(String headers, long millis) {
            this.headers = headers;
            this.millis = millis;
        }
    }

    private static String left(String what, int remaining, String reset) {
        return "x-ratelimit-remaining-" + what + ": " + remaining + "\r\nx-ratelimit-reset-" + what + ": " + reset
                + "\r\n";
    }

    static Stream<Arguments> what_a_429_tells_is_waited_and_no_more() {
        return Stream.of(Told.values()).flatMap(told -> all().map(a -> Arguments.of(told, a.get()[0], a.get()[1])));
    }

    @ParameterizedTest
    @MethodSource
    void what_a_429_tells_is_waited_and_no_more(Told told, Provider provider, Way way) throws Exception {
        Script refusing = status("429 Too Many Requests", told.headers, "{\"error\":{}}");
        try (ScriptedServer server = server(provider, way, refusing);
                Scene scene = scene(provider, way, server, BlockingHttpClient.builder(), b -> b.with(atOnce(3)))) {
            CompletableFuture<Answered> answered = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            if (told.millis > 0) {
                clock.awaitTimers(1);
                clock.advance(Duration.ofMillis(told.millis - 1));
                clock.awaitTimers(1);
                assertThat(server.requests()).hasSize(1);
                clock.advance(Duration.ofMillis(1));
            }

            assertThat(Scene.await(answered).text()).isEqualTo("yes");
            assertThat(server.requests()).hasSize(2);
        }
    }

    /** The client counts from the time of this machine, so that the date cannot be told to the second. */
    @ParameterizedTest
    @MethodSource("all")
    void a_date_that_is_yet_to_come_is_waited_for(Provider provider, Way way) throws Exception {
        Script refusing = connection -> status(
                        "429 Too Many Requests", "Retry-After: " + dateIn(Duration.ofSeconds(40)) + "\r\n", "{}")
                .serve(connection);
        try (ScriptedServer server = server(provider, way, refusing);
                Scene scene = scene(provider, way, server, BlockingHttpClient.builder(), b -> b.with(atOnce(3)))) {
            CompletableFuture<Answered> answered = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(5));
            clock.awaitTimers(1);
            assertThat(server.requests()).hasSize(1);
            clock.advance(Duration.ofSeconds(35));

            assertThat(Scene.await(answered).text()).isEqualTo("yes");
            assertThat(server.requests()).hasSize(2);
        }
    }

    private static String dateIn(Duration duration) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneId.of("GMT")).plus(duration));
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_wait_that_is_longer_than_the_longest_ends_the_call_at_once(Provider provider, Way way) throws Exception {
        for (String headers : List.of(
                "Retry-After: 61\r\n",
                "Retry-After: 99999999999999999999\r\n",
                "Retry-After: " + dateIn(Duration.ofHours(1)) + "\r\n",
                left("tokens", 0, "6m0s"))) {
            Script refusing = status("429 Too Many Requests", headers, "{}");
            try (ScriptedServer server = server(provider, way, refusing);
                    Scene scene = scene(provider, way, server, BlockingHttpClient.builder(), b -> b.with(atOnce(3)))) {
                assertThat(scene.ask("Hi").failure(RateLimitException.class).getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .asString()
                        .as(headers)
                        .matches(
                                "interceptor 'retrying' stopped after attempt 1 of 3: the server asks for a wait of .+,"
                                        + " and the longest wait is 60 s; raise that, or turn to another model with Fallback");
                assertThat(server.requests()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_server_that_asks_for_no_wait_does_not_stop_the_waits_from_growing(Provider provider, Way way)
            throws Exception {
        Script none = status("429 Too Many Requests", "Retry-After: 0\r\n", "{}");
        Script past = status("503 Service Unavailable", "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", "{}");
        Retrying slowest = Retrying.upTo(4).random(() -> -1).build(); // the largest remainder, whatever the bound
        try (ScriptedServer server = server(provider, way, none, past, none);
                Scene scene = scene(provider, way, server, BlockingHttpClient.builder(), b -> b.with(slowest))) {
            CompletableFuture<Answered> answered = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            int requests = 1;
            for (long millis : new long[] {500, 1_000, 2_000}) {
                clock.awaitTimers(1);
                clock.advance(Duration.ofMillis(millis - 1));
                clock.awaitTimers(1);
                assertThat(server.requests()).hasSize(requests++);
                clock.advance(Duration.ofMillis(1));
            }

            assertThat(Scene.await(answered).text()).isEqualTo("yes");
            assertThat(server.requests()).hasSize(4);
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // the scripts capture nothing that changes
    enum Breakdown {
        UNAVAILABLE(status("503 Service Unavailable", "", "{}")),
        REQUEST_TIMEOUT(status("408 Request Timeout", "", "{}")),
        TOO_MANY_REQUESTS(status("429 Too Many Requests", "", "{}")),
        MALFORMED_JSON(status("200 OK", "", "{\"choices\": [{")),
        RESET(Connection::reset),
        RESET_IN_THE_BODY(connection -> {
            connection.send("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 1000\r\n\r\n{\"id\"");
            connection.reset();
        });

        final Script script;

        Breakdown(Script script) {
            this.script = script;
        }
    }

    static Stream<Arguments> a_provider_that_works_again_is_not_noticed_to_have_failed() {
        return Stream.of(Breakdown.values())
                .flatMap(breakdown -> all().map(a -> Arguments.of(breakdown, a.get()[0], a.get()[1])))
                // langchain4j's client takes a stream without events for an empty answer
                .filter(a -> a.get()[0] != Breakdown.MALFORMED_JSON || a.get()[2] != Way.STREAM);
    }

    @ParameterizedTest
    @MethodSource
    void a_provider_that_works_again_is_not_noticed_to_have_failed(Breakdown breakdown, Provider provider, Way way)
            throws Exception {
        for (HttpClientBuilder client : List.of(BlockingHttpClient.builder(), JdkHttpClient.builder())) {
            try (ScriptedServer server = server(provider, way, breakdown.script, breakdown.script);
                    Scene scene = scene(provider, way, server, client, b -> b.with(atOnce(3)))) {
                assertThat(scene.ask("Hi").text()).isEqualTo("yes");
                assertThat(server.requests()).as("one request for each attempt").hasSize(3);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_quota_that_is_used_up_and_a_wrong_key_are_not_tried_again(Provider provider, Way way) throws Exception {
        String quota = "{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}";
        try (ScriptedServer server = server(
                        provider,
                        way,
                        status("429 Too Many Requests", "", quota),
                        status("401 Unauthorized", "", "{}"));
                Scene scene = scene(provider, way, server, BlockingHttpClient.builder(), b -> b.with(atOnce(3)))) {
            assertThat(scene.ask("Hi").failure(RateLimitException.class)).hasNoSuppressedExceptions();
            assertThat(scene.ask("Hi").failure(AuthenticationException.class)).hasNoSuppressedExceptions();
            assertThat(server.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_that_breaks_before_its_first_token_is_begun_again_and_one_that_breaks_after_it_fails(
            Provider provider) throws Exception {
        CountDownLatch shown = new CountDownLatch(1);
        Interceptor watching = Interceptor.of(
                "watching", Phase.LIMIT, (call, next) -> next.proceed(call.withSink(telling(call.sink(), shown))));
        Script before = connection -> {
            connection.beginStream();
            connection.reset();
        };
        Script after = connection -> {
            connection.beginStream();
            if (provider == Provider.OPEN_AI) {
                connection.event(token("Hel"));
            } else {
                connection.chunk(
                        ollama("Hel").replace("true", "false").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            assertThat(shown.await(10, TimeUnit.SECONDS)).isTrue(); // a reset takes back what was not read yet
            connection.reset();
        };
        try (ScriptedServer server = server(provider, Way.STREAM, before, after);
                Scene scene = scene(
                        provider,
                        Way.STREAM,
                        server,
                        BlockingHttpClient.builder(),
                        b -> b.with(atOnce(3)).with(watching))) {
            Answered answered = scene.ask("Hi");

            assertThat(answered.events()).containsExactly("text:Hel");
            assertThat(answered.error().getSuppressed())
                    .extracting(Throwable::getMessage)
                    .anyMatch(message ->
                            message.contains("stopped after attempt 2 of 3: pieces of the stream were shown"));
            assertThat(server.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_breaker_keeps_calls_from_a_provider_that_is_down(Provider provider, Way way) throws Exception {
        Script down = status("503 Service Unavailable", "", "{}");
        Breaker breaker = Breaker.builder().window(4).minimumCalls(4).build();
        try (ScriptedServer server = server(provider, way, down, down, down, down);
                Scene scene = scene(
                        provider,
                        way,
                        server,
                        BlockingHttpClient.builder(),
                        b -> b.with(atOnce(3)).with(breaker))) {
            assertThat(scene.ask("Hi").error()).isInstanceOf(InternalServerException.class);
            OverloadedException refused = scene.ask("Hi").failure(OverloadedException.class);
            assertThat(refused).hasMessageStartingWith(provider + " m failed too often (4 of 4 calls failed");
            assertThat(HttpStatusException.find(refused.getSuppressed()[0])).isPresent();
            assertThat(server.requests()).hasSize(4);

            clock.advance(Duration.ofMillis(1_001));
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
    }

    /** Tells when something was shown. */
    private static TokenSink telling(TokenSink sink, CountDownLatch shown) {
        return new TokenSink() {
            @Override
            public void emit(StreamEvent event) {
                sink.emit(event);
                shown.countDown();
            }

            @Override
            public boolean restart() {
                return sink.restart();
            }
        };
    }

    @SuppressWarnings("ImmutableEnumChecker") // its functions keep no state
    enum Client {
        BLOCKING(BlockingHttpClient::builder),
        OF_LANGCHAIN4J(() -> WatchedHttpClientBuilder.of(JdkHttpClient.builder()));

        private final Supplier<HttpClientBuilder> builder;

        Client(Supplier<HttpClientBuilder> builder) {
            this.builder = builder;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_client_that_retries_by_itself_is_told_of_once_when_attempts_multiply(Client client) throws Exception {
        Script down = status("503 Service Unavailable", "", "{\"error\":{}}");
        try (ScriptedServer server = server(Provider.OPEN_AI, Way.CHAT, down, down, down, down);
                FmPipeline pipeline = FmPipeline.builder()
                        .with(Retrying.upTo(3).firstDelay(Duration.ofMillis(1)).build())
                        .build()) {
            ChatModel model = pipeline.wrap(Provider.OPEN_AI.chat(server.url(), client.builder.get(), 1));

            String said = Logged.during(() -> assertThat(model.chat("Hi")).isEqualTo("yes"));

            assertThat(said.lines())
                    .filteredOn(line -> line.contains("interceptor"))
                    .singleElement()
                    .asString()
                    .endsWith(
                            "interceptor 'retrying' retries calls of OpenAiChatModel m, which sent 2 requests in 1"
                                    + " attempts: it retries by itself too, so that attempts multiply; build the model with maxRetries(0)");
            assertThat(server.requests()).hasSize(5);
        }
    }
}
