package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.FmRun;
import io.fmware.event.EventOrigin;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListRunsTest extends CommandTest {
    private void three() {
        rig.settled("claim-1", "u1");
        rig.after(3_600_000);
        rig.failed("claim-2", "u2", new IllegalStateException("there is no policy P-9"));
        rig.after(60_000);
        rig.settled("claim-3", "u1");
    }

    private List<String> listed(String... options) {
        String[] args =
                Stream.concat(Stream.of("list", flights), Stream.of(options)).toArray(String[]::new);
        assertThat(rig.run(args)).isZero();
        return rig.out().lines().skip(1).map(line -> line.substring(21, 28)).toList();
    }

    @Test
    void runs_are_listed_newest_last_with_what_they_took_and_how_they_ended() {
        three();

        assertThat(rig.run("list", flights)).isZero();

        assertThat(rig.out()).isEqualTo("""
                        BEGUN                RUN      NAME     TOOK  EVENTS  CALLS    IN  OUT  ENDED
                        2026-01-01 01:00:00  claim-1  claim  500 ms      11      1  1200   30  ok
                        2026-01-01 02:00:00  claim-2  claim   30 ms       6      0     0    0  failed: IllegalStateException
                        2026-01-01 02:01:00  claim-3  claim  500 ms      11      1  1200   30  ok
                        """);
        assertThat(rig.err()).isEmpty();
    }

    @Test
    void times_are_local_unless_utc_is_asked_for_and_full_names_the_class_of_an_error() {
        three();

        assertThat(rig.run("list", flights, "--utc", "--full", "--name", "claim", "--failed"))
                .isZero();

        assertThat(rig.out()).isEqualTo("""
                        BEGUN                RUN      NAME    TOOK  EVENTS  CALLS  IN  OUT  ENDED
                        2026-01-01 01:00:00  claim-2  claim  30 ms       6      0   0    0  failed: java.lang.IllegalStateException
                        """);
    }

    @Test
    void runs_are_chosen_by_name_attribute_time_and_number() {
        three();

        assertThat(listed("--attribute", "user=u1")).containsExactly("claim-1", "claim-3");
        assertThat(listed("--since", "30m")).containsExactly("claim-2", "claim-3");
        assertThat(listed("--since", "2026-01-01T02:00:30")).containsExactly("claim-3");
        assertThat(listed("--until", "2026-01-01T02:00:30")).containsExactly("claim-1", "claim-2");
        assertThat(listed("--until", "2026-01-01T01:00:00Z")).containsExactly("claim-1");
        assertThat(listed("--since", "2026-01-01")).hasSize(3);
        assertThat(listed("--limit", "2")).containsExactly("claim-2", "claim-3");
        assertThat(listed("--name", "other")).isEmpty();
        assertThat(rig.err()).isEqualTo("flights: none of 3 runs is one of those\n");
    }

    @Test
    void a_run_that_ended_well_with_failures_inside_is_among_the_failed() {
        try (FmRun run = rig.pipeline.run("claim").id("claim-7").open()) {
            FmRun.note(at -> new FmEvent.VerdictGiven(at, "schema", false, "no JSON"));
            FmRun.note(at -> new FmEvent.Failed(at, Failure.of(new IOException("gone"))));
        }

        assertThat(listed("--failed")).containsExactly("claim-7");
        assertThat(rig.out()).endsWith("  ok, 2 failures\n");
    }

    @Test
    void what_goes_on_is_told_from_what_never_ended() throws IOException {
        FmRun run = rig.pipeline.run("claim").id("claim-8").open();
        try (run) {
            assertThat(listed()).containsExactly("claim-8");
            assertThat(rig.out()).endsWith("  open\n");
            assertThat(listed("--failed")).as("nothing is wrong with it").isEmpty();

            Path copy = Files.createDirectory(directory.resolve("copy")); // as it is left by a process that was killed
            try (Stream<Path> files = Files.list(Path.of(flights))) {
                for (Path each : files.filter(file -> file.toString().endsWith(".flight"))
                        .toList()) {
                    Files.copy(each, copy.resolve(each.getFileName()));
                }
            }
            flights = copy.toString();
            assertThat(listed("--failed")).containsExactly("claim-8");
            assertThat(rig.out()).endsWith("  never ended\n");
        }
    }

    @Test
    void random_ids_are_shown_as_far_as_they_are_told_apart() {
        rig.failed("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "u1", new IllegalStateException());
        rig.failed("1b4e28ba-2fa1-11d2-883f-0016d3cca428", "u1", new IllegalStateException());
        rig.failed("2b4e28ba-2fa1-11d2-883f-0016d3cca427", "u1", new IllegalStateException());

        rig.run("list", flights);
        assertThat(rig.out().lines().skip(1).map(line -> line.substring(21, 57).strip()))
                .containsExactly(
                        "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "1b4e28ba-2fa1-11d2-883f-0016d3cca428", "2b4e28ba");
        rig.run("list", flights, "--full");
        assertThat(rig.out()).contains("2b4e28ba-2fa1-11d2-883f-0016d3cca427");
    }

    @Test
    void what_tokens_cost_is_told_by_prices_and_never_guessed() throws IOException {
        three();
        Path prices = directory.resolve("prices");

        Files.writeString(prices, "gpt-4o.in=2.50\ngpt-4o.out=10.00\n");
        rig.run("list", flights, "--prices", prices.toString());
        assertThat(rig.out()).isEqualTo("""
                        BEGUN                RUN      NAME     TOOK  EVENTS  CALLS    IN  OUT      COST  ENDED
                        2026-01-01 01:00:00  claim-1  claim  500 ms      11      1  1200   30  0.003300  ok
                        2026-01-01 02:00:00  claim-2  claim   30 ms       6      0     0    0         -  failed: IllegalStateException
                        2026-01-01 02:01:00  claim-3  claim  500 ms      11      1  1200   30  0.003300  ok
                        """);

        Files.writeString(prices, "gpt-4o.in=2.50");
        rig.run("list", flights, "--prices", prices.toString(), "--limit", "1");
        assertThat(rig.out()).contains("  0.003000 + no price  ok\n");
        assertThat(rig.err()).isEqualTo("flights: there is no price for gpt-4o\n");

        Files.writeString(prices, "ScriptedChatModel.in=1\nScriptedChatModel.out=1");
        rig.run("list", flights, "--prices", prices.toString(), "--limit", "1");
        assertThat(rig.out()).as("by its name in the application").contains("  0.001230  ok\n");

        Files.writeString(prices, "");
        rig.run("list", flights, "--prices", prices.toString(), "--limit", "1");
        assertThat(rig.out()).contains("  no price  ok\n");
    }

    @Test
    void prices_that_are_none_are_named() throws IOException {
        Path prices = directory.resolve("prices");
        String[] list = {"list", flights, "--prices", prices.toString()};

        assertThat(rig.run(list)).isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: " + prices + ": there is no such file\n");
        Files.writeString(prices, "gpt-4o.in=cheap");
        assertThat(rig.run(list)).isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo("flights: " + prices + " has 'cheap' for gpt-4o.in; a price is a number like 2.50\n");
        Files.writeString(prices, "gpt-4o=1");
        assertThat(rig.run(list)).isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: " + prices + " has 'gpt-4o'; names of prices end with .in or .out\n");
    }

    @Test
    void an_empty_recording_is_said_to_be_empty() {
        assertThat(rig.run("list", flights)).isZero();
        assertThat(rig.out()).isEmpty();
        assertThat(rig.err()).isEqualTo("flights: no runs are recorded here\n");
    }

    @Test
    void names_from_a_recording_do_not_control_the_terminal() {
        EventOrigin at = new EventOrigin("\u001b]0;owned\u0007", RunPath.root("x"), 1, rig.clock.instant());
        rig.recorder.event(
                new FmEvent.RunStarted(at, "a\u202egnp.exe\n\u009b31m" + "long".repeat(30), java.util.Map.of()));

        assertThat(rig.run("list", flights)).isZero();

        assertThat(rig.out())
                .isEqualTo("BEGUN                RUN                   NAME" + " ".repeat(58)
                        + "TOOK  EVENTS  CALLS  IN  OUT  ENDED\n"
                        + "2026-01-01 01:00:00  \\u001b]0;owned\\u0007  a\\u202egnp.exe\\n\\u009b31m"
                        + "long".repeat(8) + "lo\u2026  0 ms       1      0   0    0  open\n");
    }
}
