package io.fmware.observability.recorder;

import io.fmware.event.RunPath;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Which runs and places a rule is about. */
final class Sampling {
    private static final double ALL = 1L << 32;

    private Sampling() {}

    /** Whether an id belongs to a part, chosen by its checksum. */
    static boolean isIn(String id, double part) {
        CRC32C crc = new CRC32C();
        crc.update(id.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() < part * ALL;
    }

    /** Whether a path goes through one of these names. */
    static boolean isInside(RunPath path, Set<String> names) {
        for (@Nullable RunPath at = path; at != null; at = at.parent()) {
            String segment = at.segment();
            if (names.contains(segment.substring(segment.indexOf(':') + 1))) {
                return true;
            }
        }
        return false;
    }
}
