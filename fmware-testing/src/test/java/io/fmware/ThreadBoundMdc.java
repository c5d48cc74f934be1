package io.fmware;

import java.lang.reflect.Field;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.MDC;
import org.slf4j.spi.MDCAdapter;

/**
 * An MDC that no thread inherits, so that a value is only where it was carried to. slf4j-simple has none at all, and nothing
 * but SLF4J itself may set another.
 */
final class ThreadBoundMdc implements MDCAdapter {
    private static final ThreadLocal<Map<String, String>> values = ThreadLocal.withInitial(HashMap::new);

    private ThreadBoundMdc() {}

    /** Makes it the MDC of the JVM; returns what puts the old one back. */
    static Runnable install() {
        try {
            MDC.clear(); // initialises the class
            Field adapter = MDC.class.getDeclaredField("MDC_ADAPTER");
            adapter.setAccessible(true);
            Object before = adapter.get(null);
            adapter.set(null, new ThreadBoundMdc());
            return () -> {
                try {
                    adapter.set(null, before);
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            };
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("SLF4J has changed; find another way to set the adapter of MDC", e);
        }
    }

    @Override
    public void put(String key, String value) {
        values.get().put(key, value);
    }

    @Override
    public String get(String key) {
        return values.get().get(key);
    }

    @Override
    public void remove(String key) {
        values.get().remove(key);
    }

    @Override
    public void clear() {
        values.remove();
    }

    @Override
    public Map<String, String> getCopyOfContextMap() {
        return new HashMap<>(values.get());
    }

    @Override
    public void setContextMap(Map<String, String> map) {
        values.set(new HashMap<>(map));
    }

    @Override
    public void pushByKey(String key, String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String popByKey(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Deque<String> getCopyOfDequeByKey(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clearDequeByKey(String key) {
        throw new UnsupportedOperationException();
    }
}
