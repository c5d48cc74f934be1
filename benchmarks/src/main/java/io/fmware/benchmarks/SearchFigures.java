package io.fmware.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How long the semantic cache takes to find the nearest questions, and how many of those it finds. */
final class SearchFigures implements FigureGroup {
    private static final String NAME = "cache.semantic.search.";
    private static final int NEAREST = 10;
    private static final int WARMUPS = 2000;
    private static final int MIXED = 100_000;

    private static final Map<String, VectorSearch.Builder> WAYS = ways();

    private static Map<String, VectorSearch.Builder> ways() {
        Map<String, VectorSearch.Builder> ways = new LinkedHashMap<>();
        ways.put("", VectorSearch::ours);
        ways.put(".base.bruteforce", VectorSearch::bruteForce);
        ways.put(".peer.jvector", VectorSearch::jvector);
        ways.put(".peer.lucene", VectorSearch::lucene);
        return ways;
    }

    @Override
    public List<String> names() {
        return List.of("10k", "100k").stream()
                .flatMap(size -> WAYS.keySet().stream().map(way -> NAME + size + way))
                .toList();
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws IOException {
        Optional<Path> train = PublicData.file(QuestionVectors.TRAIN);
        Optional<Path> test = PublicData.file(QuestionVectors.TEST);
        if (train.isEmpty() || test.isEmpty()) {
            String missing = train.isEmpty() ? QuestionVectors.TRAIN : QuestionVectors.TEST;
            wanted.forEach(name -> output.skip(name, PublicData.missing(missing)));
            return;
        }
        QuestionVectors questions = new QuestionVectors(train.get(), test.get());
        measure("10k", questions.train, questions.train.size() + " real questions", questions.queries, wanted, output);
        if (wanted.stream().anyMatch(name -> name.startsWith(NAME + "100k"))) {
            List<float[]> vectors = questions.mixed(MIXED);
            int real = questions.train.size() + questions.others.size();
            String what = real + " real questions and " + (MIXED - real)
                    + " mixed of two near each other, with noise of 0.3, seed fixed";
            measure("100k", vectors, what, questions.queries, wanted, output);
        }
    }

    private static void measure(
            String size, List<float[]> vectors, String what, List<float[]> queries, Set<String> wanted, Output output)
            throws IOException {
        if (WAYS.keySet().stream().noneMatch(way -> wanted.contains(NAME + size + way))) {
            return;
        }
        VectorSearch exact = VectorSearch.bruteForce(vectors);
        int[][] truth = new int[queries.size()][];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = exact.nearest(queries.get(i), NEAREST);
        }
        for (Map.Entry<String, VectorSearch.Builder> way : WAYS.entrySet()) {
            String name = NAME + size + way.getKey();
            if (wanted.contains(name)) {
                output.print(figure(name, way.getValue(), vectors, what, queries, truth));
            }
        }
    }

    private static Figure figure(
            String name,
            VectorSearch.Builder builder,
            List<float[]> vectors,
            String what,
            List<float[]> queries,
            int[][] truth)
            throws IOException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        long before = System.nanoTime();
        VectorSearch search = builder.build(vectors);
        double built = seconds(System.nanoTime() - before);
        int warmups = vectors.size() < MIXED ? WARMUPS : WARMUPS / 5;
        for (int i = 0; i < warmups; i++) {
            search.nearest(queries.get(i % queries.size()), NEAREST);
        }
        long[] times = new long[queries.size()];
        int first = 0;
        int found = 0;
        for (int i = 0; i < times.length; i++) {
            float[] query = queries.get(i);
            long start = System.nanoTime();
            int[] nearest = search.nearest(query, NEAREST);
            times[i] = System.nanoTime() - start;
            // By similarity, not by place: two questions may have the same vector.
            float[] last = vectors.get(truth[i][NEAREST - 1]);
            float[] best = vectors.get(truth[i][0]);
            found += (int) Arrays.stream(nearest)
                    .filter(place -> isAsNear(query, vectors.get(place), last))
                    .count();
            first += isAsNear(query, vectors.get(nearest[0]), best) ? 1 : 0;
        }
        Arrays.sort(times);
        String conditions = String.format(
                Locale.ROOT,
                "%s; %s; %d held-out real questions, the %d nearest, one search at a time; p50, p99 %.3f ms;"
                        + " recall@1 %.4f, recall@%d %.4f; built in %.1f s; load average before %.1f",
                Jdk.running(),
                what,
                times.length,
                NEAREST,
                millis(times[times.length * 99 / 100]),
                (double) first / times.length,
                NEAREST,
                (double) found / (times.length * NEAREST),
                built,
                load);
        return new Figure(name, millis(times[times.length / 2]), "ms", conditions);
    }

    private static boolean isAsNear(float[] query, float[] vector, float[] other) {
        return VectorSearch.dot(query, vector) >= VectorSearch.dot(query, other) - 1e-6f;
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
