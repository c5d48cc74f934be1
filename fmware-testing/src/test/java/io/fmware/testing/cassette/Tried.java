package io.fmware.testing.cassette;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** One run of sample tests with cassettes. */
public final class Tried {
    private final EngineExecutionResults results;
    private final String log;

    private Tried(EngineExecutionResults results, String log) {
        this.results = results;
        this.log = log;
    }

    /** Runs classes in a mode, {@code null} for none, and with some variables in the place of the environment. */
    public static Tried run(Path directory, String mode, Map<String, String> environment, Class<?>... samples) {
        return run(
                directory,
                mode,
                environment,
                Map.of(),
                Arrays.stream(samples)
                        .map(each -> (DiscoverySelector) selectClass(each))
                        .toArray(DiscoverySelector[]::new));
    }

    public static Tried run(
            Path directory,
            String mode,
            Map<String, String> environment,
            Map<String, String> parameters,
            DiscoverySelector... chosen) {
        Samples.ENVIRONMENT.clear();
        Samples.ENVIRONMENT.putAll(environment);
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter")
                .selectors(chosen)
                .configurationParameters(parameters)
                .configurationParameter("fmware.cassettes.directory", directory.toString());
        if (mode != null) {
            kit.configurationParameter("fmware.cassettes", mode);
        }
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            return new Tried(kit.execute(), said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    public static Tried run(Path directory, Class<?>... samples) {
        return run(directory, null, Map.of(), samples);
    }

    public long succeeded() {
        return results.testEvents().succeeded().count();
    }

    /** What tests failed with. */
    public List<Throwable> failures() {
        return of(results.testEvents());
    }

    /** What tests and factories of tests failed with. */
    public List<Throwable> allFailures() {
        return of(results.allEvents());
    }

    private static List<Throwable> of(Events events) {
        return events.failed().stream()
                .map(each -> each.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .toList();
    }

    public Throwable failure() {
        List<Throwable> failures = failures();
        if (failures.size() != 1) {
            AssertionError error = new AssertionError(failures.size() + " tests failed: " + failures);
            failures.forEach(error::addSuppressed);
            throw error;
        }
        return failures.get(0);
    }

    /** What was published, as {@code key=value}. */
    public List<String> reported() {
        List<String> reported = new ArrayList<>();
        for (Event each : results.allEvents().reportingEntryPublished().list()) {
            each.getRequiredPayload(ReportEntry.class)
                    .getKeyValuePairs()
                    .forEach((key, value) -> reported.add(key + "=" + value));
        }
        return reported;
    }

    public String log() {
        return log;
    }

    /** The files below a directory. */
    public static List<String> files(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(each -> directory.relativize(each).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
