package io.fmware.next;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AsyncNotSupportedException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModelHelper;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The methods that langchain4j-core 1.20 added go through the chain or fail with a clear error, never around it. */
class AsyncAndPublisherMethodsTest {
    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Hi")).build();

    private final AtomicInteger seen = new AtomicInteger();
    private final FmPipeline pipeline =
            FmPipeline.builder().with(new Counting()).build();

    private final class Counting implements Interceptor {
        @Override
        public FmReply intercept(io.fmware.FmCall call, io.fmware.Chain next) {
            seen.incrementAndGet();
            return next.proceed(call);
        }

        @Override
        public Set<Operation> operations() {
            return Set.of(Operation.CHAT, Operation.EMBEDDINGS);
        }
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void every_async_form_of_a_chat_model_goes_through_the_chain_once() throws Exception {
        ChatModel model = pipeline.wrap(ScriptedChatModel.replying("a", "b", "c", "d", "e"));

        assertThat(model.chatAsync("Hi").get(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(model.chatAsync(UserMessage.from("Hi"))
                        .get(10, TimeUnit.SECONDS)
                        .aiMessage()
                        .text())
                .isEqualTo("b");
        assertThat(model.chatAsync(REQUEST)
                        .get(10, TimeUnit.SECONDS)
                        .aiMessage()
                        .text())
                .isEqualTo("c");
        assertThat(model.chatAsync(REQUEST, null)
                        .get(10, TimeUnit.SECONDS)
                        .aiMessage()
                        .text())
                .isEqualTo("d");
        assertThat(model.doChatAsync(REQUEST)
                        .get(10, TimeUnit.SECONDS)
                        .aiMessage()
                        .text())
                .isEqualTo("e");
        assertThat(seen).hasValue(5);
    }

    @Test
    void the_async_form_of_an_embedding_model_goes_through_the_chain_once() throws Exception {
        EmbeddingModel model = pipeline.wrap(ScriptedEmbeddingModel.ofWords());

        assertThat(model.embedAsync(EmbeddingRequest.builder().input("tea").build())
                        .get(10, TimeUnit.SECONDS)
                        .embeddings())
                .hasSize(1);
        assertThat(seen).hasValue(1);
    }

    @Test
    void the_publisher_of_a_streaming_model_fails_clearly_and_never_reaches_the_model() {
        ScriptedStreamingChatModel delegate = ScriptedStreamingChatModel.replying("unused");
        StreamingChatModel model = pipeline.wrap(delegate);
        AtomicReference<Throwable> error = new AtomicReference<>();

        model.chat(REQUEST).subscribe(new Flow.Subscriber<Object>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Object event) {
                throw new AssertionError("got " + event);
            }

            @Override
            public void onError(Throwable t) {
                error.set(t);
            }

            @Override
            public void onComplete() {
                throw new AssertionError("completed");
            }
        });

        assertThat(error.get())
                .isInstanceOf(AsyncNotSupportedException.class)
                .hasMessageContaining("io.fmware.FmStreamingChatModel")
                .hasMessageContaining("doChat");
        assertThat(delegate.requests()).isEmpty();
    }

    @Test
    void the_bridge_from_a_publisher_to_a_future_fails_clearly_too() {
        ScriptedStreamingChatModel delegate = ScriptedStreamingChatModel.replying("unused");

        assertThatThrownBy(() -> StreamingChatModelHelper.chatAsync(pipeline.wrap(delegate), REQUEST)
                        .get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AsyncNotSupportedException.class);
        assertThat(delegate.requests()).isEmpty();
    }
}
