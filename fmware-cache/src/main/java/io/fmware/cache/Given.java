package io.fmware.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which entry an answer is, by the id that its provider gave it: what people say of an answer comes later. Thread-safe. */
final class Given {
    private final Map<String, Entry> byId = new ConcurrentHashMap<>();

    /** Notes an entry before it can be given to anybody. */
    void note(Entry entry) {
        String id = idOf(entry);
        if (id != null) {
            byId.put(id, entry);
        }
    }

    @Nullable
    Entry answer(String id) {
        return byId.get(id);
    }

    void forget(Entry entry) {
        String id = idOf(entry);
        if (id != null) {
            byId.remove(id, entry);
        }
    }

    private static @Nullable String idOf(Entry entry) {
        return entry.response() == null ? null : entry.response().id();
    }
}
