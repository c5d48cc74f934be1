package io.fmware.observability.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** A process that records a number of events, or reads until it is told to end. Where something is wrong it says so and ends with 1. */
final class RecordingProcess {
    static final int THREADS = 2;

    private RecordingProcess() {}

    public static void main(String[] args) throws Exception {
        Path flights = Path.of(args[1]);
        if (args[0].equals("read")) {
            read(flights, Path.of(args[2]));
        } else {
            record(flights, args[2], Integer.parseInt(args[3]));
        }
    }

    private static void record(Path flights, String name, int events) throws Exception {
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                .content(ContentRule.all())
                .segmentBytes(8 * Frame.BLOCK)
                .open()) {
            Thread[] threads = new Thread[THREADS];
            for (int t = 0; t < THREADS; t++) {
                String run = name + t;
                threads[t] = new Thread(() -> {
                    Random random = new Random(run.hashCode());
                    for (int i = 1; i <= events; i++) {
                        recorder.event(Ticks.thought(run, i, Ticks.noise(random, 40 + random.nextInt(300))));
                    }
                });
                threads[t].start();
            }
            for (Thread each : threads) {
                each.join();
            }
            if (recorder.lost() > 0) {
                throw new IllegalStateException(recorder.lost() + " events were lost");
            }
        }
    }

    private static void read(Path flights, Path end) throws IOException {
        int passes = 0;
        do {
            Map<String, Long> last = new HashMap<>();
            Recording.in(flights)
                    .events(
                            event -> {
                                long before = last.getOrDefault(event.run(), 0L);
                                if (event.sequence() != before + 1) {
                                    throw new IllegalStateException(event + " comes after " + before);
                                }
                                last.put(event.run(), event.sequence());
                            },
                            fault -> {
                                throw new IllegalStateException("a fault: " + fault);
                            });
            passes++;
        } while (!Files.exists(end));
        System.out.println(passes);
    }
}
