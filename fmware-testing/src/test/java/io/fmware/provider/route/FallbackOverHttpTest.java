package io.fmware.provider.route;

import static io.fmware.provider.route.Providers.ollama;
import static io.fmware.provider.route.Providers.ollamaServer;
import static io.fmware.provider.route.Providers.ollamaStream;
import static io.fmware.provider.route.Providers.openAi;
import static io.fmware.provider.route.Providers.openAiAnswer;
import static io.fmware.provider.route.Providers.openAiStream;
import static io.fmware.provider.route.Providers.openAiToken;
import static io.fmware.provider.route.Providers.refusingUrl;
import static io.fmware.provider.route.Providers.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.StreamEvent;
import io.fmware.Target;
import io.fmware.TokenSink;
import io.fmware.http.ScriptedServer;
import io.fmware.retry.Answered;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Scene;
import io.fmware.retry.Way;
import io.fmware.route.Fallback;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A fallback in front of real clients: what a broken provider looks like to them is enough to turn to another one. */
@Timeout(60)
class FallbackOverHttpTest {

    private static Scene scene(Way way, String firstUrl, ScriptedServer ollama) {
        // A chat model behind a stream and the other way round, too.
        Target other = way == Way.CHAT
                ? Target.of(ollamaStream(ollama.url(), "model-b"))
                : Target.of(ollama(ollama.url(), "model-b"));
        return Scene.of(
                way,
                openAi(firstUrl, "model-a"),
                openAiStream(firstUrl, "model-a"),
                b -> b.with(Fallback.builder().then(other).build()));
    }

    @SuppressWarnings("ImmutableEnumChecker") // the scripts are lambdas that capture nothing
    enum Breakdown {
        TOO_MANY_REQUESTS(connection -> status(connection, "429 Too Many Requests")),
        REQUEST_TIMEOUT(connection -> status(connection, "408 Request Timeout")),
        SERVER_ERROR(connection -> status(connection, "500 Internal Server Error")),
        UNAVAILABLE(connection -> status(connection, "503 Service Unavailable")),
        MALFORMED_JSON(connection -> {
            connection.receive();
            connection.respond("200 OK", "Content-Type: application/json\r\nConnection: close\r\n", "{\"choices\": [{");
        }),
        HTML(connection -> {
            connection.receive();
            connection.respond(
                    "200 OK", "Content-Type: text/html\r\nConnection: close\r\n", "<html>Bad gateway</html>");
        }),
        RESET(connection -> {
            connection.receive();
            connection.reset();
        }),
        RESET_IN_THE_BODY(connection -> {
            connection.receive();
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"id\"");
            connection.reset();
        }),
        STREAM_RESET_BEFORE_THE_FIRST_TOKEN(connection -> {
            connection.receive();
            connection.beginStream();
            connection.reset();
        });

        final ScriptedServer.Script script;

