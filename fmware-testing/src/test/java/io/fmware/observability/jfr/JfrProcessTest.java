package io.fmware.observability.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own, with what stands on the command line. */
@Timeout(300)
class JfrProcessTest {
    @TempDir
    Path directory;

    private String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Mirrored.class.getName()));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }

    @Test
    void a_recording_of_the_command_line_has_the_events_that_are_long_enough_for_its_settings() throws Exception {
        String said = run("-Xlog:disable", "-XX:StartFlightRecording:filename=app.jfr,+io.fmware.Attempt#threshold=1h");

        assertThat(said).endsWith("asked");
        assertThat(RecordingFile.readAllEvents(directory.resolve("app.jfr")))
                .extracting(each -> each.getEventType().getName())
                .filteredOn(name -> name.startsWith("io.fmware."))
                .containsExactly("io.fmware.Call", "io.fmware.Run");
    }

    @Test
    void a_runtime_without_jfr_says_which_module_to_add() throws Exception {
        assertThat(run("--limit-modules", "java.base,java.logging,java.net.http,java.sql"))
                .isEqualTo("JfrMirror needs the module jdk.jfr, which this runtime does not have; give it to jlink or"
                        + " to java with --add-modules jdk.jfr");
    }
}
