package io.fmware.observability.otel;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.CallOutcome;
import io.fmware.ContextCarrier;
import io.fmware.FmMetrics;
import io.fmware.FmRun;
import io.fmware.StreamEvent;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Traces and metrics by OpenTelemetry's semantic conventions for generative AI, v1.41.1. One object is both; a pipeline is told
 * of it twice:
 *
 * <pre>{@code
 * FmTelemetry telemetry = FmTelemetry.of(openTelemetry);
 * FmPipeline.builder().watch(telemetry).metrics(telemetry)
 * }</pre>
 *
 * <p>A call is one span however many attempts it takes, and each attempt a span inside of it; runs, agents, steps, tools,
 * retrieval and memory are spans around and beside them. Where they go, how many are kept and what happens while a back end is
 * down is the business of the application's OpenTelemetry SDK.
 *
 * <p>What is asked and answered is not recorded unless {@link Builder#captureContent} allows it. Thread-safe; one instance serves
 * all pipelines of an application.
 */
public final class FmTelemetry implements BoundaryInterceptor, FmMetrics {
    static final String SCOPE = "io.fmware.observability";

    private final Tracer tracer;
    private final Instruments instruments;
    private final TimeSource time;
    private final boolean watchesChunks;
    private final Cognition cognition;
    private final SpanWriter writer;
    private final Places places = new Places();
    private final ContextKey<OpenSpan> key = ContextKey.named("fmware-span");
    private final List<ContextCarrier> carriers =
            List.of(ContextCarrier.<Context>of(Context::current, Context::makeCurrent));

    private FmTelemetry(Builder builder) {
        String version = FmTelemetry.class.getPackage().getImplementationVersion();
        this.tracer = builder.openTelemetry
                .tracerBuilder(SCOPE)
                .setInstrumentationVersion(Objects.requireNonNullElse(version, ""))
                .setSchemaUrl(GenAi.SCHEMA_URL)
                .build();
        this.instruments = new Instruments(builder.openTelemetry
                .meterBuilder(SCOPE)
                .setInstrumentationVersion(Objects.requireNonNullElse(version, ""))
                .setSchemaUrl(GenAi.SCHEMA_URL)
                .build());
        this.time = builder.time;
        this.watchesChunks = builder.watchesChunks;
        UnaryOperator<String> redactor = builder.redactor;
        ContentJson content = redactor == null
                ? null
                : new ContentJson(
                        new Redaction(redactor, () -> instruments.dropped("redactor", 1)), builder.maxContentLength);
        this.cognition = new Cognition(content);
        this.writer = new SpanWriter(instruments, content);
    }

    /**
     * Traces and metrics without content.
     *
     * @param openTelemetry the application's own, such as {@code GlobalOpenTelemetry.get()}
     * @return the telemetry
     */
    public static FmTelemetry of(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /**
     * Traces and metrics, set up as wanted.
     *
     * @param openTelemetry the application's own
     * @return a builder
     */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(Objects.requireNonNull(openTelemetry, "openTelemetry"));
    }

    /** Makes a span of what has one, and makes it that of this thread. */
    @Override
    public @Nullable Object opened(Boundary boundary) {
        if (!SpanWriter.hasSpan(boundary)) {
            return null;
        }
        OpenSpan parent = boundary.kind() == BoundaryKind.RUN
                ? null
                : places.around(boundary.path().parent());
        Context outer = contextFor(boundary, parent);
        Attributes ofRun = parent != null ? parent.ofRun() : Requests.ofRun(boundary.run());
        Attributes ofMetrics = SpanWriter.metricAttributes(boundary);
        Attributes ofRequest = SpanWriter.requestAttributes(boundary, ofMetrics);
        Span span = writer.start(tracer, boundary, parent, outer, ofRun, ofMetrics, ofRequest);
        OpenSpan open;
        try {
            open = new OpenSpan(boundary, parent, span, outer, key, ofRun, ofMetrics, ofRequest, time.nanoTime());
        } catch (RuntimeException | Error e) {
            span.end();
            throw e;
        }
        places.add(open);
        return open;
    }

    /** The context of this thread, unless it has none of the place where the boundary is: then that of the place. */
    private Context contextFor(Boundary boundary, @Nullable OpenSpan parent) {
        Context current = Context.current();
        OpenSpan innermost = current.get(key);
        while (innermost != null && !isAround(innermost, boundary)) {
            current = innermost.under();
            innermost = current.get(key);
        }
        if (parent == null || parent.hasEnded()) {
            return current;
        }
        return innermost != null && innermost.isIn(parent) ? current : parent.context();
    }

    /**
     * Whether a span on this thread is still around a boundary. One that was closed on another thread, or never, is left behind
     * on a thread that by now works for somebody else: no trace goes over from one run to another that is not in it. A call
     * outside of any run keeps the trace that was brought to its thread.
     */
    private static boolean isAround(OpenSpan open, Boundary boundary) {
        if (open.hasEnded()) {
            return false;
        }
        FmRun run = open.boundary().run();
        for (FmRun at = boundary.run(); at != null; at = at.outer()) {
            if (at == run) {
                return true;
            }
        }
        return boundary.run().isImplied() && !open.isOfThisThread();
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        long dropped = boundary.kind() == BoundaryKind.RUN ? boundary.run().dropped() : 0;
        instruments.dropped("watcher", dropped);
        if (!(token instanceof OpenSpan open)) {
            return;
        }
        open.leave();
        List<OpenSpan> unclosed = boundary.kind() == BoundaryKind.RUN ? places.leftIn(open) : List.of();
        unclosed.forEach(places::remove); // first of all, whatever the SDK does at the end of a span
        places.remove(open);
        unclosed.forEach(this::abandon);
        if (open.claim()) {
            try {
                writer.finish(open, output, error, time.nanoTime());
                if (dropped > 0) {
                    open.span().setAttribute(Fm.DROPPED, dropped);
                }
            } finally {
                open.span().end();
            }
        }
    }

    /** Ends a span whose scope the application never closed. An SDK that throws there costs that span, and no other. */
    private void abandon(OpenSpan left) {
        if (left.claim()) {
            try {
                left.span().setAttribute(Fm.UNCLOSED, true);
                left.span().end();
            } catch (RuntimeException | Error e) {
                instruments.dropped("watcher", 1);
            }
        }
    }

    @Override
    public void chunk(Boundary boundary, @Nullable Object token, StreamEvent piece) {
        if (boundary.kind() != BoundaryKind.ATTEMPT
                || piece instanceof StreamEvent.Raw
                || !(token instanceof OpenSpan attempt)) {
            return;
        }
        OpenSpan call = attempt.parent();
        long now = time.nanoTime();
        long before = attempt.chunk(now);
        if (call == null) {
            return;
        }
        if (before == OpenSpan.NEVER) {
            call.chunk(now);
        } else if (!(piece instanceof StreamEvent.ToolCall) && !call.gap(now - before)) { // its parts have been counted
            instruments.nextChunk.record((now - before) / 1e9, call.ofMetrics(), call.context());
        }
    }

    /** True, unless the times of chunks were declined. */
    @Override
    public boolean watchesChunks() {
        return watchesChunks;
    }

    @Override
    public void event(FmEvent event) {
        boolean noted = Cognition.isNoted(event);
        if (!noted && !SpanWriter.isDetail(event)) {
            return;
        }
        OpenSpan at = places.around(event.origin().path());
        if (!noted) {
            if (at != null) {
                SpanWriter.detail(event, at);
            }
            return;
        }
        Span span = at != null ? at.span() : Span.current();
        if (span.isRecording()) {
            cognition.note(event, span);
        } else if (!span.getSpanContext().isValid()) {
            instruments.dropped("no-span", 1);
        }
    }

    /** OpenTelemetry's context: the spans of the application's own instrumentation find their parents by it. */
    @Override
    public List<ContextCarrier> carriers() {
        return carriers;
    }

    @Override
    public void callEnded(CallOutcome outcome) {
        AttributesBuilder how = Attributes.builder()
                .put(Fm.OPERATION, lower(outcome.operation()))
                .put(Fm.MODE, lower(outcome.mode()));
        if (outcome.source() != null) {
            how.put(Fm.SOURCE, lower(outcome.source()));
        }
        Throwable error = outcome.error();
        if (error != null) {
            how.put(GenAi.ERROR_TYPE, Names.of(error.getClass().getName()));
        }
        Attributes attributes = how.build();
        instruments.calls.add(1, attributes);
        instruments.attempts.record(outcome.attempts(), attributes);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void interceptorActed(String interceptor, String action) {
        instruments.actions.add(1, Attributes.of(Fm.INTERCEPTOR, Names.of(interceptor), Fm.ACTION, Names.of(action)));
    }

    /** How many spans are open: what a test asks to be 0 in the end. */
    int open() {
        return places.size();
    }

    @Override
    public String toString() {
        return "FmTelemetry[semantic conventions 1.41.1, content " + (writer.capturesContent() ? "redacted" : "off")
                + "]";
    }

    /** Sets telemetry up. Not thread-safe. */
    public static final class Builder {
        private static final int CONTENT_LENGTH = 8192;
        private static final int LEAST_LENGTH = 64;

        private final OpenTelemetry openTelemetry;
        private @Nullable UnaryOperator<String> redactor;
        private int maxContentLength = CONTENT_LENGTH;
        private boolean watchesChunks = true;
        private TimeSource time = TimeSource.system();

        private Builder(OpenTelemetry openTelemetry) {
            this.openTelemetry = openTelemetry;
        }

        /**
         * Records what is asked and answered too: messages, system instructions, tools with their arguments and results,
         * queries and documents, plans and reasons. Each text goes through the redactor first; where that throws, a note
         * stands in for the text.
         *
         * @param redact gives a text without what must not leave the process, such as {@code Redactor.standard()::redact};
         *     {@link UnaryOperator#identity()} for all of it
         * @return this
         */
        public Builder captureContent(UnaryOperator<String> redact) {
            this.redactor = Objects.requireNonNull(redact, "redact");
            return this;
        }

        /**
         * How long an attribute with content may be, 8192 by default. Longer texts are cut, and say so; of many messages the
         * newest are kept. Escapes and the frame of the JSON come on top.
         *
         * @param characters the most characters of content
         * @return this
         */
        public Builder maxContentLength(int characters) {
            if (characters < LEAST_LENGTH) {
                throw new IllegalArgumentException("maxContentLength must be at least " + LEAST_LENGTH + ", but is "
                        + characters + "; leave captureContent(..) out to record no content");
            }
            this.maxContentLength = characters;
            return this;
        }

        /**
         * Whether the chunks of streams are timed, which costs some hundred nanoseconds for each of them; true by default.
         *
         * @param timed false for no times to the first and to each next chunk
         * @return this
         */
        public Builder timeChunks(boolean timed) {
            this.watchesChunks = timed;
            return this;
        }

        Builder time(TimeSource source) {
            this.time = source;
            return this;
        }

        /**
         * Builds the telemetry.
         *
         * @return the telemetry
         */
        public FmTelemetry build() {
            return new FmTelemetry(this);
        }
    }
}
