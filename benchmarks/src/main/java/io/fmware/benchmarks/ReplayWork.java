package io.fmware.benchmarks;

import io.fmware.FmRun;
import io.fmware.event.Redactor;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Records runs with all that is needed to replay them. */
final class ReplayWork {
    static final String RUN = "claim";
    private static final int SEGMENT = 1 << 18;

    private ReplayWork() {}

    /** What is run. */
    interface Application {
        void run() throws Exception;
    }

    /** Records a run: all contents, pieces of streams, and the exact order of threads. */
    static Cassette recorded(Path directory, Redactor redactor, Application application) throws Exception {
        return Cassette.of(Recording.in(directory), recordedRun(directory, redactor, application));
    }

    /** Records a run, and gives its id. */
    static String recordedRun(Path directory, Redactor redactor, Application application) throws Exception {
        try (FlightRecorder recorder = FlightRecorder.builder(directory)
                .redactor(redactor)
                .content(ContentRule.all())
                .pieces()
                .exact()
                .segmentBytes(SEGMENT)
                .open()) {
            try (FmRun run = FmRun.builder(RUN).watch(recorder).open()) {
                application.run();
                return run.id();
            }
        }
    }

    /** Records a run into a directory that is gone then. */
    static Cassette recorded(Application application) throws Exception {
        Cassette[] recorded = new Cassette[1];
        RecorderFigures.inDirectory(directory -> recorded[0] = recorded(directory, Redactor.standard(), application));
        return recorded[0];
    }

    /** Threads for agents and tools that are at work at once. */
    static ExecutorService threads() {
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
    }
}
