package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar to run, where it was built before the tests. */
class CommandJarTest {
    @TempDir
    Path flights;

    @Test
    void the_jar_runs_by_itself_and_says_nothing_beside_what_was_asked() throws Exception {
        Path jar = jar();
        try (CommandRig rig = new CommandRig(flights)) {
            rig.settled("claim-1", "u1");
        }

        assertThat(run(jar, "verify", flights.toString())).isEqualTo("0 1 runs, 11 events, 9 contents\nintact\n");
        assertThat(run(jar, "search", flights.toString(), "nowhere")).isEqualTo("1 ");
        assertThat(run(
                        jar,
                        "export",
                        flights.toString(),
                        "--format",
                        "otlp",
                        "--endpoint",
                        "http://localhost:1/v1/traces"))
                .as("the exporter and what it sends with are in it")
                .startsWith("2 flights: the receiver at http://localhost:1/v1/traces did not take the spans")
                .hasLineCount(1);
    }

    private static Path jar() throws IOException {
        Path target = Path.of(Flights.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .resolveSibling("");
        try (Stream<Path> files = Files.list(target)) {
            List<Path> jars =
                    files.filter(each -> each.toString().endsWith("-cli.jar")).toList();
            Assumptions.assumeTrue(!jars.isEmpty(), "the jar is not built");
            return jars.get(0);
        }
    }

    private static String run(Path jar, String... args) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + printed;
    }
}
