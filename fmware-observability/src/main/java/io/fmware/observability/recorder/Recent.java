package io.fmware.observability.recorder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The contents of the last moments that no rule has kept, in memory, until they are too old or too many. Thread-safe. */
final class Recent {
    private final long nanos;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Moment> moments = new ArrayDeque<>();
    private long bytes;

    private record Moment(long at, long bytes, List<Blob> contents) {}

    Recent(long nanos, long mostBytes) {
        this.nanos = nanos;
        this.mostBytes = mostBytes;
    }

    void add(long now, List<Blob> contents) {
        if (contents.isEmpty() || nanos == 0) {
            return;
        }
        long more = 0;
        for (Blob each : contents) {
            more += each.record().length;
        }
        lock.lock();
        try {
            moments.addLast(new Moment(now, more, contents));
            bytes += more;
            forget(now);
        } finally {
            lock.unlock();
        }
    }

    private void forget(long now) {
        Moment oldest = moments.peekFirst();
        while (oldest != null && (bytes > mostBytes || now - oldest.at() > nanos)) {
            bytes -= oldest.bytes();
            moments.removeFirst();
            oldest = moments.peekFirst();
        }
    }

    /** Gives all of them away. */
    List<Blob> take(long now) {
        lock.lock();
        try {
            forget(now);
            List<Blob> all = new ArrayList<>();
            moments.forEach(each -> all.addAll(each.contents()));
            moments.clear();
            bytes = 0;
            return all;
        } finally {
            lock.unlock();
        }
    }
}
