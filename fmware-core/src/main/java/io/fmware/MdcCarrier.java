package io.fmware;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** SLF4J's mapped diagnostic context. */
enum MdcCarrier implements ContextCarrier {
    PER_CALL,
    PER_EVENT;

    @Override
    public Object capture() {
        Map<String, String> values = MDC.getCopyOfContextMap();
        return values == null ? Map.of() : values;
    }

    @Override
    @SuppressWarnings("unchecked") // only ever given what capture() returned
    public AutoCloseable restore(Object context) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        set((Map<String, String>) context);
        return () -> set(before);
    }

    private static void set(@Nullable Map<String, String> values) {
        if (values == null || values.isEmpty()) {
            MDC.clear();
        } else {
            MDC.setContextMap(values);
        }
    }

    @Override
    public boolean restoresForEachEvent() {
        return this == PER_EVENT;
    }
}
