package io.fmware.observability.replay;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was found to be as recorded, byte by byte: the next run of a replay says the same, and need not be read to be compared.
 * Thread-safe.
 */
final class Known {
    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    boolean has(String what, byte[] fields) {
        byte[] before = known.get(what);
        return before != null && Arrays.equals(before, fields);
    }

    void add(String what, byte[] fields) {
        known.put(what, fields);
    }
}
