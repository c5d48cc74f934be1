package io.fmware;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a call going where the metrics of the user throw. */
final class SafeMetrics implements FmMetrics {
    private static final Logger log = LoggerFactory.getLogger(FmMetrics.class);

    private final FmMetrics delegate;
    private final AtomicBoolean logged = new AtomicBoolean();

    private SafeMetrics(FmMetrics delegate) {
        this.delegate = delegate;
    }

    static FmMetrics of(FmMetrics metrics) {
        return metrics == NoMetrics.INSTANCE ? metrics : new SafeMetrics(metrics);
    }

    @Override
    public void callEnded(CallOutcome outcome) {
        try {
            delegate.callEnded(outcome);
        } catch (Throwable t) {
            warn(t);
        }
    }

    @Override
    public void interceptorActed(String interceptor, String action) {
        try {
            delegate.interceptorActed(interceptor, action);
        } catch (Throwable t) {
            warn(t);
        }
    }

    private void warn(Throwable t) {
        if (!logged.compareAndSet(false, true)) {
            return;
        }
        String who = delegate.getClass().getName();
        String said = "{} threw; calls go on without it being told, and this is logged once";
        try {
            log.warn(said, who, t);
        } catch (Throwable unprintable) { // its message throws too
            log.warn(said + ": {}", who, t.getClass().getName());
        }
    }
}
