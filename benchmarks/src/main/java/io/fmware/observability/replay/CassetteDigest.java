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
     * @return a line for each boundary, and the turns of all threads
     */
    public static List<String> of(Cassette cassette) {
        List<String> digest = new ArrayList<>();
        for (Taped run : cassette.runs()) {
            run.steps()
                    .values()
                    .forEach(each -> digest.add(each.path() + " " + each.asked() + " " + given(each.given())));
            run.order().forEach(each -> digest.add(each.toString()));
        }
        return digest;
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
