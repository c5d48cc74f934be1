package io.fmware.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** How much of what the semantic conventions ask for is there, and right: by a table that was fixed before. */
final class SemconvFigures implements FigureGroup {
    private static final String NAME = "trace.semconv";
    private static final String TABLE = "semconv-1.41.1.tsv";

    @Override
    public List<String> names() {
        return List.of(NAME);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        List<String[]> table = table();
        Set<String> scenarios = new LinkedHashSet<>();
        table.forEach(row -> scenarios.add(row[0]));
        Map<String, List<Map<String, String>>> seen = new HashMap<>();
        for (String scenario : scenarios) {
            collect(scenario, seen);
        }
        List<String> wrong = new ArrayList<>();
        for (String[] row : table) {
            List<Map<String, String>> found = seen.getOrDefault(row[0] + " " + row[1], List.of());
            boolean right = found.stream()
                    .anyMatch(said -> row[3].equals("*") ? said.containsKey(row[2]) : row[3].equals(said.get(row[2])));
            if (!right) {
                wrong.add(row[0] + ": " + row[1] + ": " + row[2]);
                output.rest()
                        .println("wrong: " + String.join(" | ", row) + " but "
                                + found.stream().map(said -> said.get(row[2])).toList());
            }
        }
        output.print(new Figure(
                NAME,
                100.0 * (table.size() - wrong.size()) / table.size(),
                "%",
                Jdk.running() + "; " + (table.size() - wrong.size()) + " of " + table.size() + " attributes in "
                        + scenarios.size() + " scenarios; missing or wrong: " + wrong));
    }

    private static List<String[]> table() throws IOException {
        try (InputStream file = Objects.requireNonNull(SemconvFigures.class.getResourceAsStream(TABLE), TABLE)) {
            return new String(file.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();
        }
    }

    private static void collect(String scenario, Map<String, List<Map<String, String>>> seen) throws Exception {
        try (SemconvScenarios scenarios = new SemconvScenarios()) {
            scenarios.run(scenario);
            for (SpanData span : scenarios.spans()) {
                Map<String, String> said = said(span.getAttributes());
                said.put("name", span.getName());
                said.put("kind", span.getKind().name());
                said.put("status", span.getStatus().getStatusCode().name());
                add(seen, scenario + " " + span.getName(), said);
                for (EventData event : span.getEvents()) {
                    add(seen, scenario + " event " + event.getName(), said(event.getAttributes()));
                }
            }
            for (MetricData metric : scenarios.metrics()) {
                for (PointData point : metric.getData().getPoints()) {
                    Map<String, String> said = said(point.getAttributes());
                    said.put("unit", metric.getUnit());
                    if (point instanceof HistogramPointData histogram) {
                        said.put("buckets", histogram.getBoundaries().toString());
                    }
                    add(seen, scenario + " metric " + metric.getName(), said);
                }
            }
        }
    }

    private static void add(Map<String, List<Map<String, String>>> seen, String where, Map<String, String> said) {
        seen.computeIfAbsent(where, w -> new ArrayList<>()).add(said);
    }

    private static Map<String, String> said(Attributes attributes) {
        Map<String, String> said = new HashMap<>();
        attributes.forEach((key, value) -> said.put(key.getKey(), value.toString()));
        return said;
    }
}
