package io.fmware.benchmarks;

import static io.fmware.benchmarks.JmhFigure.added;
import static io.fmware.benchmarks.JmhFigure.addedBytes;
import static io.fmware.benchmarks.JmhFigure.time;

import java.util.List;

/** What tracing costs for a call, and what a boundary costs that nobody watches. */
final class TraceFigures {
    private static final String TRACED = "TraceBenchmark.traced";
    private static final String PLAIN = "TraceBenchmark.plain";
    private static final String SDK = "SDK 1.67.0, batch processor, exporter that discards; ";

    private TraceFigures() {}

    static FigureGroup group() {
        return new JmhFigures(List.of(
                added("trace.overhead", TRACED, PLAIN, SDK + "a traced and measured chat call minus the plain one")
                        .inMicroseconds(),
                addedBytes("trace.overhead", TRACED, PLAIN, SDK + "the same"),
                added(
                                "trace.overhead.content",
                                "TraceBenchmark.withContent",
                                PLAIN,
                                SDK + "the same with content that nothing is redacted of")
                        .inMicroseconds(),
                added("trace.overhead.noop", "TraceBenchmark.noop", PLAIN, "the same with OpenTelemetry.noop()")
                        .inMicroseconds(),
                added(
                                "trace.overhead.base.watched",
                                "TraceBenchmark.watched",
                                PLAIN,
                                "a pipeline with a watcher that does nothing: core's share of it")
                        .inMicroseconds(),
                added(
                                "trace.overhead.base.listener",
                                "TraceBenchmark.listener",
                                PLAIN,
                                SDK + "a ChatModelListener by hand: one span, six attributes, one histogram")
                        .inMicroseconds(),
                added(
                        "boundary.idle",
                        "BoundaryBenchmark.outside",
                        "BoundaryBenchmark.body",
                        "FmRun.cross outside of any run minus its body"),
                added(
                        "boundary.idle.run",
                        "BoundaryBenchmark.unwatched",
                        "BoundaryBenchmark.body",
                        "FmRun.cross in a run that nobody watches minus its body"),
                time("boundary.idle.base.body", "BoundaryBenchmark.body", "the body alone")));
    }
}
