package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import io.fmware.FmPipeline;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers can do with a hit. */
class HitTest {
    private final FmCache cache = FmCache.builder().readOnlyTools("capitalOf").build();
    private final FmPipeline pipeline = FmPipeline.builder().with(cache).build();

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void a_hit_of_a_model_of_openai_is_known_as_one_and_holds_nothing_of_the_http_exchange() {
        OpenAiTokenUsage usage = OpenAiTokenUsage.builder()
                .inputTokenCount(12)
                .outputTokenCount(3)
                .totalTokenCount(15)
                .build();
        ChatModel openAi = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from("Paris"))
                        .metadata(OpenAiChatResponseMetadata.builder()
                                .id("r1")
                                .modelName("gpt-4o")
                                .finishReason(FinishReason.STOP)
                                .tokenUsage(usage)
                                .build())
                        .build();
            }
        };
        ChatModel model = pipeline.wrap(openAi);
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("What is the capital of France?"))
                .build();
        assertThat(CacheHit.of(model.chat(request))).isEmpty();

        ChatResponse hit = model.chat(request);

        assertThat(CacheHit.of(hit).orElseThrow().savedUsage()).isEqualTo(usage);
        assertThat(hit.id()).isEqualTo("r1");
        assertThat(hit.modelName()).isEqualTo("gpt-4o");
        assertThat(hit.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(hit.tokenUsage()).isEqualTo(new TokenUsage(0, 0, 0));
    }

    @Test
    void the_tokens_of_hits_can_be_summed() {
        ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(
                Script.always(Reply.builder().text("Paris").usage(12, 3).build())));
        model.chat("What is the capital of France?");
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("What is the capital of France?"))
                .build();

        TokenUsage sum = TokenUsage.sum(
                model.chat(request).tokenUsage(), model.chat(request).tokenUsage());

        assertThat(cache.stats().hits()).isEqualTo(2);
        assertThat(sum).isEqualTo(new TokenUsage(0, 0, 0));
    }

    interface Geographer {
        Result<String> answer(String question);
    }

    static final class Atlas {
        @Tool
        public String capitalOf(String country) {
            return "Paris is the capital of " + country;
        }
    }

    @Test
    void an_ai_service_whose_tool_call_and_answer_are_both_hits_goes_on_and_its_result_is_known_as_a_hit() {
        ScriptedChatModel scripted = ScriptedChatModel.of(
                Reply.builder()
                        .toolCall("capitalOf", "{\"arg0\": \"France\"}")
                        .usage(12, 3)
                        .finishReason(FinishReason.TOOL_EXECUTION)
                        .build(),
                Reply.builder().text("Paris").usage(20, 1).build());
        ChatModel model = pipeline.wrap((ChatModel) scripted);

        Result<String> first = service(model).answer("What is the capital of France?");
        Result<String> second = service(model).answer("What is the capital of France?");

        assertThat(first.tokenUsage()).isEqualTo(new TokenUsage(32, 4));
        assertThat(second.content()).isEqualTo("Paris");
        assertThat(second.tokenUsage()).isEqualTo(new TokenUsage(0, 0, 0));
        assertThat(CacheHit.of(second.finalResponse()).orElseThrow().age()).isLessThan(Duration.ofMinutes(1));
        assertThat(cache.stats().hits()).isEqualTo(2);
        assertThat(scripted.requests()).hasSize(2);
    }

    private static Geographer service(ChatModel model) {
        return AiServices.builder(Geographer.class)
                .chatModel(model)
                .tools(new Atlas())
                .build();
    }

    @Test
    void of_metadata_nothing_is_kept_that_a_provider_holds_there_of_its_http_exchange() {
        ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.from("Paris"))
                .metadata(OpenAiChatResponseMetadata.builder()
                        .id("r1")
                        .modelName("gpt-4o")
                        .rawHttpResponse(SuccessfulHttpResponse.builder()
                                .statusCode(200)
                                .headers(Map.of())
                                .body("a body of megabytes")
                                .build())
                        .build())
                .build();
        Entry entry = Entry.answer(
                new CacheKey("", "", "OPEN_AI", "gpt-4o", "", "digest"),
                response,
                Map.of(),
                new Entry.Made(Instant.EPOCH, 0, 1, 0, 0));

        assertThat(entry.response()).isNotNull();
        assertThat(entry.response().metadata()).isExactlyInstanceOf(ChatResponseMetadata.class);
        assertThat(entry.response().id()).isEqualTo("r1");
        assertThat(entry.response().modelName()).isEqualTo("gpt-4o");
    }

    /** Metadata of a provider that cannot be copied. */
    private static final class Sealed extends ChatResponseMetadata {
        Sealed() {
            super(ChatResponseMetadata.builder().id("r1").finishReason(FinishReason.STOP));
        }

        @Override
        public Builder<?> toBuilder() {
            throw new UnsupportedOperationException("no builder");
        }
    }

    @Test
    void an_answer_whose_metadata_cannot_be_copied_is_served() {
        ChatModel model = pipeline.wrap(new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from("Paris"))
                        .metadata(new Sealed())
                        .build();
            }
        });
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("What is the capital of France?"))
                .build();
        model.chat(request);

        assertThat(CacheHit.of(model.chat(request))).isPresent();
        assertThat(model.chat(request).id()).isEqualTo("r1");
        assertThat(cache.stats().bypassed()).isZero();
    }
}
