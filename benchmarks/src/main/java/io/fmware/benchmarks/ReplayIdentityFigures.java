package io.fmware.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Whether a replay is the same as what was recorded, at either depth. */
final class ReplayIdentityFigures implements FigureGroup {
    private static final String EXACT = "replay.identical";
    private static final String LIGHT = "replay.identical.light";

    @Override
    public List<String> names() {
        return List.of(EXACT, LIGHT);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws IOException {
        long seed = Long.getLong("fmware.seed", 1);
        int graphs = Integer.getInteger("fmware.graphs", 1_000);
        for (String each : wanted) {
            output.print(
                    ReplayIdentity.of(seed, graphs, each.equals(EXACT), output).figure(each, seed));
        }
    }
}
