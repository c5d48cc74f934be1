package io.fmware.observability.recorder;

import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the segments of a writer, the next one in advance, so that who appends does not wait for the disk to give it. Guarded by
 * the lock of its log.
 */
final class SegmentSupply {
    private static final Logger log = LoggerFactory.getLogger(FlightRecorder.class);
    private static final SecureRandom SALTS = new SecureRandom();

    private final Path directory;
    private final String writer;
    private final LogSettings settings;
    private final TimeSource time;
    private final Executor background;
    private final AtomicReference<Instant> begun = new AtomicReference<>(Instant.MIN);
    private @Nullable CompletableFuture<SegmentWriter> next;

    SegmentSupply(Path directory, String writer, LogSettings settings, TimeSource time, Executor background) {
        this.directory = directory;
        this.writer = writer;
        this.settings = settings;
        this.time = time;
        this.background = background;
    }

    /** The segment that was made in advance; where that failed, maybe long ago, one that is made now. */
    SegmentWriter take() throws IOException {
        CompletableFuture<SegmentWriter> prepared = next;
        next = null;
        if (prepared != null) {
            try {
                return prepared.join();
            } catch (CompletionException e) {
                log.debug("a segment could not be made in advance", e);
            }
        }
        return create();
    }

    /** Has the next segment made in the background. */
    void prepare() {
        CompletableFuture<SegmentWriter> coming = new CompletableFuture<>();
        next = coming;
        background.execute(() -> {
            try {
                coming.complete(create());
            } catch (IOException | RuntimeException | Error e) {
                coming.completeExceptionally(e);
            }
        });
    }

    /** The segment that was made, or is being made, in advance, and that nobody will take; {@code null} for none. */
    @Nullable
    CompletableFuture<SegmentWriter> unused() {
        return next;
    }

    private SegmentWriter create() throws IOException {
        long salt = SALTS.nextLong();
        Instant now = begun.accumulateAndGet( // the segments of a writer are in the order of their names
                time.instant(), (before, at) -> at.isAfter(before) ? at : before.plusNanos(1));
        Path file = directory.resolve(SegmentFile.name(now, writer, salt));
        SegmentWriter made = SegmentWriter.create(file, salt, settings.segmentBytes());
        if (settings.durability() == Durability.POWER) {
            made.forceFile();
            Upkeep.force(directory);
        }
        return made;
    }
}
