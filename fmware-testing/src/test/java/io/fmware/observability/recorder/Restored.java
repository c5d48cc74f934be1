package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Events that were recorded with all their contents, and are read again. */
final class Restored {
    private static final List<String> OF_RECORDINGS = List.of("ns", "h", "outer");

    private Restored() {}

    /** The event as it stands in a recording, with its contents: which is what is made of it without one. */
    static ObjectNode whole(FmEvent event) throws IOException {
        return whole(List.of(event)).get(0);
    }

    static List<ObjectNode> whole(List<? extends FmEvent> events) throws IOException {
        Path flights = Files.createTempDirectory("restored");
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                .content(ContentRule.all())
                .segmentBytes(1 << 20)
                .open()) {
            events.forEach(recorder::event);
            assertThat(recorder.lost()).isZero();
        }
        Map<String, String> contents = new HashMap<>();
        Recording.in(flights).contents(contents::put);
        List<ObjectNode> whole = new ArrayList<>();
        Recording.in(flights)
                .events(
                        event -> whole.add(event.whole(contents)),
                        fault -> assertThat(fault).isNull());
        whole.forEach(each -> each.remove(OF_RECORDINGS));
        EventJson json = EventJson.redacting(Redactor.standard());
        assertThat(whole).isEqualTo(events.stream().map(json::of).toList());
        assertThat(whole).allMatch(EventJson::isWhole);
        for (String each : Ticks.files(flights)) {
            Files.delete(flights.resolve(each));
        }
        Files.delete(flights);
        return whole;
    }
}
