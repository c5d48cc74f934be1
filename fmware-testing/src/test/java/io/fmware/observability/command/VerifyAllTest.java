package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.observability.recorder.RecordedRun;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyAllTest {
    @TempDir
    Path directory;

    private Path flights;
    private CommandRig rig;

    @BeforeEach
    void open() throws IOException {
        flights = directory.resolve("flights");
        rig = new CommandRig(flights);
        rig.settled("claim-1", "u1");
        rig.settled("claim-2", "u2");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void what_is_as_it_was_written_is_intact() {
        assertThat(rig.run("verify", flights.toString())).isZero();
        assertThat(rig.out()).isEqualTo("2 runs, 22 events, 10 contents\nintact\n");
        assertThat(rig.err()).isEmpty();
    }

    @Test
    void hashes_that_are_known_from_elsewhere_are_compared() throws IOException {
        RecordedRun first = Recording.in(flights).runs(fault -> {}).get(0);
        String head = Objects.requireNonNull(first.head());
        Path anchors = directory.resolve("anchors");

        Files.writeString(anchors, "claim-1\t" + head + "\n");
        assertThat(rig.run("verify", flights.toString(), "--anchors", anchors.toString()))
                .isZero();
        assertThat(rig.out()).isEqualTo("2 runs, 22 events, 10 contents\nhashes known from elsewhere: 1\nintact\n");

        Files.writeString(anchors, "claim-1\tother\n\nclaim-9\t" + head + "\n");
        assertThat(rig.run("verify", flights.toString(), "--anchors", anchors.toString()))
                .isEqualTo(1);
        assertThat(rig.out())
                .isEqualTo("2 runs, 22 events, 10 contents\nhashes known from elsewhere: 2\n"
                        + "problem: run claim-1: its last hash is " + head + ", and was other when it was recorded\n"
                        + "problem: run claim-9: it was recorded, and its end is not there\nnot intact\n");

        Files.write(anchors, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(rig.run("verify", flights.toString(), "--anchors", anchors.toString()))
                .isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: " + anchors + " is no text: give lines of a run, a tab and a hash\n");

        Files.writeString(anchors, "claim-1 " + head);
        assertThat(rig.run("verify", flights.toString(), "--anchors", anchors.toString()))
                .isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: " + anchors + ", line 1: give a run, a tab and a hash\n");
    }

    @Test
    void damage_is_told_with_exit_code_1_and_the_rest_is_still_listed() throws IOException {
        for (int i = 3; i < 60; i++) {
            rig.settled("claim-" + i, "u3");
        }
        rig.close();
        try (Stream<Path> files = Files.list(flights)) {
            Path segment = files.filter(file -> file.toString().endsWith(".flightz"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(segment);
            bytes[bytes.length / 2] ^= 1;
            Files.write(segment, bytes);
        }

        assertThat(rig.run("verify", flights.toString())).isEqualTo(1);
        assertThat(rig.out()).contains("damaged: ").endsWith("\nnot intact\n");

        assertThat(rig.run("list", flights.toString())).isZero();
        assertThat(rig.out().lines().count()).isBetween(30L, 60L);
        assertThat(rig.err())
                .startsWith(
                        "flights: 2 parts of the recording cannot be read or is not there; the rest is shown\n  2026")
                .hasLineCount(3);
    }
}
