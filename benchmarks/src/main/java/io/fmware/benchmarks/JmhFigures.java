package io.fmware.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Figures made of JMH benchmarks. Those asked for run side by side on each JDK: in rounds, each of which forks every benchmark
 * once, so that a busy minute of the machine does not fall on one of them alone.
 */
final class JmhFigures implements FigureGroup {
    private static final int ROUNDS = 3;
    private static final int WARMUPS = 8;
    private static final int ITERATIONS = 8;
    private static final int MILLIS = 250;

    private final List<JmhFigure> figures;

    JmhFigures(List<JmhFigure> figures) {
        this.figures = figures;
    }

    @Override
    public List<String> names() {
        return figures.stream().map(JmhFigure::name).distinct().toList();
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws RunnerException {
        List<JmhFigure> chosen =
                figures.stream().filter(f -> wanted.contains(f.name())).toList();
        Set<Integer> features =
                new TreeSet<>(chosen.stream().map(JmhFigure::jdk).toList());
        for (int feature : features) {
            measure(feature, chosen.stream().filter(f -> f.jdk() == feature).toList(), output);
        }
    }

    private static void measure(int feature, List<JmhFigure> figures, Output output) throws RunnerException {
        Optional<Jdk> jdk = feature == 0 ? Optional.of(Jdk.running()) : Jdk.of(feature);
        if (jdk.isEmpty()) {
            figures.stream().map(JmhFigure::name).distinct().forEach(name -> output.skip(name, Jdk.missing(feature)));
            return;
        }
        Set<String> benchmarks = new LinkedHashSet<>();
        figures.forEach(f -> benchmarks.addAll(f.benchmarks()));
        String how = jdk.get() + "; JMH avgt, median of " + ROUNDS + " forks x " + ITERATIONS + " x " + MILLIS
                + " ms, load average before " + Figure.shown(load());
        Scores scores = new Scores();
        for (int round = 0; round < ROUNDS; round++) {
            scores.add(run(jdk.get(), benchmarks, output));
        }
        for (JmhFigure figure : figures) {
            if (figure.benchmarks().stream().allMatch(scores::has)) {
                output.print(new Figure(
                        figure.name(), figure.value(scores), figure.unit(), how + "; " + figure.conditions(scores)));
            } else {
                output.skip(figure.name(), "a benchmark failed");
            }
        }
    }

    private static Collection<RunResult> run(Jdk jdk, Set<String> benchmarks, Output output) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .jvm(jdk.java())
                .jvmArgs("-Xms1g", "-Xmx1g")
                .forks(1)
                .warmupIterations(WARMUPS)
                .warmupTime(TimeValue.milliseconds(MILLIS))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(MILLIS))
                .addProfiler(GCProfiler.class);
        String here = JmhFigures.class.getPackageName().replace(".", "\\.");
        benchmarks.forEach(b -> options.include("^" + here + "\\." + b.replace(".", "\\.") + "$"));
        return new Runner(options.build(), OutputFormatFactory.createFormatInstance(output.rest(), VerboseMode.NORMAL))
                .run();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
