package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is read from providers. */
class TokensTest {

    /** Has the accessors of Anthropic's usage, or of Bedrock's. */
    public static final class Beside extends TokenUsage {
        private final Integer written;

        Beside(Integer written) {
            super(100, 30);
            this.written = written;
        }

        public Integer cacheReadInputTokens() {
            return 40;
        }

        public Integer cacheWriteInputTokens() {
            return written;
        }
    }

    /** Throws where it is asked. */
    public static final class Broken extends TokenUsage {
        Broken() {
            super(100, 30);
        }

        public Integer cacheReadInputTokens() {
            return Integer.valueOf("broken");
        }

        public String outputTokensDetails() {
            return "many";
        }
    }

    @Test
    void plain_usage_has_input_and_output() {
        assertThat(Tokens.of(new TokenUsage(12, 3))).isEqualTo(new Tokens(12L, 3L, null, null, null));
        assertThat(Tokens.of(new TokenUsage())).isEqualTo(Tokens.NONE);
        assertThat(Tokens.of(null)).isEqualTo(Tokens.NONE);
    }

    @Test
    void openai_counts_the_cache_within_the_input() {
        OpenAiTokenUsage usage = OpenAiTokenUsage.builder()
                .inputTokenCount(120)
                .inputTokensDetails(OpenAiTokenUsage.InputTokensDetails.builder()
                        .cachedTokens(50)
                        .build())
                .outputTokenCount(30)
                .outputTokensDetails(OpenAiTokenUsage.OutputTokensDetails.builder()
                        .reasoningTokens(20)
                        .build())
                .build();

        assertThat(Tokens.of(usage)).isEqualTo(new Tokens(120L, 30L, 50L, null, 20L));
        assertThat(Tokens.of(OpenAiTokenUsage.builder().inputTokenCount(1).build()))
                .isEqualTo(new Tokens(1L, null, null, null, null));
    }

    @Test
    void who_counts_the_cache_beside_the_input_has_it_added() {
        assertThat(Tokens.of(new Beside(20))).isEqualTo(new Tokens(160L, 30L, 40L, 20L, null));
        assertThat(Tokens.of(new Beside(null))).isEqualTo(new Tokens(140L, 30L, 40L, null, null));
    }

    @Test
    void an_accessor_that_throws_or_says_something_else_tells_nothing() {
        assertThat(Tokens.of(new Broken())).isEqualTo(new Tokens(100L, 30L, null, null, null));
    }

    @Test
    void sums_keep_what_one_of_them_knows() {
        assertThat(new Tokens(1L, null, 2L, null, null).plus(new Tokens(3L, 4L, null, null, 5L)))
                .isEqualTo(new Tokens(4L, 4L, 2L, null, 5L));
    }

    @Test
    void providers_have_the_names_of_the_conventions_or_their_own() {
        assertThat(Arrays.stream(ModelProvider.values()).map(Providers::nameOf))
                .containsExactly(
                        "anthropic",
                        "aws.bedrock",
                        "azure.ai.inference",
                        "azure.ai.openai",
                        "gcp.gemini",
                        "gcp.gen_ai",
                        "gcp.vertex_ai",
                        "gcp.vertex_ai",
                        "azure.ai.inference",
                        "mistral_ai",
                        "ollama",
                        "openai",
                        "ibm.watsonx.ai",
                        "cohere",
                        "voyage_ai",
                        "jina",
                        "other");
    }
}
