package io.fmware.route;

import io.fmware.TimeSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What one model may be asked for in a minute; goes by the time of the pipeline that asks first. Thread-safe. */
final class ModelRate {
    private final long requestsPerMinute;
    private final long tokensPerMinute;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Buckets buckets;

    /** Either is {@code null} where it is not bounded. */
    record Buckets(@Nullable Allowance requests, @Nullable Allowance tokens) {}

    /**
     * @param requestsPerMinute 0 for no bound
     * @param tokensPerMinute 0 for no bound
     */
    ModelRate(long requestsPerMinute, long tokensPerMinute) {
        this.requestsPerMinute = requestsPerMinute;
        this.tokensPerMinute = tokensPerMinute;
    }

    Buckets buckets(TimeSource time) {
        Buckets made = buckets;
        if (made != null) {
            return made;
        }
        lock.lock();
        try {
            made = buckets;
            if (made == null) {
                made = new Buckets(allowance(requestsPerMinute, time), allowance(tokensPerMinute, time));
                buckets = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Allowance allowance(long perMinute, TimeSource time) {
        return perMinute == 0 ? null : new Allowance(perMinute, time);
    }
}
