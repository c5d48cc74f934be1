package io.fmware.benchmarks;

import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A boundary that nobody watches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BoundaryBenchmark {
    private String input = "water";

    /** An open run on the thread of the benchmark. */
    @State(Scope.Thread)
    public static class Unwatched {
        private FmRun run;

        @Setup(Level.Iteration)
        public void open() {
            run = FmRun.builder("claim").open();
        }

        @TearDown(Level.Iteration)
        public void close() {
            run.close();
        }
    }

    private static int length(String text) {
        return text.length();
    }

    @Benchmark
    public int body() {
        return length(input);
    }

    @Benchmark
    public int outside() {
        return FmRun.cross(BoundaryKind.TOOL, "cover", input, BoundaryBenchmark::length);
    }

    @Benchmark
    public int unwatched(Unwatched run) {
        return FmRun.cross(BoundaryKind.TOOL, "cover", input, BoundaryBenchmark::length);
    }
}
