package io.fmware.benchmarks;

import static io.fmware.benchmarks.JmhFigure.time;

import io.fmware.event.Redactor;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/** What redacting costs, and what it lets through. */
final class RedactionFigures implements FigureGroup {
    private static final String LEAKS = "redact.leaks";
    private static final int PLANTED_BY_SEED = 250_000;
    private static final long[] SEEDS = {1, 2, 3, 4};

    private static final String TEXT =
            "2 KB of prose, " + Redactor.standard().kinds().size() + " standard kinds, ";
    private static final String REGEXES = "the same text, " + RegexRedactor.PATTERNS.size() + " regexes in turn";

    private final JmhFigures times = new JmhFigures(List.of(
            time("redact.2k", "RedactionBenchmark.prose", TEXT + "no secret").inMicroseconds(),
            time("redact.2k.secrets", "RedactionBenchmark.secrets", TEXT + "8 secrets")
                    .inMicroseconds(),
            time("redact.2k.base.regexes", "RedactionBenchmark.proseByRegexes", REGEXES)
                    .inMicroseconds(),
            time("redact.2k.secrets.base.regexes", "RedactionBenchmark.secretsByRegexes", REGEXES)
                    .inMicroseconds()));

    @Override
    public List<String> names() {
        return Stream.concat(times.names().stream(), Stream.of(LEAKS)).toList();
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws RunnerException {
        if (wanted.stream().anyMatch(name -> !name.equals(LEAKS))) {
            times.measure(wanted, output);
        }
        if (wanted.contains(LEAKS)) {
            output.print(leaks());
        }
    }

    private static Figure leaks() {
        StringBuilder bySeed = new StringBuilder();
        TreeMap<String, Integer> byKind = new TreeMap<>();
        int leaks = 0;
        int differing = 0;
        for (long seed : SEEDS) {
            RedactionLeaks.Result result = RedactionLeaks.count(Redactor.standard(), PLANTED_BY_SEED, seed, false);
            leaks += result.leaks();
            differing += result.differing();
            result.leaked().forEach((kind, count) -> byKind.merge(kind, count, Integer::sum));
            bySeed.append(bySeed.isEmpty() ? "" : ", ")
                    .append(seed)
                    .append(": ")
                    .append(result.leaks());
        }
        return new Figure(
                LEAKS,
                leaks,
                "count",
                Jdk.running() + "; " + PLANTED_BY_SEED * SEEDS.length + " secrets of "
                        + Carriers.kinds().size()
                        + " kinds planted, half of them redacted in random chunks; leaks by seed "
                        + bySeed + "; by kind " + byKind + "; chunks that gave something else than the whole text: "
                        + differing);
    }
}
