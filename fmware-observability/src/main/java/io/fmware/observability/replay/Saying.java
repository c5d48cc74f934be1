package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What goes in at a boundary, or comes out, as a recording would have it: read as a tree only where it has to be. Not
 * thread-safe.
 */
final class Saying {
    private final String type;
    private final String path;
    private final byte[] fields;
    private @Nullable Told told;

    /**
     * @param type the type of the event that would tell of it
     * @param fields what that would tell, as JSON
     */
    Saying(String type, String path, byte[] fields) {
        this.type = type;
        this.path = path;
        this.fields = fields;
    }

    String path() {
        return path;
    }

    byte[] fields() {
        return fields;
    }

    Told told() {
        Told known = told;
        if (known == null) {
            known = read();
            told = known;
        }
        return known;
    }

    private Told read() {
        try {
            ObjectNode json = (ObjectNode) ReadableJson.MAPPER.readTree(fields);
            Told read = Told.of(json.put("t", type).put("p", path));
            if (read == null) {
                throw new IllegalStateException("an event of type " + type + " tells of no boundary");
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException("an event of type " + type + " did not become JSON", e);
        }
    }
}
