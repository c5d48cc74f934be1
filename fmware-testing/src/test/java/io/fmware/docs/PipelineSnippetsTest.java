package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.CancelledException;
import io.fmware.ContextCarrier;
import io.fmware.FmPipeline;
import io.fmware.FmStreamingChatModel;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.Phase;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of the pages on the pipeline, streaming, failures and context. */
class PipelineSnippetsTest {
    private static final Logger log = LoggerFactory.getLogger(PipelineSnippetsTest.class);

    @Test
    void a_pipeline_is_built_once_and_wraps_all_models() {
        ScriptedChatModel chatModel = ScriptedChatModel.replying("{}");
        ScriptedStreamingChatModel streamingModel = ScriptedStreamingChatModel.replying("{}");
        ScriptedEmbeddingModel embeddingModel = ScriptedEmbeddingModel.ofWords();

        // docs:start pipeline-interceptor
        Interceptor politeness = Interceptor.of("politeness", Phase.ADMIT, (call, next) -> {
            ChatRequest asked = call.request();
            List<ChatMessage> messages = new ArrayList<>(asked.messages());
            messages.add(0, SystemMessage.from("Answer politely."));
            return next.proceed(
                    call.withRequest(asked.toBuilder().messages(messages).build()));
        });
        // docs:end pipeline-interceptor

        // docs:start pipeline-build
        FmPipeline pipeline = FmPipeline.builder()
                .with(Reprompting.upTo(3).until(Replies.areJson()))
                .with(Deadlines.of(Duration.ofSeconds(20)))
                .with(politeness)
                .build();

        ChatModel chat = pipeline.wrap(chatModel);
        FmStreamingChatModel streaming = pipeline.wrap(streamingModel);
        EmbeddingModel embeddings = pipeline.wrap(embeddingModel);
        // docs:end pipeline-build

        assertThat(pipeline).hasToString("deadlines(politeness(reprompting(model)))");
        assertThat(chat.chat("Hi")).isEqualTo("{}");
        assertThat(chatModel.requests().get(0).messages())
                .containsExactly(SystemMessage.from("Answer politely."), UserMessage.from("Hi"));
        assertThat(streaming).hasToString("deadlines(politeness(reprompting(ScriptedStreamingChatModel)))");
        assertThat(embeddings).hasToString("deadlines(ScriptedEmbeddingModel)");

        // docs:start pipeline-switch
        pipeline.interceptor("politeness").off();
        pipeline.interceptor("politeness").share(0.1); // sees a tenth of the calls
        pipeline.interceptor("politeness").on();
        // docs:end pipeline-switch

        assertThat(pipeline.interceptor("politeness")).hasToString("politeness on");
        pipeline.close();
    }

    @Test
    void a_stream_is_cancelled_before_its_first_token() throws Exception {
        ScriptedStreamingChatModel streamingModel = ScriptedStreamingChatModel.of(Reply.never());
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Hi")).build();
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        StreamingChatResponseHandler handler = new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                ended.completeExceptionally(new AssertionError("completed: " + response));
            }

            @Override
            public void onError(Throwable error) {
                ended.complete(error);
            }
        };
        FmPipeline pipeline = FmPipeline.builder().build();

        // docs:start streaming-cancel
        StreamingHandle stream = pipeline.wrap(streamingModel).stream(request, handler);
        stream.cancel(); // ends in handler.onError(CancelledException), even before the first token
        // docs:end streaming-cancel

        assertThat(ended.get(10, TimeUnit.SECONDS))
                .isInstanceOf(CancelledException.class)
                .hasMessage("the stream was cancelled");
        pipeline.close();
    }

    @Test
    void a_future_cancels_its_call() {
        ScriptedChatModel chatModel = ScriptedChatModel.of(Reply.never());
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Hi")).build();
        FmPipeline pipeline = FmPipeline.builder().build();

        // docs:start streaming-async
        CompletableFuture<ChatResponse> answer = pipeline.wrap(chatModel).chatAsync(request);
        answer.cancel(true); // cancels the call
        // docs:end streaming-async

        assertThat(answer).isCancelled();
        pipeline.close();
    }

    @Test
    void rejected_answers_are_attached() {
        FmPipeline pipeline = FmPipeline.builder()
                .with(Reprompting.upTo(2).until(Replies.areJson()))
                .build();

        assertThat(ask(pipeline.wrap(ScriptedChatModel.replying("no", "never")), "Hi"))
                .isEqualTo("Please ask our staff.");
        pipeline.close();
    }

    private static String ask(ChatModel model, String question) {
        // docs:start failures-attempts
        try {
            return model.chat(question);
        } catch (InvalidReplyException e) {
            e.attempts().forEach(a -> log.warn("rejected: {}", a.reason()));
            return "Please ask our staff.";
        }
        // docs:end failures-attempts
    }

    @Test
    void open_telemetrys_context_is_carried_by_one_line() {
        // docs:start context-otel
        FmPipeline pipeline = FmPipeline.builder()
                .carry(ContextCarrier.of(Context::current, Context::makeCurrent))
                .build();
        // docs:end context-otel
        ContextKey<String> key = ContextKey.named("tenant");
        ScriptedChatModel model = ScriptedChatModel.of(io.fmware.testing.Script.answering(
                request -> Reply.text(String.valueOf(Context.current().get(key)))));

        try (Scope ignored = Context.current().with(key, "acme").makeCurrent()) {
            assertThat(pipeline.wrap(model)
                            .chatAsync(ChatRequest.builder()
                                    .messages(UserMessage.from("Hi"))
                                    .build()))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .satisfies(r -> assertThat(r.aiMessage().text()).isEqualTo("acme"));
        }
        pipeline.close();
        assertThatThrownBy(() -> pipeline.wrap(model).chat("Hi"))
                .hasMessage("this pipeline is closed; keep it open as long as its models are used");
    }
}
