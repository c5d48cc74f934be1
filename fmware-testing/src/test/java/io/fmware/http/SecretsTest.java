package io.fmware.http;

import static io.fmware.http.Calls.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SecretsTest {

    private static final String KEY = "sk-very-secret-1";

    private final BlockingHttpClient client = BlockingHttpClient.builder().build();

    @Test
    void a_malformed_address_is_not_quoted() {
        assertThatThrownBy(() -> client.execute(post("http://host name/v1?key=" + KEY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The address of the request is malformed.")
                .satisfies(SecretsTest::isSilent);
    }

    @Test
    void an_address_of_another_kind_is_not_quoted() {
        assertThatThrownBy(() -> client.execute(post("file:///v1?key=" + KEY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The address of the request must be http or https and name a host.")
                .satisfies(SecretsTest::isSilent);
    }

    @Test
    void a_key_with_a_line_break_is_not_quoted() {
        HttpRequest request = HttpRequest.builder()
                .method(HttpMethod.POST)
                .url("http://127.0.0.1/v1")
                .addHeader("Authorization", "Bearer " + KEY + "\n")
                .build();

        assertThatThrownBy(() -> client.execute(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The header Authorization cannot be sent: the client reserves it, or its value has a"
                        + " character that HTTP does not allow, such as a line break.")
                .satisfies(SecretsTest::isSilent);
    }

    @Test
    void an_address_in_a_message_has_no_user_and_no_query() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(ScriptedServer.Connection::receive)) {
            String url = server.url().replace("//", "//user:" + KEY + "@") + "/v1?key=" + KEY + "#" + KEY;

            Throwable failure = catchThrowable(() -> client.execute(post(url)));

            assertThat(failure).hasMessageStartingWith("POST " + server.url() + "/v1 failed: ");
            isSilent(failure);
        }
    }

    @Test
    void secrets_that_a_server_sends_back_are_masked() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond(
                    "401 Unauthorized",
                    "",
                    "Bearer " + KEY + " and " + KEY + " and q%2Dsecret9 and q-secret9 and 2024-10-01 are wrong");
        })) {
            HttpRequest request = HttpRequest.builder()
                    .method(HttpMethod.POST)
                    .url(server.url() + "/v1?api-version=2024-10-01&api_key=q%2Dsecret9&flag")
                    .addHeader("Authorization", "Bearer " + KEY)
                    .build();

            assertThatThrownBy(() -> client.execute(request))
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessage("*** and *** and *** and *** and 2024-10-01 are wrong")
                    .satisfies(SecretsTest::isSilent);
        }
    }

    @Test
    void a_response_does_not_print_its_headers() {
        ResponseInfo info = new ResponseInfo(
                200, Map.of("Set-Cookie", List.of(KEY)), "http://host/v1", Duration.ofMillis(12), Instant.EPOCH);

        assertThat(info).hasToString("200 from http://host/v1 after 12 ms");
    }

    private static void isSilent(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("very-secret", "q-secret");
    }
}
