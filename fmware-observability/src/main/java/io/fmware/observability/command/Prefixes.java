package io.fmware.observability.command;

import io.fmware.observability.recorder.RecordedRun;
import java.util.Arrays;
import java.util.List;

/**
 * The shortest beginnings by which random ids of runs are told apart, of at least eight characters. Ids of the application's own stay
 * whole, since they are known elsewhere. Immutable.
 */
final class Prefixes {
    private static final int LEAST = 8;

    private final String[] sorted;

    Prefixes(List<RecordedRun> runs) {
        sorted = runs.stream().map(RecordedRun::id).sorted().distinct().toArray(String[]::new);
    }

    String of(String id) {
        if (!Shown.isRandom(id)) {
            return id;
        }
        int at = Arrays.binarySearch(sorted, id);
        int before = at > 0 ? common(id, sorted[at - 1]) : 0;
        int behind = at >= 0 && at + 1 < sorted.length ? common(id, sorted[at + 1]) : 0;
        return id.substring(0, Math.min(id.length(), Math.max(LEAST, Math.max(before, behind) + 1)));
    }

    private static int common(String one, String other) {
        int most = Math.min(one.length(), other.length());
        int i = 0;
        while (i < most && one.charAt(i) == other.charAt(i)) {
            i++;
        }
        return i;
    }
}
