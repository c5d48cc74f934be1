package io.fmware.observability.replay;

import io.fmware.observability.recorder.FlightRecorder;
import java.util.Map;

/** Compares what a run was recorded with to what it is replayed with. */
final class RecordedWith {

    private RecordedWith() {}

    /** A line that names what has changed; empty where nothing has, or nothing is known. */
    static String changed(Map<String, String> recordedWith) {
        StringBuilder changed = new StringBuilder();
        FlightRecorder.versions().forEach((name, now) -> {
            String then = recordedWith.getOrDefault(name, now);
            if (!then.equals(now)) {
                changed.append(changed.isEmpty() ? "\n  It was recorded with " : ", ")
                        .append(name)
                        .append(' ')
                        .append(then)
                        .append(", and this is ")
                        .append(now);
            }
        });
        return changed.toString();
    }
}
