package io.fmware.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the support assistant of the examples makes of the questions of BANKING77. */
final class ExampleFigures implements FigureGroup {
    private static final String SOURCES = "assistant.sources";
    private static final String FAULTS = "assistant.faults";
    private static final String P50 = "assistant.p50";
    private static final String MAIN = "io.fmware.examples.support.AssistantFigures";

    @Override
    public List<String> names() {
        return List.of(SOURCES, FAULTS, P50);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws IOException, InterruptedException {
        Optional<Path> questions = PublicData.file("banking77/test.csv");
        for (String name : names()) {
            if (wanted.contains(name)) {
                if (questions.isEmpty()) {
                    output.skip(name, PublicData.missing("banking77/test.csv"));
                } else {
                    output.print(figure(name, questions.get().toString()));
                }
            }
        }
    }

    private static Figure figure(String name, String questions) throws IOException, InterruptedException {
        return switch (name) {
            case SOURCES -> sources(run("sources", questions, property("fmware.assistant.map")));
            case FAULTS -> faults(run("faults", questions));
            default ->
                new Figure(
                        P50,
                        Double.parseDouble(run("p50", questions).replace("ms", "")),
                        "ms",
                        Jdk.running() + "; local model, one question at a time, median of the test questions");
        };
    }

    private static Figure sources(String printed) {
        Map<String, String> result = ForkedJvm.fields(printed);
        double questions = Double.parseDouble(result.get("questions"));
        return new Figure(
                SOURCES,
                100 * Double.parseDouble(result.get("right")) / questions,
                "%",
                Jdk.running() + "; first cited page is right: " + result.get("right") + " of " + result.get("questions")
                        + ", refused " + result.get("refused") + ", failed " + result.get("failed"));
    }

    private static Figure faults(String printed) {
        Map<String, String> result = ForkedJvm.fields(printed);
        int faults = Integer.parseInt(result.get("withoutOutcome"))
                + Integer.parseInt(result.get("escaped"))
                + Integer.parseInt(result.get("threadsLeft"));
        return new Figure(
                FAULTS,
                faults,
                "count",
                Jdk.running() + "; 3 bad model calls of 10; questions " + result.get("questions") + ", answered "
                        + result.get("answered") + ", refused " + result.get("refused") + ", failed with a reason "
                        + result.get("failed") + "; without outcome " + result.get("withoutOutcome") + ", escaped "
                        + result.get("escaped") + ", threads left " + result.get("threadsLeft"));
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        return ForkedJvm.run(Jdk.running(), List.of("-Xmx1g"), property("fmware.assistant.jar"), MAIN, arguments)
                .strip();
    }

    private static String property(String name) throws IOException {
        String value = System.getProperty(name, "");
        if (!Files.isRegularFile(Path.of(value))) {
            throw new IOException("-D" + name + " must name a file, but is '" + value + "'; start with benchmarks/run");
        }
        return value;
    }
}
