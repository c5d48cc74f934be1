package io.fmware.provider.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import io.fmware.FmPipeline;
import io.fmware.http.ScriptedServer;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Scene;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asking again through a real client: what is of the provider's own types stays so. */
@Timeout(60)
class RepromptingOverHttpTest {

    private static String answer(String text) {
        return "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"system_fingerprint\":\"fp\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,"
                + "\"total_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":3},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":1}}}";
    }

    private static ScriptedServer answering(List<String> texts) throws Exception {
        AtomicInteger next = new AtomicInteger();
        return ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond(
                    "200 OK",
                    "Content-Type: application/json\r\nConnection: close\r\n",
                    answer(texts.get(next.getAndIncrement())));
        });
    }

    private static ChatModel openAi(ScriptedServer server) {
        return OpenAiChatModel.builder()
                .baseUrl(server.url())
                .apiKey("key")
                .modelName("model-a")
                .maxRetries(0)
                .httpClientBuilder(JdkHttpClient.builder())
                .build();
    }

    @Test
    void usage_is_summed_in_the_providers_own_type_and_metadata_keep_theirs() throws Exception {
        Reprompting reprompting = Reprompting.upTo(3).until(Replies.beOneOf(List.of("yes")));
        try (ScriptedServer server = answering(List.of("no", "never", "yes"));
                FmPipeline pipeline = FmPipeline.builder().with(reprompting).build()) {
            ChatResponse response = pipeline.wrap(openAi(server)).chat(Scene.request("Sure?"));

            assertThat(response.aiMessage().text()).isEqualTo("yes");
            OpenAiTokenUsage usage = (OpenAiTokenUsage) response.tokenUsage();
            assertThat(usage.inputTokenCount()).isEqualTo(15);
            assertThat(usage.outputTokenCount()).isEqualTo(6);
            assertThat(usage.totalTokenCount()).isEqualTo(21);
            assertThat(usage.inputTokensDetails().cachedTokens()).isEqualTo(9);
            assertThat(usage.outputTokensDetails().reasoningTokens()).isEqualTo(3);
            assertThat(response.metadata())
                    .isInstanceOfSatisfying(
                            OpenAiChatResponseMetadata.class,
                            m -> assertThat(m.systemFingerprint()).isEqualTo("fp"));
        }
    }

    @Test
    void parameters_of_the_provider_are_kept_and_can_be_changed_per_attempt() throws Exception {
        Reprompting reprompting = Reprompting.upTo(3)
                .withParameters(attempt -> attempt == 2
                        ? ChatRequestParameters.builder().temperature(0.0).build()
                        : OpenAiChatRequestParameters.builder().seed(99).build())
                .until(Replies.beOneOf(List.of("yes")));
        try (ScriptedServer server = answering(List.of("no", "never", "yes"));
                FmPipeline pipeline = FmPipeline.builder().with(reprompting).build()) {
            pipeline.wrap(openAi(server))
                    .chat(Scene.request("Sure?").toBuilder()
                            .parameters(OpenAiChatRequestParameters.builder()
                                    .seed(7)
                                    .temperature(0.75)
                                    .build())
                            .build());

            List<String> sent = server.requests().stream()
                    .map(r -> r.replaceAll("\\s*([:,{}\\[\\]])\\s*", "$1"))
                    .toList();
            assertThat(sent.get(0)).contains("\"seed\":7", "\"temperature\":0.75", "\"model\":\"model-a\"");
            assertThat(sent.get(1)).contains("\"seed\":7", "\"temperature\":0.0", "\"model\":\"model-a\"");
            assertThat(sent.get(2)).contains("\"seed\":99", "\"temperature\":0.75", "\"model\":\"model-a\"");
        }
    }

    @Test
    void parameters_of_the_provider_can_be_changed_where_the_request_has_none() throws Exception {
        Reprompting reprompting = Reprompting.upTo(2)
                .withParameters(attempt ->
                        OpenAiChatRequestParameters.builder().seed(99).build())
                .until(Replies.beOneOf(List.of("yes")));
        try (ScriptedServer server = answering(List.of("no", "yes"));
                FmPipeline pipeline = FmPipeline.builder().with(reprompting).build()) {
            pipeline.wrap(openAi(server))
                    .chat(Scene.request("Sure?").toBuilder().temperature(0.5).build());

            assertThat(server.requests().get(1)).contains("\"seed\" : 99").contains("\"temperature\" : 0.5");
        }
    }
}
