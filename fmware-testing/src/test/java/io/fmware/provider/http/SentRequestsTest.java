package io.fmware.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.http.BlockingHttpClient;
import io.fmware.http.ScriptedServer;
import io.fmware.http.WatchedHttpClientBuilder;
import io.fmware.provider.Told;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** To which servers requests go, as runs see it. */
@Timeout(60)
class SentRequestsTest {
    private static final String ANSWER = """
            {"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":"yes"},"finish_reason":"stop"}]}""";

    @SuppressWarnings("ImmutableEnumChecker") // its functions keep no state
    enum Client {
        BLOCKING(BlockingHttpClient::builder),
        OF_LANGCHAIN4J(() -> WatchedHttpClientBuilder.of(HttpClientBuilderLoader.loadHttpClientBuilder())),
        BLOCKING_WRAPPED(() -> WatchedHttpClientBuilder.of(BlockingHttpClient.builder())),
        WRAPPED_TWICE(() -> WatchedHttpClientBuilder.of(
                WatchedHttpClientBuilder.of(HttpClientBuilderLoader.loadHttpClientBuilder())));

        private final Supplier<HttpClientBuilder> builder;

        Client(Supplier<HttpClientBuilder> builder) {
            this.builder = builder;
        }
    }

    private final Told told = new Told();

    private List<String> sent() {
        return told.events(FmEvent.RequestSent.class).stream()
                .map(each -> each.origin().path() + " " + each.method() + " " + each.address() + " " + each.port())
                .toList();
    }

    private static String named(ScriptedServer server) {
        URI uri = URI.create(server.url());
        return uri.getHost() + " " + uri.getPort();
    }

    @ParameterizedTest
    @EnumSource
    void a_chat_tells_its_server_at_its_attempt(Client client) throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
                    connection.receive();
                    connection.respond("200 OK", "", ANSWER);
                });
                FmPipeline pipeline = FmPipeline.builder().watch(told).build()) {
            ChatModel model = pipeline.wrap((ChatModel) OpenAiChatModel.builder()
                    .httpClientBuilder(client.builder.get())
                    .baseUrl(server.url() + "/v1")
                    .apiKey("none")
                    .modelName("gpt")
                    .timeout(Duration.ofSeconds(20))
                    .build());

            assertThat(model.chat("Hello")).isEqualTo("yes");

            assertThat(sent())
                    .containsExactly(
                            "call/call:OpenAiChatModel gpt#1/attempt:OpenAiChatModel gpt#1 POST " + named(server));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_tells_its_server_at_its_attempt(Client client) throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
                    connection.receive();
                    connection.beginStream();
                    connection.event(OpenAiEvents.token("yes"));
                    connection.event(OpenAiEvents.STOP);
                    connection.event(OpenAiEvents.DONE);
                    connection.endStream();
                });
                FmPipeline pipeline = FmPipeline.builder().watch(told).build()) {
            StreamingChatModel model = pipeline.wrap((StreamingChatModel) OpenAiStreamingChatModel.builder()
                    .httpClientBuilder(client.builder.get())
                    .baseUrl(server.url() + "/v1")
                    .apiKey("none")
                    .modelName("gpt")
                    .timeout(Duration.ofSeconds(20))
                    .build());
            CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
            model.chat("Hello", new StreamingChatResponseHandler() {
                @Override
                public void onCompleteResponse(ChatResponse response) {
                    answer.complete(response);
                }

                @Override
                public void onError(Throwable error) {
                    answer.completeExceptionally(error);
                }
            });

            assertThat(answer.get(20, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("yes");

            assertThat(sent())
                    .containsExactly(
                            "call/call:OpenAiStreamingChatModel gpt#1/attempt:OpenAiStreamingChatModel gpt#1 POST "
                                    + named(server));
        }
    }

    /** Answers nothing. As a builder it never changes, but gives another one. */
    private record Silent(
            @Nullable Duration connectTimeout, @Nullable Duration readTimeout)
            implements HttpClientBuilder, HttpClient {

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            return new Silent(timeout, readTimeout);
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            return new Silent(connectTimeout, timeout);
        }

        @Override
        public HttpClient build() {
            return this;
        }

        @Override
        public SuccessfulHttpResponse execute(HttpRequest request) {
            return SuccessfulHttpResponse.builder().statusCode(204).build();
        }

        @Override
        public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
            listener.onClose();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/v1,            api.example.com 443",
        "http://user:secret@api.example.com/v1, api.example.com 80",
        "http://[::1]:8080/v1,                  ::1 8080",
        "HTTPS://API.example.com,               API.example.com 443"
    })
    void a_server_is_told_by_name_and_port_and_nothing_else_of_its_address(String url, String server) {
        HttpClient client = WatchedHttpClientBuilder.of(new Silent(null, null)).build();
        try (FmRun run = FmRun.builder("job").watch(told).open()) {
            client.execute(HttpRequest.builder().method(HttpMethod.GET).url(url).build());
        }

        assertThat(sent()).containsExactly("job GET " + server);
    }

    @ParameterizedTest
    @CsvSource({"not an address", "file:///etc/passwd", "http://a_b/"})
    void an_address_without_a_server_is_left_to_the_client(String url) {
        HttpClient client = WatchedHttpClientBuilder.of(new Silent(null, null)).build();
        try (FmRun run = FmRun.builder("job").watch(told).open()) {
            client.execute(HttpRequest.builder().method(HttpMethod.GET).url(url).build());
            assertThat(run.dropped()).isZero();
        }

        assertThat(sent()).isEmpty();
    }

    @Test
    void the_timeouts_of_a_model_reach_the_client() {
        WatchedHttpClientBuilder builder = WatchedHttpClientBuilder.of(new Silent(null, null))
                .connectTimeout(Duration.ofSeconds(1))
                .readTimeout(Duration.ofSeconds(2));

        assertThat(builder.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(builder.readTimeout()).isEqualTo(Duration.ofSeconds(2));
    }
}
