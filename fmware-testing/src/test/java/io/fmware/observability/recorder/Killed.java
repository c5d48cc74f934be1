package io.fmware.observability.recorder;

import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * A process that records until it is killed, and says in a file how far each thread is: a number is written there after the event
 * of that number was acknowledged.
 */
final class Killed {
    static final int THREADS = 2;

    private Killed() {}

    public static void main(String[] args) throws IOException {
        Path flights = Path.of(args[0]);
        FlightLog log = new FlightLog(
                flights,
                new LogSettings(1 << 20, Durability.PROCESS, Long.MAX_VALUE, Duration.ofDays(1)),
                TimeSource.system());
        try (FileChannel channel = FileChannel.open(
                Path.of(args[1]), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            MappedByteBuffer acknowledged = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8L * THREADS);
            for (int i = 1; i < THREADS; i++) {
                int thread = i;
                new Thread(() -> record(log, acknowledged, thread)).start();
            }
            record(log, acknowledged, 0);
        }
    }

    private static void record(FlightLog log, MappedByteBuffer acknowledged, int thread) {
        String filling = "x".repeat(900);
        for (long i = 1; ; i++) {
            byte[] event = ("{\"t\":\"tick\",\"r\":\"" + thread + "\",\"n\":" + i + ",\"x\":\"" + filling + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            if (log.append(event, event.length, List.of())) {
                acknowledged.putLong(8 * thread, i);
            }
        }
    }
}
