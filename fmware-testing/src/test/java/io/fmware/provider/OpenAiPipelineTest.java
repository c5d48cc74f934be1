package io.fmware.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.StreamEvent;
import io.fmware.TokenSink;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Verdict;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Wrapped models of a real provider client, and under langchain4j's AiServices. */
class OpenAiPipelineTest {
    private final FakeOpenAi server = new FakeOpenAi();
    private FmPipeline pipeline;

    private FmPipeline pipeline(Interceptor... interceptors) {
        FmPipeline.Builder builder = FmPipeline.builder();
        List.of(interceptors).forEach(builder::with);
        pipeline = builder.build();
        return pipeline;
    }

    @AfterEach
    void close() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    private ChatModel openAi() {
        return OpenAiChatModel.builder()
                .httpClientBuilder(server)
                .apiKey("none")
                .modelName("gpt-test")
                .user("default-user")
                .maxRetries(0)
                .build();
    }

    private StreamingChatModel openAiStreaming() {
        return OpenAiStreamingChatModel.builder()
                .httpClientBuilder(server)
                .apiKey("none")
                .modelName("gpt-test")
                .user("default-user")
                .build();
    }

    private static ChatRequest typed() {
        return ChatRequest.builder()
                .messages(UserMessage.from("hello"))
                .parameters(OpenAiChatRequestParameters.builder().seed(17).build())
                .build();
    }

    @Test
    void parameters_of_openais_own_type_reach_the_wire_with_the_defaults_of_the_model() {
        String answer =
                pipeline(passing()).wrap(openAi()).chat(typed()).aiMessage().text();

        assertThat(answer).isEqualTo("yes");
        assertThat(server.bodies).hasSize(1);
        assertThat(server.bodies.get(0))
                .containsPattern("\"seed\"\\s*:\\s*17")
                .containsPattern("\"user\"\\s*:\\s*\"default-user\"")
                .containsPattern("\"model\"\\s*:\\s*\"gpt-test\"");
    }

    @Test
    void parameters_of_openais_own_type_survive_in_a_stream() throws Exception {
        assertThat(stream(pipeline(passing()).wrap(openAiStreaming()), typed())).isEqualTo("yes");
        assertThat(server.bodies.get(0)).containsPattern("\"seed\"\\s*:\\s*17").contains("default-user");
    }

    @Test
    void every_form_of_do_chat_works_without_a_class_cast() {
        assertThat(pipeline(passing())
                        .wrap(openAi())
                        .doChat(ChatRequest.builder()
                                .messages(UserMessage.from("hello"))
                                .build())
                        .aiMessage()
                        .text())
                .isEqualTo("yes");
    }

