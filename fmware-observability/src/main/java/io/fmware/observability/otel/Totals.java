package io.fmware.observability.otel;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the calls inside of an agent come to. Thread-safe. */
final class Totals {
    private final ReentrantLock lock = new ReentrantLock();
    private Tokens tokens = Tokens.NONE;
    private @Nullable String provider;
    private @Nullable String model;
    private @Nullable String finish;

    void add(String by, @Nullable String named, @Nullable String finished, Tokens used) {
        lock.lock();
        try {
            tokens = tokens.plus(used);
            if (provider == null) {
                provider = by;
                model = named;
            }
            if (finished != null) {
                finish = finished;
            }
        } finally {
            lock.unlock();
        }
    }

    Tokens tokens() {
        lock.lock();
        try {
            return tokens;
        } finally {
            lock.unlock();
        }
    }

    /** The provider of the first call. */
    @Nullable
    String provider() {
        lock.lock();
        try {
            return provider;
        } finally {
            lock.unlock();
        }
    }

    /** The model that the first call named. */
    @Nullable
    String model() {
        lock.lock();
        try {
            return model;
        } finally {
            lock.unlock();
        }
    }

    /** Why the last call finished. */
    @Nullable
    String finish() {
        lock.lock();
        try {
            return finish;
        } finally {
            lock.unlock();
        }
    }
}
