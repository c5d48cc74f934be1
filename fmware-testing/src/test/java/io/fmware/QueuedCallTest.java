package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Calls whose task waits in the executor of the user, or never runs at all. */
class QueuedCallTest {
    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Hi")).build();

    private final Queue<Runnable> queue = new ArrayDeque<>();
    private final List<String> events = new ArrayList<>();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final StreamingChatResponseHandler handler = new StreamingChatResponseHandler() {
        @Override
        public void onPartialResponse(String partial) {
            events.add("text:" + partial);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            events.add("complete");
        }

        @Override
        public void onError(Throwable error) {
            events.add(error.getClass().getSimpleName() + ": " + error.getMessage());
        }
    };

    private FmPipeline pipeline(Executor executor) {
        return FmPipeline.builder()
                .executor(executor)
                .metrics(metrics)
                .drain(Duration.ZERO)
                .build();
    }

    @Test
    void a_stream_that_is_cancelled_in_the_queue_ends_at_once_and_never_starts() {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.replying("unused");
        FmPipeline pipeline = pipeline(queue::add);
        StreamingHandle stream = pipeline.wrap(model).stream(REQUEST, handler);

        stream.cancel();

        assertThat(events).containsExactly("CancelledException: the stream was cancelled");
        queue.remove().run();
        assertThat(events).hasSize(1);
        assertThat(model.requests()).isEmpty();
        assertThat(metrics.calls()).hasSize(1);
        pipeline.close();
    }

    @Test
    void closing_the_pipeline_ends_what_is_still_in_the_queue() {
        FmPipeline pipeline = pipeline(queue::add);
        pipeline.wrap(ScriptedStreamingChatModel.replying("unused")).chat(REQUEST, handler);
        CompletableFuture<ChatResponse> future =
                pipeline.wrap(ScriptedChatModel.replying("unused")).chatAsync(REQUEST);

        pipeline.close();

        assertThat(events).containsExactly("CancelledException: the pipeline was closed");
        assertThat(future)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(CancelledException.class)
                .withMessage("the pipeline was closed");
        assertThat(metrics.calls()).hasSize(2);
    }

    @Test
    void an_executor_that_throws_after_it_ran_the_task_does_not_end_the_stream_twice() {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.replying("hello");
        FmPipeline pipeline = pipeline(task -> {
            task.run();
            throw new IllegalStateException("thrown by the executor");
        });

        try {
            pipeline.wrap(model).chat(REQUEST, handler);
        } catch (IllegalStateException e) {
            events.add("thrown to the caller: " + e.getMessage());
        }

        // The hop to the model meets the same executor: its exchange fails, once.
        assertThat(events)
                .containsExactly(
                        "text:hello",
                        "IllegalStateException: thrown by the executor",
                        "thrown to the caller: thrown by the executor");
        assertThat(metrics.calls()).hasSize(1);
        pipeline.close();
    }
}
