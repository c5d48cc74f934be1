package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How long a person waits for the command that reads recordings. 125,000 runs of eight events each, recorded through a
 * {@link FlightRecorder} with all contents; then {@code list} and {@code search} in a JVM of its own, from its start to its end. One
 * prompt holds what is looked for.
 */
final class RecorderSearchFigures implements FigureGroup {
    private static final String SEARCH = "recorder.search.1m";
    private static final String MAIN = "io.fmware.observability.command.Flights";
    private static final int RUNS = 125_000;
    private static final int NEEDLE_IN = RUNS / 2;
    private static final String NEEDLE = "the blue umbrella";

    @Override
    public List<String> names() {
        return List.of(SEARCH);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        Path directory = Files.createTempDirectory("flights");
        try {
            record(directory);
            double list = timed(RUNS + 1, "list", directory.toString());
            double search = timed(2, "search", directory.toString(), NEEDLE);
            long bytes;
            try (Stream<Path> files = Files.list(directory)) {
                bytes = files.mapToLong(file -> file.toFile().length()).sum();
            }
            output.print(new Figure(
                    SEARCH,
                    Math.max(list, search),
                    "s",
                    String.format(
                            Locale.ROOT,
                            "the slower of list (%.2f s) and search (%.2f s); %s, -Xmx512m, from the start of the JVM to its"
                                    + " end; 1,000,000 events in %d runs, two contents each, %d MB compressed",
                            list,
                            search,
                            Jdk.running(),
                            RUNS,
                            bytes >> 20)));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private static void record(Path directory) throws IOException {
        try (FlightRecorder recorder = FlightRecorder.builder(directory)
                        .content(ContentRule.all())
                        .retain(Duration.ofDays(1), Long.MAX_VALUE)
                        .open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            ChatModel model = pipeline.wrap(new ChatModel() {
                @Override
                public ChatResponse doChat(ChatRequest request) {
                    return ChatResponse.builder()
                            .aiMessage(AiMessage.from("A transfer costs nothing within the country."))
                            .tokenUsage(new TokenUsage(900, 40))
                            .build();
                }
            });
            for (int i = 0; i < RUNS; i++) {
                try (FmRun run = pipeline.run("claim").user("u" + i % 1_000).open()) {
                    FmRun.note(at -> new FmEvent.CacheConsulted(at, "exact", "miss"));
                    model.chat(prompt(i));
                    FmRun.note(at -> new FmEvent.VerdictGiven(at, "schema", true, null));
                }
            }
        }
    }

    private static String prompt(int number) {
        String what = number == NEEDLE_IN ? NEEDLE : "a grey suitcase";
        return "Claim " + number + ": on the train home I left " + what + " of some " + number % 97
                + " euros, bought two years ago, in the last carriage. The conductor has found nothing. ".repeat(4);
    }

    /** Seconds that the command takes, which has to print a number of lines at least. */
    private static double timed(int least, String... arguments) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String printed = ForkedJvm.run(
                Jdk.running(), List.of("-Xmx512m"), System.getProperty("java.class.path"), MAIN, arguments);
        double seconds = (System.nanoTime() - start) / 1e9;
        long lines = printed.lines().count();
        if (lines < least) {
            throw new IOException(String.join(" ", arguments) + " printed " + lines + " lines");
        }
        return seconds;
    }
}
