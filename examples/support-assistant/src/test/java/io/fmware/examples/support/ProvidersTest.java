package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fmware.examples.support.Outcome.Kind;
import io.fmware.examples.support.SupportDesk.Patience;
import io.fmware.testing.ExtractiveChatModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvidersTest {
    private static final String QUESTION = "My card has not arrived yet, what should I do?";
    private static final String KEY = "sk-very-secret";
    private static final String ANSWER =
            "{\"answer\": \"Report it in the app.\", \"sources\": [\"card-delivery\"], \"confidence\": 0.9}";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ollama"})
    void answers_with_what_the_server_says(String kind) {
        try (FakeServer server = FakeServer.replying(200, body(kind, ANSWER))) {
            Outcome outcome = ask(kind, server);
            assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
            assertThat(outcome.answer().answer()).isEqualTo("Report it in the app.");
            assertThat(outcome.effort().attempts()).isEqualTo(1);
            assertThat(outcome.effort().tokensIn()).isEqualTo(70);
            assertThat(outcome.effort().tokensOut()).isEqualTo(7);
            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0))
                    .startsWith(kind.equals("openai") ? "/v1/chat/completions Bearer " + KEY : "/api/chat null")
                    .contains("[source: card-delivery]")
                    .contains("\"confidence\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ollama"})
    void falls_back_where_the_server_goes_on_refusing_for_its_load(String kind) {
        try (FakeServer server = FakeServer.replying(429, "{\"error\": {\"message\": \"slow down\"}}")) {
            fallsBack(ask(kind, server));
            assertThat(server.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ollama"})
    void falls_back_where_the_server_sends_malformed_json(String kind) {
        try (FakeServer server = FakeServer.replying(200, "{\"choices\": [{\"mess")) {
            fallsBack(ask(kind, server));
            assertThat(server.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ollama"})
    void falls_back_where_the_server_stalls(String kind) {
        try (FakeServer server = FakeServer.stalling()) {
            fallsBack(ask(kind, server, SharedKnowledge.patience(60_000, 300)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ollama"})
    void asks_again_and_then_falls_back_where_the_model_does_not_write_json(String kind) {
        try (FakeServer server = FakeServer.replying(200, body(kind, "Sure! Report it."))) {
            Outcome outcome = ask(kind, server);
            assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
            assertThat(outcome.effort().reprompts()).isEqualTo(2);
            assertThat(outcome.effort().fallbacks()).isEqualTo(1);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ollama"})
    void says_which_setting_is_wrong_where_the_key_is_refused(String kind) {
        String body = "{\"error\": {\"message\": \"Incorrect API key provided: " + KEY + "\"}}";
        try (FakeServer server = FakeServer.replying(401, body)) {
            Outcome outcome = ask(kind, server);
            assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
            String url = settings(kind, server).baseUrl();
            assertThat(outcome.failure())
                    .isEqualTo(new Failure(
                            kind.equals("openai")
                                    ? "the server at " + url + " refuses the key; correct OPENAI_API_KEY"
                                    : "the server at " + url + " asks for a key; correct OLLAMA_BASE_URL",
                            true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ollama"})
    void says_which_settings_may_be_wrong_where_the_model_is_not_found(String kind) {
        try (FakeServer server = FakeServer.replying(404, "{\"error\": \"model not found\"}")) {
            String name = kind.equals("openai") ? "OPENAI" : "OLLAMA";
            assertThat(ask(kind, server).failure().message())
                    .isEqualTo("the server at " + settings(kind, server).baseUrl() + " does not know the model 'tiny';"
                            + " correct " + name + "_MODEL or " + name + "_BASE_URL");
        }
    }

    private static void fallsBack(Outcome outcome) {
        assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
        assertThat(outcome.answer().sources()).containsExactly("card-delivery");
        assertThat(outcome.effort().retries()).isEqualTo(2);
        assertThat(outcome.effort().fallbacks()).isEqualTo(1);
        assertThat(outcome.effort().attempts()).isEqualTo(4);
    }

    private static Outcome ask(String kind, FakeServer server) {
        return ask(kind, server, SharedKnowledge.patience(60_000, 25_000));
    }

    private static Outcome ask(String kind, FakeServer server, Patience patience) {
        FmSettings settings = settings(kind, server);
        try (SupportDesk desk = new SupportDesk(
                SharedKnowledge.get(),
                settings,
                settings.chatModel(patience.attempt()),
                ExtractiveChatModel.create(),
                patience,
                List.of())) {
            return desk.ask("c", QUESTION);
        }
    }

    private static FmSettings settings(String kind, FakeServer server) {
        return FmSettings.of(
                kind.equals("openai")
                        ? Map.of(
                                "FMWARE_FM",
                                "openai",
                                "OPENAI_API_KEY",
                                KEY,
                                "OPENAI_BASE_URL",
                                server.url() + "/v1",
                                "OPENAI_MODEL",
                                "tiny")
                        : Map.of("FMWARE_FM", "ollama", "OLLAMA_BASE_URL", server.url(), "OLLAMA_MODEL", "tiny"));
    }

    private static String body(String kind, String text) {
        String quoted = JSON.valueToTree(text).toString();
        return kind.equals("openai")
                ? "{\"id\": \"1\", \"model\": \"tiny\", \"choices\": [{\"index\": 0, \"finish_reason\": \"stop\", \"message\":"
                        + " {\"role\": \"assistant\", \"content\": " + quoted
                        + "}}], \"usage\": {\"prompt_tokens\": 70,"
                        + " \"completion_tokens\": 7, \"total_tokens\": 77}}"
                : "{\"model\": \"tiny\", \"created_at\": \"2026-11-21T00:00:00Z\", \"message\": {\"role\": \"assistant\","
                        + " \"content\": " + quoted + "}, \"done_reason\": \"stop\", \"done\": true,"
                        + " \"prompt_eval_count\": 70, \"eval_count\": 7}";
    }
}
