package io.fmware.observability.command;

import io.fmware.observability.otel.RecordedSpans;
import io.fmware.observability.recorder.Fault;
import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.RecordedSpan;
import io.fmware.observability.recorder.Recording;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends runs as spans, each when its end was read, those without an end at the end. Not thread-safe. */
final class OtlpRuns {
    /** Says each failure on several lines; it is told in one. Held, since loggers are forgotten. */
    private static final Logger TALK = Logger.getLogger("io.opentelemetry");

    private static final int BATCH = 512;
    private static final int PATIENCE = 30;

    private final Recording recording;
    private final Predicate<RecordedEvent> wanted;
    private final Progress progress;
    private final Map<Key, List<RecordedEvent>> open = new LinkedHashMap<>();
    private final List<SpanData> waiting = new ArrayList<>();
    private long runs;
    private long spans;

    private record Key(String writer, String run) {}

    OtlpRuns(Recording recording, Predicate<RecordedEvent> wanted, Progress progress) {
        this.recording = recording;
        this.wanted = wanted;
        this.progress = progress;
    }

    void send(URI endpoint, Screen screen, Consumer<Fault> faults) throws IOException {
        TALK.setLevel(Level.OFF);
        try (SpanExporter to =
                OtlpHttpSpanExporter.builder().setEndpoint(endpoint.toString()).build()) {
            recording.events(
                    event -> {
                        progress.step();
                        take(event, to, endpoint);
                    },
                    faults);
            open.values().forEach(events -> add(events, to, endpoint));
            flush(to, endpoint);
        }
        progress.end();
        screen.line(runs + " runs sent as " + spans + " spans");
    }

    private void take(RecordedEvent event, SpanExporter to, URI endpoint) {
        Key key = new Key(event.writer(), event.run());
        List<RecordedEvent> events = open.computeIfAbsent(key, of -> new ArrayList<>());
        events.add(event);
        if (event.type().equals("run.ended")) {
            open.remove(key);
            add(events, to, endpoint);
        }
    }

    private void add(List<RecordedEvent> events, SpanExporter to, URI endpoint) {
        if (!wanted.test(events.get(0))) {
            return;
        }
        runs++;
        waiting.addAll(RecordedSpans.of(RecordedSpan.of(events)));
        if (waiting.size() >= BATCH) {
            flush(to, endpoint);
        }
    }

    private void flush(SpanExporter to, URI endpoint) {
        if (waiting.isEmpty()) {
            return;
        }
        CompletableResultCode result = to.export(List.copyOf(waiting)).join(PATIENCE, TimeUnit.SECONDS);
        if (!result.isSuccess()) {
            Throwable why = result.getFailureThrowable();
            throw new UserError("the receiver at " + endpoint + " did not take the spans, " + spans
                    + " were sent before" + (why == null ? "" : ": " + why.getMessage()));
        }
        spans += waiting.size();
        waiting.clear();
    }
}
