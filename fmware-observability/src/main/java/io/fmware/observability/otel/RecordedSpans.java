package io.fmware.observability.otel;

import io.fmware.BoundaryKind;
import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.RecordedSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of runs that a flight recorder has recorded, with the names and attributes that {@link FmTelemetry} gives those that
 * it watches, as far as the recording knows them; contents are left out. A run has the same trace and the same spans each time, so
 * that sending it twice does not double it. Needs {@code io.opentelemetry:opentelemetry-sdk-trace}.
 */
public final class RecordedSpans {
    private static final String ROOT = "";
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private final RecordedEvent first;
    private final String run;
    private final Attributes ofRun;
    private final long zero;
    private final List<SpanData> spans = new ArrayList<>();

    private RecordedSpans(RecordedEvent first, Attributes ofRun) {
        this.first = first;
        this.run = first.run();
        this.ofRun = ofRun;
        this.zero = epochNanos(first.at());
    }

    /**
     * The spans of a run, those around others first.
     *
     * @param run the run
     * @return one for each thing in it that took time; what took none is an event of the span around it
     */
    public static List<SpanData> of(RecordedSpan run) {
        RecordedEvent first = first(run);
        if (first == null) {
            return List.of();
        }
        RecordedSpans spans = new RecordedSpans(first, RecordedAttributes.ofRun(first.run(), run.begun()));
        spans.add(run, null);
        return List.copyOf(spans.spans);
    }

    /**
     * Sends the spans of a run.
     *
     * @param run the run
     * @param to where to
     * @return what becomes of it
     */
    public static CompletableResultCode export(RecordedSpan run, SpanExporter to) {
        return to.export(of(run));
    }

    /** The earliest event. */
    private static @Nullable RecordedEvent first(RecordedSpan span) {
        RecordedEvent first = earlier(span.begun(), span.ended());
        for (RecordedEvent each : span.events()) {
            first = earlier(first, each);
        }
        for (RecordedSpan each : span.children()) {
            first = earlier(first, first(each));
        }
        return first;
    }

    private static @Nullable RecordedEvent earlier(@Nullable RecordedEvent one, @Nullable RecordedEvent other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.nanos() < one.nanos() ? other : one;
    }

    /** Adds a span, and what is in it; returns when it ended. */
    private long add(RecordedSpan span, @Nullable SpanContext parent) {
        SpanContext own = context(first.writer(), run, parent == null ? ROOT : span.path());
        int place = spans.size();
        List<EventData> events = new ArrayList<>();
        RecordedEvent known = first(span);
        long begun = at(known == null ? first : known);
        long last = begun;
        for (RecordedEvent each : span.events()) {
            last = Math.max(last, at(each));
            note(each, events);
        }
        for (RecordedSpan each : span.children()) {
            if (isMoment(each)) {
                for (RecordedEvent event : each.events()) {
                    last = Math.max(last, at(event));
                    note(event, events);
                }
            } else {
                last = Math.max(last, add(each, own));
            }
        }
        long ended = span.ended() == null ? last : at(span.ended());
        BoundaryKind kind = RecordedAttributes.kind(span);
        spans.add(
                place,
                new RecordedSpanData(
                        RecordedAttributes.name(span, kind),
                        kind == null ? SpanKind.INTERNAL : SpanWriter.kind(kind),
                        own,
                        parent == null ? SpanContext.getInvalid() : parent,
                        span.error() == null ? StatusData.unset() : StatusData.error(),
                        begun,
                        Math.max(begun, ended),
                        RecordedAttributes.of(span, kind, ofRun),
                        List.copyOf(events),
                        parent == null ? outer(span) : List.of()));
        return ended;
    }

    private static boolean isMoment(RecordedSpan span) {
        return span.begun() == null && span.ended() == null && span.children().isEmpty();
    }

    private void note(RecordedEvent event, List<EventData> to) {
        Attributes attributes = RecordedAttributes.noted(event);
        if (attributes != null) {
            String name = event.type().equals("evaluation") ? GenAi.EVALUATION : "fmware." + Names.of(event.type());
            to.add(EventData.create(at(event), name, attributes));
        }
    }

    /** The run around this one has a trace of its own. */
    private List<LinkData> outer(RecordedSpan span) {
        String outer = span.begun() == null ? null : span.begun().text("outer");
        return outer == null ? List.of() : List.of(LinkData.create(context(first.writer(), outer, ROOT)));
    }

    /** By the clock of the first event, and the monotonic one from there on. */
    private long at(RecordedEvent event) {
        return zero + Math.max(0, event.nanos() - first.nanos());
    }

    private static long epochNanos(Instant at) {
        try {
            return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
        } catch (ArithmeticException e) {
            return 0; // at the end of all times
        }
    }

    private static SpanContext context(String writer, String run, String path) {
        return SpanContext.create(
                id("trace", TRACE_BYTES, TraceId.getInvalid(), writer, run),
                id("span", SPAN_BYTES, SpanId.getInvalid(), writer, run, path),
                TraceFlags.getSampled(),
                TraceState.getDefault());
    }

    private static String id(String what, int bytes, String invalid, String... of) {
        MessageDigest digest = sha256();
        digest.update(what.getBytes(StandardCharsets.UTF_8));
        for (String each : of) {
            byte[] part = each.getBytes(StandardCharsets.UTF_8);
            digest.update(String.format(Locale.ROOT, " %d ", part.length).getBytes(StandardCharsets.UTF_8));
            digest.update(part);
        }
        String id = HexFormat.of().formatHex(digest.digest(), 0, bytes);
        return id.equals(invalid) ? id.replace('0', '1') : id;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // which every JDK has
        }
    }
}
