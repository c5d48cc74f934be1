package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.FmPipeline;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutOffStreamTest {
    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();

    private String told(StreamingChatModel model) {
        CompletableFuture<String> told = new CompletableFuture<>();
        StringBuilder all = new StringBuilder();
        pipeline.wrap(model).chat("Hi", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                all.append(piece).append('|');
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                told.complete(all + "end");
            }

            @Override
            public void onError(Throwable error) {
                told.complete(all + error.toString());
            }
        });
        return told.join();
    }

    @Test
    void what_came_before_an_error_comes_again_before_the_error() {
        StreamingChatModel failing = ScriptedStreamingChatModel.of(Reply.builder()
                .chunks("One", " two", " three")
                .failAfter(2, new IllegalStateException("reset"))
                .build());
        Cassette cassette = new Flights(directory).recorded(() -> told(failing));

        assertThat(Flights.replayed(
                        Replay.of(cassette), () -> told(ScriptedStreamingChatModel.of(Reply.text("not asked")))))
                .isEqualTo("One| two|java.lang.IllegalStateException: reset");
    }
}
