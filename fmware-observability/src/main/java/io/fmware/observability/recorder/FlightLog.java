package io.fmware.observability.recorder;

import io.fmware.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records to the segments of a directory. Many threads append, one at a time: a record that {@link #append} returned
 * true for stands before every record that was begun later, so that what a killed process leaves is a prefix without holes.
 *
 * <p>Nothing here throws because of a disk: what cannot be written is counted, said in the log once, and told in the recording
 * itself as soon as something can be written again. Thread-safe.
 */
final class FlightLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FlightRecorder.class);
    private static final int SPINS = 256;
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration TO_CLOSE = Duration.ofSeconds(30);
    private static final SecureRandom SALTS = new SecureRandom();
    private static final int MOST_BYTES = 3; // of a char in UTF-8

    private final Path directory;
    private final LogSettings settings;
    private final TimeSource time;
    private final Upkeep upkeep;
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "fmware-recorder");
        thread.setDaemon(true);
        return thread;
    });
    /** What others have left, by itself: who appends waits for the next segment, which must not stand behind that. */
    private final CompletableFuture<@Nullable Void> recovered = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Forcing forcing = new Forcing();
    private final Set<BlobId> stored = new HashSet<>();
    private final Losses losses = new Losses();
    private final String writer = HexFormat.of().toHexDigits(SALTS.nextLong());
    private final WriterLock alive;
    private final SegmentSupply segments;

    private @Nullable SegmentWriter segment;
    private long number;
    private long retryAt;
    private boolean closed;

    /** Opens a directory; what other processes have left in it is put in order in the background. */
    FlightLog(Path directory, LogSettings settings, TimeSource time) throws IOException {
        this.directory = directory;
        this.settings = settings;
        this.time = time;
        this.upkeep = new Upkeep(directory, settings, time);
        this.segments = new SegmentSupply(directory, writer, settings, time, background);
        SegmentWriter first;
        try {
            OwnerOnly.directory(directory);
            this.alive =
                    Objects.requireNonNull(WriterLock.of(directory, writer), "the number of a writer was drawn twice");
            first = first(alive);
        } catch (IOException e) {
            throw new IOException("nothing can be recorded in " + directory + ": " + reason(e), e);
        }
        this.segment = first;
        head(first);
        segments.prepare();
        Thread recovery = new Thread(this::recover, "fmware-recovery");
        recovery.setDaemon(true);
        recovery.start();
    }

    private void recover() {
        try {
            upkeep.recover();
        } finally {
            recovered.complete(null);
        }
    }

    private SegmentWriter first(WriterLock held) throws IOException {
        try {
            return segments.take();
        } catch (IOException | RuntimeException | Error e) {
            held.delete();
            throw e;
        }
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    /**
     * Appends an event, and before it those of the contents that this segment does not hold yet.
     *
     * @return whether they are in the file; else they are lost. Where the disk does not keep what is forced to it, that is counted
     *     as lost too
     */
    boolean append(byte[] event, int length, List<Blob> contents) {
        SegmentWriter into;
        int until;
        acquire();
        try {
            if (closed) {
                losses.late();
                return false;
            }
            List<Blob> beside = contents;
            if (!settings.holds(
                    length + bytes(contents),
                    1 + contents.size())) { // then they are not in one segment with their event
                contents.forEach(this::store);
                beside = List.of();
            }
            into = room(length + bytes(beside), 1 + beside.size());
            if (into == null) {
                return false;
            }
            tell(into, length + bytes(beside), 1 + beside.size());
            for (Blob each : beside) {
                write(into, each);
            }
            into.write(Kind.EVENT, event, length);
            until = into.position();
        } catch (InternalError e) { // the file system took back what it had given: a page cannot be written
            losses.add("a page of " + directory + " cannot be written", e);
            segment = null;
            return false;
        } finally {
            lock.unlock();
        }
        if (settings.durability() == Durability.POWER) {
            force(into, until);
        }
        return true;
    }

    /** Appends contents by themselves, for events that are there already, or too large to have them beside them. */
    void append(List<Blob> contents) {
        acquire();
        try {
            if (!closed) {
                contents.forEach(this::store);
            }
        } catch (InternalError e) {
            losses.add("a page of " + directory + " cannot be written", e);
            segment = null;
        } finally {
            lock.unlock();
        }
    }

    private void store(Blob content) {
        SegmentWriter into = room(content.record().length, 1);
        if (into != null) {
            write(into, content);
        }
    }

    private void write(SegmentWriter into, Blob content) {
        if (stored.add(content.id())) {
            into.write(Kind.CONTENT, content.record(), content.record().length);
        }
    }

    private static long bytes(List<Blob> contents) {
        long bytes = 0;
        for (Blob each : contents) {
            bytes += each.record().length;
        }
        return bytes;
    }

    /** Appending takes less than a microsecond: it is cheaper to wait for a moment than to be parked. */
    private void acquire() {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** The segment that has room for records, {@code null} where there is none to be had. */
    private @Nullable SegmentWriter room(long bytes, int count) {
        SegmentWriter current = segment;
        if (current != null && current.hasRoom(bytes, count)) {
            return current;
        }
        if (!settings.holds(bytes, count)) {
            losses.add(
                    "a record is too large",
                    "a record of " + bytes + " bytes is larger than the " + settings.largest()
                            + " that a segment has room for",
                    null);
            return null;
        }
        return rotate();
    }

    private @Nullable SegmentWriter rotate() {
        if (segment == null && retryAt - time.nanoTime() > 0) {
            losses.again();
            return null;
        }
        SegmentWriter full = segment;
        SegmentWriter fresh = null;
        try {
            fresh = segments.take();
        } catch (IOException | RuntimeException e) {
            losses.add("no segment can be made in " + directory, e);
            retryAt = time.nanoTime() + AGAIN.toNanos();
        }
        segment = fresh;
        stored.clear();
        if (full != null) {
            seal(full);
            background.execute(() -> upkeep.finish(full));
        }
        if (fresh != null) {
            head(fresh);
            segments.prepare();
        }
        return fresh;
    }

    private void head(SegmentWriter into) {
        into.write(
                Kind.HEAD,
                "{\"writer\":\"" + writer + "\",\"segment\":" + ++number + ",\"begun\":\"" + time.instant() + "\"}");
        String loss = losses.untold();
        if (loss != null) {
            into.write(Kind.LOSS, loss);
            losses.told();
        }
    }

    /** Begins a new segment, and waits until all that was recorded before is compressed. */
    void renew() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (segment != null && segment.records() > 1) { // more than its head
                rotate();
            }
            background.execute(() -> done.complete(recovered.join()));
        } finally {
            lock.unlock();
        }
        done.join();
    }

    /** Tells what was lost, where there is room for it beside what comes. */
    private void tell(SegmentWriter into, long bytes, int count) {
        String loss = losses.untold();
        if (loss != null && into.hasRoom(bytes + MOST_BYTES * (long) loss.length(), count + 1)) {
            into.write(Kind.LOSS, loss);
            losses.told();
        }
    }

    static void seal(SegmentWriter full) {
        full.write(Kind.SEAL, "{\"records\":" + full.records() + "}");
    }

    private void force(SegmentWriter written, int until) {
        try {
            forcing.force(written, until);
        } catch (UncheckedIOException | InternalError e) {
            lost("the disk of " + directory + " does not take what is forced to it", e);
        }
    }

    /** An event was lost on its way. */
    void lost(String why, Throwable cause) {
        lock.lock();
        try {
            losses.add(why, cause);
        } finally {
            lock.unlock();
        }
    }

    /** How many events and contents could not be written so far. */
    long lost() {
        return losses.count();
    }

    /** A segment to tell of losses that could not be told before. */
    private @Nullable SegmentWriter toTell() {
        if (losses.untold() == null) {
            return null;
        }
        try {
            SegmentWriter fresh = segments.take();
            head(fresh);
            return fresh;
        } catch (IOException | RuntimeException | InternalError e) {
            log.debug("what was lost cannot be told", e);
            return null;
        }
    }

    /** Seals the segment, waits until the background work is done, and gives the files back. */
    @Override
    public void close() {
        SegmentWriter last;
        CompletableFuture<SegmentWriter> unused;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            last = segment == null ? toTell() : segment;
            unused = segments.unused();
            segment = null;
            if (last != null) {
                tell(last, 0, 0);
                seal(last);
            }
        } finally {
            lock.unlock();
        }
        background.execute(() -> {
            if (last != null) {
                upkeep.finish(last);
            }
            if (unused != null && !unused.isCompletedExceptionally()) {
                upkeep.discard(unused.join());
            }
            recovered.join();
            upkeep.leave(alive);
        });
        background.shutdown();
        try {
            if (!background.awaitTermination(TO_CLOSE.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("the flight recorder of {} is still compressing; that goes on in the background", directory);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the rest is done in the background: who erases may wait for it
        }
    }
}
