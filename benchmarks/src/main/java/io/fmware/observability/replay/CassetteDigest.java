package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** All that a run met, in order: two runs are identical if these are equal. */
public final class CassetteDigest {

    private CassetteDigest() {}

    /**
     * Takes what a cassette holds, but for where an answer came from, which a replay says.
     *
     * @param cassette the cassette
     * @return a line for each boundary, and the turns of all threads, without what is in a tool
     */
    public static List<String> of(Cassette cassette) {
        List<String> digest = new ArrayList<>();
        for (Taped run : cassette.runs()) {
            for (Step each : run.steps().values()) {
                if (!isInTool(each.path())) {
                    digest.add(each.path() + " " + each.asked() + " " + given(each.given()));
                }
            }
            for (Turn each : run.order()) {
                if (!isInTool(each.path())) {
                    digest.add(each.toString());
                }
            }
        }
        return digest;
    }

    /** What a tool does by itself is not done again: it is answered. */
    private static boolean isInTool(String path) {
        int tool = path.indexOf("/tool:");
        return tool >= 0 && path.indexOf('/', tool + 1) >= 0;
    }

    private static Object given(ObjectNode given) {
        if (given == null) {
            return "nothing";
        }
        ObjectNode plain = given.deepCopy();
        plain.remove(List.of("source", "attempts"));
        return plain;
    }
}
