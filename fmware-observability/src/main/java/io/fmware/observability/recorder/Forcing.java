package io.fmware.observability.recorder;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits until records are on the disk. Threads that wait at the same time are served together (group commit): while one waits for
 * the disk the others queue, and the next one takes along all that was written meanwhile. Thread-safe.
 */
final class Forcing {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable SegmentWriter segment;
    private int until;

    /**
     * Waits until a segment is on the disk up to a position.
     *
     * @throws java.io.UncheckedIOException if the disk does not take it
     */
    void force(SegmentWriter written, int position) {
        lock.lock();
        try {
            if (segment != written || until < position) {
                int all = Math.max(position, written.position());
                written.force(all);
                segment = written;
                until = all;
            }
        } finally {
            lock.unlock();
        }
    }
}
