package io.fmware.benchmarks;

import java.util.List;
import java.util.Set;

/** Whether what happens in a run is noted where it happens. */
final class RunFigures implements FigureGroup {
    private static final String CONTEXT = "run.context";
    private static final int RUNS = 10_000;

    @Override
    public List<String> names() {
        return List.of(CONTEXT);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws InterruptedException {
        int runs = Integer.getInteger("fmware.runs", RUNS);
        output.print(RunContext.of(Long.getLong("fmware.seed", 1), runs, output).figure(CONTEXT));
    }
}
