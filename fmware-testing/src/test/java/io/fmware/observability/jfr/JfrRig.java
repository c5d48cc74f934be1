package io.fmware.observability.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.FmPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A pipeline with a mirror, and a recording of the JVM that wants some or all of our events and nothing else. */
final class JfrRig implements AutoCloseable {
    static final List<String> ALL = List.of(
            "Run",
            "Agent",
            "Step",
            "Call",
            "Attempt",
            "Tool",
            "Retrieval",
            "Memory",
            "Boundary",
            "Verdict",
            "Cache",
            "Decision",
            "Feedback",
            "Failure");

    private final Recording recording = new Recording();
    private final FmPipeline pipeline;
    private final Path file;

    JfrRig(Path directory) {
        this(directory, ALL, p -> p);
    }

    JfrRig(Path directory, List<String> wanted, UnaryOperator<FmPipeline.Builder> with) {
        this.pipeline =
                with.apply(FmPipeline.builder().watch(JfrMirror.create())).build();
        this.file = directory.resolve("app.jfr");
        ALL.forEach(each -> recording.disable("io.fmware." + each)); // without a word each of them is wanted
        wanted.forEach(each -> recording.enable("io.fmware." + each));
        recording.start();
    }

    FmPipeline pipeline() {
        return pipeline;
    }

    Recording recording() {
        return recording;
    }

    /** Ends the recording and reads it back, in the order in which things ended. */
    List<RecordedEvent> events() {
        try {
            if (!Files.exists(file)) {
                recording.stop();
                recording.dump(file);
            }
            return RecordingFile.readAllEvents(file).stream()
                    .sorted(Comparator.comparing(RecordedEvent::getEndTime))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one event of a kind. */
    RecordedEvent event(String kind) {
        List<RecordedEvent> found = all(kind);
        assertThat(found).as("events io.fmware." + kind).hasSize(1);
        return found.get(0);
    }

    List<RecordedEvent> all(String kind) {
        return events().stream()
                .filter(each -> each.getEventType().getName().equals("io.fmware." + kind))
                .toList();
    }

    /** The kind and path of each event. */
    List<String> paths() {
        return events().stream()
                .map(each -> each.getEventType().getLabel() + " " + each.getString("path"))
                .toList();
    }

    /** What an event says besides when, where and in which run, by the names of the fields; without what it does not know. */
    static Map<String, Object> fields(RecordedEvent event) {
        Map<String, Object> said = new TreeMap<>();
        for (ValueDescriptor each : event.getFields()) {
            Object value = event.getValue(each.getName());
            if (value != null
                    && !List.of("startTime", "duration", "eventThread", "run").contains(each.getName())) {
                said.put(each.getName(), value);
            }
        }
        return said;
    }

    /** Whether a text of plain letters stands anywhere in the file, in which each of them is a byte. */
    boolean holds(String text) throws IOException {
        assertThat(events()).isNotEmpty();
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    }

    @Override
    public void close() {
        pipeline.close();
        recording.close();
    }
}