    @Test
    void a_provider_that_is_told_not_to_retry_is_asked_once_for_each_attempt() {
        server.status = 429;
        Interceptor twice = Interceptor.of("twice", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException e) {
                return next.proceed(call.nextAttempt());
            }
        });

        assertThatThrownBy(() -> pipeline(twice).wrap(openAi()).chat("hello")).isInstanceOf(RateLimitException.class);
        assertThat(server.bodies).hasSize(2);
    }

    @Test
    void a_stream_of_the_provider_that_fails_ends_in_one_error() {
        server.status = 429;
        CompletableFuture<String> answer = new CompletableFuture<>();
        pipeline(passing()).wrap(openAiStreaming()).chat("hello", completing(answer));

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(RateLimitException.class);
    }

    private static Interceptor passing() {
        return Interceptor.of("passing", Phase.ADMIT, (call, next) -> next.proceed(call));
    }

    private static String stream(StreamingChatModel model, ChatRequest request) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        model.chat(request, completing(answer));
        return answer.get(10, TimeUnit.SECONDS);
    }

    private static StreamingChatResponseHandler completing(CompletableFuture<String> answer) {
        StringBuilder text = new StringBuilder();
        return new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String partial) {
                text.append(partial);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                answer.complete(text.toString());
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }
        };
    }

    /** A service of AiServices. */
    interface Assistant {
        String ask(String question);
    }

    /** A service that streams. */
    interface StreamingAssistant {
        TokenStream ask(String question);
    }

    @Test
    void an_ai_service_without_memory_keeps_the_question_when_it_is_asked_again() {
        ScriptedChatModel model = ScriptedChatModel.replying("maybe", "42");
        Interceptor reprompting = Reprompting.upTo(2)
                .until((call, response) -> response.aiMessage().text().matches("\\d+")
                        ? Verdict.valid()
                        : Verdict.invalid("Answer with a number."));
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(pipeline(reprompting).wrap((ChatModel) model))
                .build();

        assertThat(assistant.ask("What is six times seven?")).isEqualTo("42");
        assertThat(model.requests().get(1).messages())
                .startsWith(UserMessage.from("What is six times seven?"))
                .hasSize(3);
    }

    @Test
    void an_ai_service_streams_through_a_pipeline() throws Exception {
        StreamingAssistant assistant = AiServices.builder(StreamingAssistant.class)
                .streamingChatModel(
                        pipeline(passing()).wrap((StreamingChatModel) ScriptedStreamingChatModel.replying("a b")))
                .build();
        List<String> pieces = new CopyOnWriteArrayList<>();
        CompletableFuture<String> answer = new CompletableFuture<>();

        assistant
                .ask("hello")
                .onPartialResponse(pieces::add)
                .onCompleteResponse(
                        response -> answer.complete(response.aiMessage().text()))
                .onError(answer::completeExceptionally)
                .start();

        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("a b");
        assertThat(pieces).containsExactly("a ", "b");
    }

    @Test
    void an_ai_service_whose_stream_fails_in_a_second_attempt_is_told_and_does_not_hang() {
        RateLimitException error = new RateLimitException("slow down");
        Interceptor again = Interceptor.of("again", Phase.VALIDATE, (call, next) -> {
            next.proceed(call.withSink(TokenSink.buffer(call.sink())));
            return next.proceed(call.nextAttempt());
        });
        StreamingAssistant assistant = AiServices.builder(StreamingAssistant.class)
                .streamingChatModel(pipeline(again).wrap((StreamingChatModel)
                        ScriptedStreamingChatModel.of(Reply.text("first"), Reply.error(error))))
                .build();
        CompletableFuture<String> answer = new CompletableFuture<>();

        assistant
                .ask("hello")
                .onPartialResponse(piece -> {})
                .onCompleteResponse(
                        response -> answer.complete(response.aiMessage().text()))
                .onError(answer::completeExceptionally)
                .start();

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).hasCause(error);
    }

    /** Always content, so that a guardrail of langchain4j is in play. */
    public static final class Content implements OutputGuardrail {
        @Override
        public OutputGuardrailResult validate(AiMessage message) {
            return success();
        }
    }

    @Test
    void a_guardrail_of_langchain4j_works_above_a_pipeline() {
        Interceptor shouting = Interceptor.of("shouting", Phase.VALIDATE, (call, next) -> {
            call.sink().emit(new StreamEvent.Text("ignored by a caller who waits"));
            return next.proceed(call.withDeadline(Duration.ofMinutes(1)));
        });
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(pipeline(shouting).wrap(openAi()))
                .outputGuardrails(new Content())
                .build();

        assertThat(assistant.ask("hello")).isEqualTo("yes");
    }

    /** Answers "yes" to whatever it is sent, or fails with a status. */
    private static final class FakeOpenAi implements HttpClientBuilder, HttpClient {
        final List<String> bodies = new CopyOnWriteArrayList<>();
        volatile int status = 200;

        @Override
        public SuccessfulHttpResponse execute(HttpRequest request) {
            bodies.add(request.body());
            failIfTold();
            return SuccessfulHttpResponse.builder()
                    .statusCode(200)
                    .body("{\"id\":\"1\",\"model\":\"gpt-test\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
                            + "\"message\":{\"role\":\"assistant\",\"content\":\"yes\"}}]}")
                    .build();
        }

        @Override
        public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
            bodies.add(request.body());
            try {
                failIfTold();
            } catch (HttpException e) {
                listener.onError(e);
                return;
            }
            listener.onOpen(SuccessfulHttpResponse.builder().statusCode(200).build());
            listener.onEvent(new ServerSentEvent(
                    null, "{\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"yes\"}}]}"));
            listener.onEvent(new ServerSentEvent(
                    null, "{\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"));
            listener.onEvent(new ServerSentEvent(null, "[DONE]"));
            listener.onClose();
        }

        private void failIfTold() {
            if (status != 200) {
                throw new HttpException(status, "told to fail");
            }
        }

        @Override
        public HttpClient build() {
            return this;
        }

        @Override
        public Duration connectTimeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            return this;
        }

        @Override
        public Duration readTimeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            return this;
        }
    }
}
