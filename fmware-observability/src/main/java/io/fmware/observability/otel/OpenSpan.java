package io.fmware.observability.otel;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.fmware.Boundary;
import io.fmware.BoundaryKind;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A boundary that is being crossed or a scope that is open, and its span. Ends once, on whatever thread; the thread that opened
 * it gets its context back where it is the one that closes it.
 */
final class OpenSpan {
    static final long NEVER = Long.MIN_VALUE;
    private static final int FIRST_GAPS = 64;
    private static final int MOST_GAPS = 16_384;

    private final Boundary boundary;
    private final @Nullable OpenSpan parent;
    private final Span span;
    private final Context outer;
    private final Context context;
    private final ContextKey<OpenSpan> key;
    private final Attributes ofRun;
    private final Attributes ofMetrics;
    private final Attributes ofRequest;
    private final long begun;
    private final Thread thread = Thread.currentThread();
    private final Context before = Context.current();
    private final Scope scope;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger inside = new AtomicInteger();
    private final Totals totals = new Totals();
    private volatile boolean left;
    private volatile long firstChunk = NEVER;
    private volatile long lastChunk = NEVER;
    private volatile Attributes server = Attributes.empty();
    private volatile List<ToolSpecification> tools = List.of();
    private final ReentrantLock gapsLock = new ReentrantLock();
    private long[] gaps = {};
    private int gapCount;

    /**
     * @param outer the context around it
     * @param key where in its own context this is found
     * @param ofRun what the application said of the run
     * @param ofMetrics what its metrics are told apart by
     * @param ofRequest what a call asks for
     * @param begun the reading of the clock
     */
    @SuppressWarnings("MustBeClosedChecker") // leave() closes it
    OpenSpan(
            Boundary boundary,
            @Nullable OpenSpan parent,
            Span span,
            Context outer,
            ContextKey<OpenSpan> key,
            Attributes ofRun,
            Attributes ofMetrics,
            Attributes ofRequest,
            long begun) {
        this.boundary = boundary;
        this.parent = parent;
        this.span = span;
        this.outer = outer;
        this.key = key;
        this.ofRun = ofRun;
        this.ofMetrics = ofMetrics;
        this.ofRequest = ofRequest;
        this.begun = begun;
        this.context = outer.with(span).with(key, this);
        this.scope = context.makeCurrent();
    }

    Boundary boundary() {
        return boundary;
    }

    @Nullable
    OpenSpan parent() {
        return parent;
    }

    Span span() {
        return span;
    }

    /** The context without this: the one that the thread had before, or on another thread the one around it. */
    Context under() {
        return isOfThisThread() ? before : outer;
    }

    Context context() {
        return context;
    }

    Attributes ofRun() {
        return ofRun;
    }

    Attributes ofMetrics() {
        return ofMetrics;
    }

    Attributes ofRequest() {
        return ofRequest;
    }

    Totals totals() {
        return totals;
    }

    boolean isOfThisThread() {
        return Thread.currentThread() == thread;
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** Whether this is the other one or was opened somewhere in it. */
    boolean isIn(OpenSpan other) {
        for (OpenSpan at = this; at != null; at = at.parent) {
            if (at == other) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is a call that the application made, rather than a pipeline inside of another one's attempt. */
    boolean isLogicalCall() {
        return parent == null || parent.boundary.kind() != BoundaryKind.ATTEMPT;
    }

    /** Notes the server that was asked, at the attempt and at the call around it. */
    void sentTo(Attributes to) {
        for (OpenSpan at = this; at != null && at.isOfModel(); at = at.parent) {
            at.server = to;
            at.span.setAllAttributes(to);
        }
    }

    private boolean isOfModel() {
        return switch (boundary.kind()) {
            case CALL, EMBEDDING, ATTEMPT -> true;
            default -> false;
        };
    }

    /** The server that was asked last, empty where it is not known. */
    Attributes server() {
        return server;
    }

    /** The tools that the last request of this agent, step or run offered. */
    void offered(List<ToolSpecification> offered) {
        tools = offered;
    }

    @Nullable
    String descriptionOf(String tool) {
        for (ToolSpecification each : tools) {
            if (tool.equals(each.name())) {
                return each.description();
            }
        }
        return null;
    }

    AtomicInteger inside() {
        return inside;
    }

    double seconds(long now) {
        return (now - begun) / 1e9;
    }

    /** Seconds to the first chunk, {@code null} where none came. */
    @Nullable
    Double toFirstChunk() {
        long first = firstChunk;
        return first == NEVER ? null : Double.valueOf(seconds(first));
    }

    /** Notes a chunk; returns the reading of the clock at the one before, {@link #NEVER} for the first. */
    long chunk(long now) {
        long before = lastChunk;
        lastChunk = now;
        if (firstChunk == NEVER) {
            firstChunk = now;
        }
        return before;
    }

    /** Keeps the time from one chunk to the next until the end, when it is known who answers; false where it is full. */
    boolean gap(long nanos) {
        gapsLock.lock();
        try {
            if (gapCount == MOST_GAPS) {
                return false;
            }
            if (gapCount == gaps.length) {
                gaps = Arrays.copyOf(gaps, Math.max(FIRST_GAPS, 2 * gaps.length));
            }
            gaps[gapCount++] = nanos;
            return true;
        } finally {
            gapsLock.unlock();
        }
    }

    void gaps(LongConsumer each) {
        gapsLock.lock();
        try {
            for (int i = 0; i < gapCount; i++) {
                each.accept(gaps[i]);
            }
            gapCount = MOST_GAPS; // what an abandoned attempt still delivers is counted as it comes
            gaps = new long[0];
        } finally {
            gapsLock.unlock();
        }
    }

    /**
     * Gives the thread its context back, also where what was opened in this was left open on it; OpenTelemetry ignores a scope
     * that is not closed in turn, so one that was closed too early is closed once its turn has come. What another thread opened
     * stays there, and is passed over.
     */
    void leave() {
        if (!isOfThisThread()) {
            return;
        }
        left = true;
        OpenSpan innermost = Context.current().get(key);
        while (innermost != null && innermost != this && innermost.thread == thread && innermost.isOver(this)) {
            innermost.scope.close();
            OpenSpan next = Context.current().get(key);
            if (next == innermost) {
                break; // somebody else's scope stands above it
            }
            innermost = next;
        }
        scope.close();
        for (OpenSpan under = Context.current().get(key);
                under != null && under.left && under.thread == thread && Context.current() == under.context;
                under = Context.current().get(key)) {
            under.scope.close(); // was closed before this one, out of turn
        }
    }

    /** Whether it goes when the other one does: what is in it, and a run too where a boundary around that run is left. */
    private boolean isOver(OpenSpan other) {
        if (isIn(other)) {
            return true;
        }
        if (other.parent == null) {
            return false; // a run may be closed before one that was opened in it
        }
        for (OpenSpan at = this; at != null; at = at.outer.get(key)) {
            if (at == other) {
                return true;
            }
        }
        return false;
    }

    /** Whether the caller of this is the one to end the span. */
    boolean claim() {
        return ended.compareAndSet(false, true);
    }
}
