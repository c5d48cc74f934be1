package io.fmware.cache;

import io.fmware.event.RunPath;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a run has used so far, and what was asked in it. Thread-safe. */
final class RunTrace {
    private static final int MOST_DEPENDENCIES = 10_000;
    private static final int MOST_QUESTIONS = 1_000;
    private static final int MOST_CONTENTS = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Dependency, Long> seen = new HashMap<>();
    private final Map<RunPath, String> questions = new HashMap<>();
    private final Deque<String> contents = new ArrayDeque<>();
    private boolean full;

    void used(Dependency what, long at) {
        lock.lock();
        try {
            if (seen.size() >= MOST_DEPENDENCIES && !seen.containsKey(what)) {
                full = true;
            } else {
                seen.merge(what, at, Math::min); // the oldest look decides
            }
        } finally {
            lock.unlock();
        }
    }

    /** Text that was retrieved, and may stand in prompts. */
    void retrieved(String text) {
        lock.lock();
        try {
            contents.addLast(text);
            if (contents.size() > MOST_CONTENTS) {
                contents.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    void asked(RunPath where, String question) {
        lock.lock();
        try {
            if (questions.size() < MOST_QUESTIONS || questions.containsKey(where)) {
                questions.put(where, question);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was asked last at a place. */
    @Nullable
    String question(@Nullable RunPath where) {
        lock.lock();
        try {
            return where == null ? null : questions.get(where);
        } finally {
            lock.unlock();
        }
    }

    /** What was retrieved lately, longest first, so that no text is taken for a part of a longer one. */
    List<String> contents() {
        lock.lock();
        try {
            return contents.stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Everything that was used so far, {@code null} where that is too much to be kept. */
    @Nullable
    Map<Dependency, Long> seen() {
        lock.lock();
        try {
            return full ? null : Map.copyOf(seen);
        } finally {
            lock.unlock();
        }
    }
}
