package io.fmware;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the carriers of a pipeline captured on one thread, to be restored on others. Immutable. A carrier that throws is logged
 * once for its class and left out; calls go on without its context.
 */
final class CarriedContext {
    private static final Logger log = LoggerFactory.getLogger(ContextCarrier.class);
    private static final Set<Class<?>> logged = ConcurrentHashMap.newKeySet();

    private final List<ContextCarrier> carriers;
    private final @Nullable Object[] captured;
    private final boolean forEachEvent;

    private CarriedContext(List<ContextCarrier> carriers, @Nullable Object[] captured, boolean forEachEvent) {
        this.carriers = carriers;
        this.captured = captured;
        this.forEachEvent = forEachEvent;
    }

    static CarriedContext capture(List<ContextCarrier> carriers) {
        @Nullable Object[] captured = new Object[carriers.size()];
        boolean forEachEvent = false;
        for (int i = 0; i < captured.length; i++) {
            ContextCarrier carrier = carriers.get(i);
            try {
                Object context = carrier.capture();
                if (context != RunCarrier.NO_RUN) {
                    captured[i] = context;
                    forEachEvent |= carrier.restoresForEachEvent();
                }
            } catch (Throwable t) {
                warn(carrier, t);
            }
        }
        return new CarriedContext(carriers, captured, forEachEvent);
    }

    /** Whether {@link #runForEvent} does more than to run. */
    boolean isRestoredForEachEvent() {
        return forEachEvent;
    }

    /** Runs a body with everything restored. */
    void run(Runnable body) {
        run(0, false, body);
    }

    /** Runs a body with that restored which is wanted around each piece of output. */
    void runForEvent(Runnable body) {
        run(0, true, body);
    }

    private void run(int index, boolean event, Runnable body) {
        if (index == captured.length) {
            body.run();
            return;
        }
        AutoCloseable scope = restore(index, event);
        try {
            run(index + 1, event, body);
        } finally {
            if (scope != null) {
                close(scope, carriers.get(index));
            }
        }
    }

    private @Nullable AutoCloseable restore(int index, boolean event) {
        ContextCarrier carrier = carriers.get(index);
        Object context = captured[index];
        if (context == null || (event && !carrier.restoresForEachEvent())) {
            return null;
        }
        try {
            return carrier.restore(context);
        } catch (Throwable t) {
            warn(carrier, t);
            return null;
        }
    }

    private static void close(AutoCloseable scope, ContextCarrier carrier) {
        try {
            scope.close();
        } catch (Throwable t) {
            warn(carrier, t);
        }
    }

    private static void warn(ContextCarrier carrier, Throwable t) {
        if (logged.add(carrier.getClass())) {
            log.warn(
                    "{} threw; calls go on without its context, and this is logged once",
                    carrier.getClass().getName(),
                    t);
        }
    }
}
