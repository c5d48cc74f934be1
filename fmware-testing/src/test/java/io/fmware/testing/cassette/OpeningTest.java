package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.FmRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where a test cannot be opened nothing is left behind. */
class OpeningTest {
    @TempDir
    Path directory;

    @ExtendWith(Samples.class)
    @Recorded
    static class Claims {
        @Test
        void pays() {
            assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
        }
    }

    private static Replaying replaying() {
        return Replaying.of(Claims.class.getAnnotation(Recorded.class));
    }

    @Test
    void a_recording_that_cannot_be_opened_leaves_no_run_and_no_directory() throws Exception {
        Path flights = Files.createDirectory(directory.resolve("flights"));
        Replaying replaying = replaying();

        assertThatThrownBy(() -> Taking.begin(directory.resolve("a.json"), " ", replaying, flights))
                .hasMessageStartingWith("the name of a run must not be blank");

        assertThat(FmRun.current()).isNull();
        assertThat(flights).doesNotExist();
    }

    @Test
    void a_replay_that_cannot_be_opened_leaves_no_run() throws Exception {
        Desk.paying();
        Tried.run(directory, Claims.class);
        Path file = directory.resolve(Tried.files(directory).get(0));
        Files.writeString(file, Files.readString(file).replace("\"run\": \"pays\"", "\"run\": \" \""));
        Replaying replaying = replaying();

        assertThatThrownBy(() -> Playing.begin(file, "pays", replaying, "./mvnw"))
                .hasMessageStartingWith("the name of a run must not be blank");

        assertThat(FmRun.current()).isNull();
    }
}