        Breakdown(ScriptedServer.Script script) {
            this.script = script;
        }
    }

    /** What has no events in it: an empty answer to langchain4j's client, not a failure. */
    private static final Set<Breakdown> EMPTY_STREAMS = Set.of(Breakdown.HTML, Breakdown.MALFORMED_JSON);

    static Stream<Arguments> a_broken_provider_is_replaced_by_another() {
        return Stream.of(Breakdown.values())
                .flatMap(b -> Stream.of(Way.values()).map(way -> Arguments.of(b, way)))
                .filter(a -> a.get()[1] != Way.STREAM || !EMPTY_STREAMS.contains(a.get()[0]));
    }

    @ParameterizedTest
    @MethodSource
    void a_broken_provider_is_replaced_by_another(Breakdown breakdown, Way way) throws Exception {
        try (ScriptedServer broken = ScriptedServer.serving(breakdown.script);
                ScriptedServer working = ollamaServer("from B");
                Scene scene = scene(way, broken.url(), working)) {
            Answered answered = scene.ask("Hi");

            assertThat(answered.text()).isEqualTo("from B");
            assertThat(broken.requests()).hasSize(1);
            assertThat(working.requests()).hasSize(1);
            assertThat(working.requests().get(0)).contains("\"model-b\"").doesNotContain("model-a");
        }
    }

    @Test
    void a_stream_without_events_is_found_by_reprompting_and_then_replaced_by_another() throws Exception {
        for (Breakdown breakdown : EMPTY_STREAMS) {
            try (ScriptedServer broken = ScriptedServer.serving(breakdown.script);
                    ScriptedServer working = ollamaServer("from B");
                    Scene scene = Scene.of(
                            Way.STREAM,
                            openAi(broken.url(), "model-a"),
                            openAiStream(broken.url(), "model-a"),
                            b -> b.with(Fallback.to(ollamaStream(working.url(), "model-b")))
                                    .with(Reprompting.upTo(1).until(Replies.haveLength(1, 100))))) {
                assertThat(scene.ask("Hi").text()).isEqualTo("from B");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_provider_where_nobody_listens_is_replaced_by_another(Way way) throws Exception {
        try (ScriptedServer working = ollamaServer("from B");
                Scene scene = scene(way, refusingUrl(), working)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("from B");
        }
    }

    enum Refusal {
        WRONG_KEY("401 Unauthorized", AuthenticationException.class),
        FORBIDDEN("403 Forbidden", AuthenticationException.class),
        BAD_REQUEST("400 Bad Request", InvalidRequestException.class),
        UNKNOWN_MODEL("404 Not Found", ModelNotFoundException.class);

        final String status;
        final Class<? extends Throwable> type;

        Refusal(String status, Class<? extends Throwable> type) {
            this.status = status;
            this.type = type;
        }
    }

    static Stream<Arguments> a_provider_that_refuses_is_not_replaced() {
        return Stream.of(Refusal.values()).flatMap(r -> Stream.of(Way.values()).map(way -> Arguments.of(r, way)));
    }

    @ParameterizedTest
    @MethodSource
    void a_provider_that_refuses_is_not_replaced(Refusal refusal, Way way) throws Exception {
        try (ScriptedServer refusing = ScriptedServer.serving(connection -> status(connection, refusal.status));
                ScriptedServer working = ollamaServer("from B");
                Scene scene = scene(way, refusing.url(), working)) {
            assertThat(scene.ask("Hi").failure(refusal.type)).isNotNull();
            assertThat(working.requests()).isEmpty();
        }
    }

    @Test
    void a_stream_that_breaks_after_its_first_token_fails() throws Exception {
        CountDownLatch shown = new CountDownLatch(1);
        Interceptor noting = Interceptor.of("noting", Phase.VALIDATE, (call, next) -> {
            TokenSink below = call.sink();
            return next.proceed(call.withSink(new TokenSink() {
                @Override
                public void emit(StreamEvent event) {
                    below.emit(event);
                    shown.countDown();
                }

                @Override
                public boolean restart() {
                    return below.restart();
                }
            }));
        });
        try (ScriptedServer breaking = ScriptedServer.serving(connection -> {
                    connection.receive();
                    connection.beginStream();
                    connection.event(openAiToken("Hel"));
                    shown.await();
                    connection.reset();
                });
                ScriptedServer working = ollamaServer("from B");
                Scene scene = Scene.of(
                        Way.STREAM,
                        openAi(breaking.url(), "model-a"),
                        openAiStream(breaking.url(), "model-a"),
                        b -> b.with(Fallback.to(ollama(working.url(), "model-b")))
                                .with(noting))) {
            Answered answered = scene.ask("Hi");

            assertThat(answered.error()).isNotNull();
            assertThat(answered.events()).containsExactly("text:Hel");
            assertThat(working.requests()).isEmpty();
        }
    }

    @Test
    void a_stream_with_a_malformed_first_event_is_continued_by_another() throws Exception {
        try (ScriptedServer breaking = ScriptedServer.serving(connection -> {
                    connection.receive();
                    connection.beginStream();
                    connection.event("{malformed");
                    connection.event("[DONE]");
                    connection.endStream();
                });
                ScriptedServer working = ollamaServer("from B");
                Scene scene = scene(Way.STREAM, breaking.url(), working)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("from B");
        }
    }

    @ParameterizedTest
    @EnumSource
    void parameters_of_one_providers_type_reach_another_provider_as_far_as_it_knows_them(Way way) throws Exception {
        ChatRequest asked = Scene.request("Hi").toBuilder()
                .parameters(OpenAiChatRequestParameters.builder()
                        .modelName("model-a-large")
                        .temperature(0.25)
                        .seed(77)
                        .build())
                .build();
        try (ScriptedServer broken =
                        ScriptedServer.serving(connection -> status(connection, "503 Service Unavailable"));
                ScriptedServer working = ollamaServer("from B");
                Scene scene = scene(way, broken.url(), working)) {
            assertThat(scene.ask(asked, ChatRequestOptions.EMPTY).text()).isEqualTo("from B");

            assertThat(compact(broken.requests().get(0)))
                    .contains("\"model\":\"model-a-large\"", "\"seed\":77", "\"temperature\":0.25");
            assertThat(compact(working.requests().get(0)))
                    .contains("\"model\":\"model-b\"", "\"temperature\":0.25")
                    .doesNotContain("model-a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void parameters_of_a_providers_type_survive_on_the_way_to_another_model_of_it(Way way) throws Exception {
        ChatRequest asked = Scene.request("Hi").toBuilder()
                .parameters(OpenAiChatRequestParameters.builder()
                        .modelName("model-a-large")
                        .seed(77)
                        .metadata(Map.of("tenant", "acme"))
                        .build())
                .build();
        try (ScriptedServer broken = ScriptedServer.serving(connection -> status(connection, "429 Too Many Requests"));
                ScriptedServer working = ScriptedServer.serving(connection -> {
                    connection.receive();
                    connection.respond(
                            "200 OK",
                            "Content-Type: application/json\r\nConnection: close\r\n",
                            openAiAnswer("from B"));
                });
                Scene scene = Scene.of(
                        way,
                        ollama(broken.url(), "model-a"),
                        ollamaStream(broken.url(), "model-a"),
                        b -> b.with(Fallback.to(openAi(working.url(), "model-b"))))) {
            assertThat(scene.ask(asked, ChatRequestOptions.EMPTY).text()).isEqualTo("from B");

            assertThat(compact(working.requests().get(0)))
                    .contains("\"model\":\"model-b\"", "\"seed\":77", "\"metadata\":{\"tenant\":\"acme\"}")
                    .doesNotContain("model-a");
        }
    }

    private static String compact(String request) {
        return request.replaceAll("\\s*([:,{}\\[\\]])\\s*", "$1");
    }
}
