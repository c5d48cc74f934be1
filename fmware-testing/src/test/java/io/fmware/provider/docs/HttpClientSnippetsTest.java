package io.fmware.provider.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.fmware.http.BlockingHttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The code of the page on the blocking HTTP client. */
class HttpClientSnippetsTest {

    @Test
    void a_provider_is_given_the_client_when_it_is_built() {
        AtomicReference<String> remaining = new AtomicReference<>();
        String key = "key";

        // docs:start http-client-openai
        StreamingChatModel openAi = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(BlockingHttpClient.builder()
                        .onResponse(info ->
                                info.header("x-ratelimit-remaining-requests").ifPresent(remaining::set)))
                .timeout(Duration.ofSeconds(20))
                .apiKey(key)
                .modelName("gpt-4o-mini")
                .build();
        // docs:end http-client-openai

        assertThat(openAi.provider()).isEqualTo(ModelProvider.OPEN_AI);
        assertThat(remaining).hasNullValue();
    }
}
