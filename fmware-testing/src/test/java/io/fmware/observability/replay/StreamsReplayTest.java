package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.FmPipeline;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of streams, and what of them is given again. */
class StreamsReplayTest {
    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();

    /** All that a handler is told, as text. */
    private Supplier<List<String>> streaming(Reply... replies) {
        StreamingChatModel model = ScriptedStreamingChatModel.of(replies);
        return () -> {
            List<String> told = new CopyOnWriteArrayList<>();
            CompletableFuture<String> end = new CompletableFuture<>();
            pipeline.wrap(model).chat("hello", new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String piece) {
                    told.add(piece);
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    end.complete("end");
                }

                @Override
                public void onError(Throwable error) {
                    end.complete(error.toString());
                }
            });
            told.add(end.join());
            return told;
        };
    }

    @Test
    void a_stream_that_fails_after_some_pieces_gives_them_again_before_it_fails() {
        Reply cut = Reply.builder()
                .chunks("a", "b", "c")
                .failAfter(2, new IllegalStateException("cut"))
                .build();
        Cassette cassette = new Flights(directory).recorded(streaming(cut));

        assertThat(Flights.replayed(Replay.of(cassette), streaming()))
                .isEqualTo(List.of("a", "b", "java.lang.IllegalStateException: cut"));
    }

    @Test
    void pieces_are_the_same_in_the_next_recording() {
        Reply whole =
                Reply.builder().chunks("mail jane", ".doe@example", ".org").build();

        String first = CassetteFile.text(new Flights(directory.resolve("one")).recorded(streaming(whole)));
        String second = CassetteFile.text(new Flights(directory.resolve("two")).recorded(streaming(whole)));

        assertThat(first).isEqualTo(second).contains("\"pieces\"").doesNotContain("\"at\"", "\"ns\"", "\"r\"");
    }
}
