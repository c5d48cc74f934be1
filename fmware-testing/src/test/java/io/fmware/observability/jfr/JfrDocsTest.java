package io.fmware.observability.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on the JDK Flight Recorder. */
class JfrDocsTest {
    @TempDir
    Path directory;

    @Test
    void a_pipeline_is_mirrored_beside_a_recorder() throws IOException {
        FlightRecorder recorder = FlightRecorder.open(directory.resolve("flights"));
        // docs:start jfr-watch
        FmPipeline pipeline =
                FmPipeline.builder().watch(recorder).watch(JfrMirror.create()).build();
        // docs:end jfr-watch
        try (recorder;
                pipeline) {
            assertThat(pipeline.wrap((ChatModel) ScriptedChatModel.replying("yes"))
                            .chat("Is it covered?"))
                    .isEqualTo("yes");
        }
    }
}
