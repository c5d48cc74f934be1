package io.fmware.testing.cassette;

import io.fmware.FmRun;
import io.fmware.RunScope;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records a test. */
final class Taking implements Tape {
    private static final Logger log = LoggerFactory.getLogger(Recorded.class);
    private static final String RUN = "recorded";
    private static final int SEGMENT = 1 << 20;

    private final Path file;
    private final Replaying replaying;
    private final Path flights;
    private final FlightRecorder recorder;
    private final FmRun run;
    private final RunScope scope;

    private Taking(Path file, Replaying replaying, Path flights, FlightRecorder recorder, FmRun run, RunScope scope) {
        this.file = file;
        this.replaying = replaying;
        this.flights = flights;
        this.recorder = recorder;
        this.run = run;
        this.scope = scope;
    }

    static Taking begin(Path file, String name, Replaying replaying) throws IOException {
        return begin(file, name, replaying, Files.createTempDirectory("fmware-cassette"));
    }

    /**
     * Opens the run of a test.
     *
     * @param flights an empty directory of its own, which is deleted in the end, or where this throws
     */
    static Taking begin(Path file, String name, Replaying replaying, Path flights) throws IOException {
        try {
            FlightRecorder recorder = FlightRecorder.builder(flights)
                    .redactor(replaying.redactor())
                    .content(ContentRule.all())
                    .pieces()
                    .exact()
                    .segmentBytes(SEGMENT)
                    .open();
            try {
                FmRun run = FmRun.builder(name)
                        .id(RUN)
                        .watch(recorder)
                        .watch(new Witness())
                        .open();
                RunScope scope = Objects.requireNonNull(FmRun.currentScope(), "the place of the run");
                return new Taking(file, replaying, flights, recorder, run, scope);
            } catch (RuntimeException | Error e) {
                recorder.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            delete(flights);
            throw e;
        }
    }

    @Override
    public RunScope scope() {
        return scope;
    }

    @Override
    public void end(ExtensionContext test, @Nullable Throwable failure) throws IOException {
        try {
            try {
                run.close();
            } finally {
                recorder.close();
            }
            if (failure == null) {
                keep(test);
            }
        } finally {
            delete(flights);
        }
    }

    private void keep(ExtensionContext test) throws IOException {
        String shown = Place.shown(file);
        Cassette cassette = Cassette.of(Recording.in(flights), RUN, replaying.redactor());
        refuse(cassette, shown);
        if (cassette.paths().isEmpty()) {
            if (Files.deleteIfExists(file)) {
                log.info("the test asks nothing any more, so {} was deleted", shown);
            }
            return;
        }
        List<String> problems = cassette.problems();
        if (!problems.isEmpty()) {
            log.warn("{} may replay otherwise than the test ran:\n- {}", shown, String.join("\n- ", problems));
        }
        cassette.write(file);
        log.info(
                "recorded {} ({} steps); read it, then commit it",
                shown,
                cassette.paths().size());
        test.publishReportEntry("fmware.cassettes.recorded", shown);
    }

    private void refuse(Cassette cassette, String shown) {
        if (recorder.lost() > 0) {
            throw new IllegalStateException("the test has passed, but " + recorder.lost()
                    + " events of it could not be recorded, see the log; " + shown + " was not written");
        }
        try {
            replaying.of(cassette).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the test has passed, but could never be replayed, so " + shown + " was not written: "
                            + e.getMessage(),
                    e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
