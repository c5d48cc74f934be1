package io.fmware.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;

/** What benchmarks took, by the class and method name of the benchmark, over all iterations of all forks. */
final class Scores {
    private final Map<String, List<Double>> times = new HashMap<>();
    private final Map<String, List<Double>> bytes = new HashMap<>();

    /** Adds the results of a JMH run. */
    void add(Collection<RunResult> results) {
        for (RunResult result : results) {
            String benchmark = result.getParams().getBenchmark();
            String name = benchmark.substring(Scores.class.getPackageName().length() + 1);
            result.getBenchmarkResults().stream()
                    .map(BenchmarkResult::getIterationResults)
                    .flatMap(Collection::stream)
                    .forEach(iteration ->
                            add(times, name, iteration.getPrimaryResult().getScore()));
            result.getSecondaryResults().forEach((label, value) -> {
                if (label.endsWith("gc.alloc.rate.norm")) {
                    add(bytes, name, value.getScore());
                }
            });
        }
    }

    private static void add(Map<String, List<Double>> scores, String name, double score) {
        List<Double> sorted = scores.computeIfAbsent(name, n -> new ArrayList<>());
        sorted.add(score);
        Collections.sort(sorted);
    }

    boolean has(String benchmark) {
        return times.containsKey(benchmark);
    }

    /** The median of the iterations, in nanoseconds: unlike the mean it bears a busy moment of the machine. */
    double time(String benchmark) {
        return quantile(times, benchmark, 0.5);
    }

    /** The median of what the forks allocated for one operation. */
    double bytes(String benchmark) {
        return quantile(bytes, benchmark, 0.5);
    }

    private static double quantile(Map<String, List<Double>> scores, String benchmark, double share) {
        List<Double> sorted = scores.getOrDefault(benchmark, List.of());
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }

    /** The benchmark with the median, the lowest and the quartiles of its iterations. */
    String spread(String benchmark) {
        return benchmark + " " + Figure.shown(time(benchmark)) + " ns (lowest "
                + Figure.shown(quantile(times, benchmark, 0)) + ", quartiles "
                + Figure.shown(quantile(times, benchmark, 0.25)) + " and "
                + Figure.shown(quantile(times, benchmark, 0.75)) + ")";
    }
}
