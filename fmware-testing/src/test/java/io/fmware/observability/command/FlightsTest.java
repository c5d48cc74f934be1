package io.fmware.observability.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import io.fmware.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

class FlightsTest extends CommandTest {
    @Test
    void without_a_subcommand_there_is_help() {
        assertThat(rig.run()).isZero();
        assertThat(rig.out())
                .startsWith(
                        "Shows, checks and erases what flight recorders have recorded.\nUsage: flights [-h] COMMAND\n")
                .contains("  search        Looks for a text in events and in contents that were recorded.\n");
        assertThat(rig.run("list", "--help")).isZero();
        assertThat(rig.out()).startsWith("Lists the runs, newest last.\nUsage: flights list ");
    }

    @Test
    void what_the_user_has_to_put_right_is_said_in_one_line_with_exit_code_2() throws IOException {
        String nowhere = directory.resolve("nowhere").toString();
        String file = Files.writeString(directory.resolve("file"), "x").toString();

        assertThat(complaint("list", nowhere)).isEqualTo(nowhere + ": there is no such directory");
        assertThat(complaint("verify", file)).isEqualTo(file + ": this is no directory");
        assertThat(complaint("list")).isEqualTo("Missing required parameter: 'DIR'; see --help");
        assertThat(complaint("show", flights)).isEqualTo("Missing required parameter: 'RUN'; see --help");
        assertThat(complaint("list", flights, "--limit", "0")).isEqualTo("--limit must be at least 1");
        assertThat(complaint("search", flights, "x", "--limit", "0")).isEqualTo("--limit must be at least 1");
        assertThat(complaint("show", flights, "x", "--depth", "-1")).isEqualTo("--depth must not be negative");
        assertThat(complaint("list", flights, "--since", "soon\u001b[31m"))
                .isEqualTo("'soon\\u001b[31m' is no time; give one like 2026-11-22, 2026-11-22T10:15,"
                        + " 2026-11-22T09:15:00Z, or how long ago: 90s, 15m, 2h, 7d");
        assertThat(complaint("burn", flights)).startsWith("Unmatched arguments from index 0: 'burn'");
        assertThat(complaint(
                        "export", flights, "--to", directory.resolve("no/file").toString()))
                .isEqualTo(directory.resolve("no/file") + ": there is no such file");
    }

    private String complaint(String... args) {
        assertThat(rig.run(args)).isEqualTo(2);
        assertThat(rig.out()).isEmpty();
        assertThat(rig.err()).startsWith("flights: ").hasLineCount(1);
        return rig.err().substring("flights: ".length()).stripTrailing();
    }

    @Test
    void an_output_that_nobody_reads_any_more_ends_it_quietly_and_a_full_disk_does_not() {
        for (int i = 0; i < 3; i++) {
            rig.settled("claim-" + i, "u");
        }
        assertThat(written("Broken pipe", "list", flights)).isEqualTo("0 ");
        assertThat(written("Broken pipe", "export", flights, "--to", "-")).isEqualTo("0 ");
        assertThat(written("No space left on device", "list", flights))
                .isEqualTo("2 flights: the output cannot be written: No space left on device\n");
        assertThat(written("No space left on device", "export", flights, "--to", "-"))
                .isEqualTo("2 flights: the output cannot be written: No space left on device\n");
        assertThat(written("No space left on device", "--help"))
                .isEqualTo("2 flights: the output cannot be written: No space left on device\n");
    }

    private static String written(String trouble, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(trouble);
            }
        };
        Screen screen = new Screen(
                out,
                new PrintStream(err, true, UTF_8),
                UTF_8,
                false,
                false,
                ZoneOffset.UTC,
                TimeSource.system(),
                wanted -> false);
        return Flights.run(screen, args) + " " + err.toString(UTF_8);
    }

    @Test
    void colours_are_for_a_terminal_alone() {
        rig.failed("claim-1", "u1", new IllegalStateException());

        rig.run("list", flights);
        assertThat(rig.out()).doesNotContain("\u001b");
        rig.coloured = true;
        rig.run("list", flights);
        assertThat(rig.out()).endsWith("  \u001b[31mfailed: IllegalStateException\u001b[0m\n");
    }

    @Test
    void progress_is_shown_to_a_person_who_has_waited_for_two_seconds() {
        try (FmRun run = rig.pipeline.run("claim").id("claim-1").open()) {
            for (int i = 0; i < 3_000; i++) {
                FmRun.note(at -> new FmEvent.CacheConsulted(at, "exact", "miss"));
            }
        }
        TimeSource slow = new TimeSource() { // each look at it takes a second and a half
                    private final ManualClock clock = ManualClock.create();

                    @Override
                    public long nanoTime() {
                        clock.advance(Duration.ofMillis(1_500));
                        return clock.nanoTime();
                    }

                    @Override
                    public Instant instant() {
                        return clock.instant();
                    }

                    @Override
                    public void await(Condition condition, Lock lock, long untilNanos) {
                        throw new AssertionError();
                    }
                };

        rig.run(slow, "list", flights);
        assertThat(rig.err()).as("nobody sees it").isEmpty();
        rig.watched = true;
        rig.run(slow, "list", flights);
        assertThat(rig.err()).isEqualTo("\r2,048 records read\r" + " ".repeat(40) + "\r");
        rig.run("list", flights);
        assertThat(rig.err()).as("it was quick").isEmpty();
    }

    @Test
    void a_duration_is_shown_with_as_much_as_matters() {
        assertThat(Times.took(Duration.ZERO)).isEqualTo("0 ms");
        assertThat(Times.took(Duration.ofNanos(420_000))).isEqualTo("0.42 ms");
        assertThat(Times.took(Duration.ofMillis(999))).isEqualTo("999 ms");
        assertThat(Times.took(Duration.ofMillis(59_999))).isEqualTo("59.99 s");
        assertThat(Times.took(Duration.ofSeconds(192))).isEqualTo("3 m 12 s");
        assertThat(Times.took(Duration.ofMinutes(125))).isEqualTo("2 h 5 m");
        assertThat(Times.took(Duration.ofMillis(-20))).isEqualTo("-20 ms");
        assertThat(Times.took(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo("-2562047 h 47 m");
        assertThat(Times.millis(Instant.MAX, ZoneOffset.ofHours(18))).isEqualTo("?");
    }

    @Test
    void a_text_is_cut_between_characters_and_never_within_an_escape() {
        assertThat(Shown.cut("12345", 5)).isEqualTo("12345");
        assertThat(Shown.cut("123456", 5)).isEqualTo("1234\u2026");
        assertThat(Shown.cut("123\u001b56", 6)).isEqualTo("123\u2026");
        assertThat(Shown.cut("123\ud83d\ude00456", 5)).isEqualTo("123\u2026");
        assertThat(Shown.all("\ud83d\ude00 \ud83d \udb40\udc41 \u200b\u00ad\u2028\ufeff\u0085"))
                .isEqualTo("\ud83d\ude00 \\ud83d \\udb40\\udc41 \\u200b\\u00ad\\u2028\\ufeff\\u0085");
    }
}
