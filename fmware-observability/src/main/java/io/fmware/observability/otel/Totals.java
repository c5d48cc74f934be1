package io.fmware.observability.otel;

import io.opentelemetry.api.common.Attributes;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the calls inside of an agent come to. Thread-safe. */
final class Totals {
    private final ReentrantLock lock = new ReentrantLock();
    private Tokens tokens = Tokens.NONE;
    private @Nullable String provider;
    private Attributes request = Attributes.empty();
    private @Nullable String finish;

    void add(String by, Attributes asked, @Nullable String finished, Tokens used) {
        lock.lock();
        try {
            tokens = tokens.plus(used);
            if (provider == null) {
                provider = by;
                request = asked;
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

    /** What the first call asked for. */
    Attributes request() {
        lock.lock();
        try {
            return request;
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
