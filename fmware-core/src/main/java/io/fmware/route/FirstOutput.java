package io.fmware.route;

import io.fmware.StreamEvent;
import io.fmware.TimeSource;
import io.fmware.TokenSink;

/** Notes when the first piece of output passes; an event of the provider is none. */
final class FirstOutput implements TokenSink {
    private final TokenSink downstream;
    private final TimeSource time;
    private volatile boolean seen;
    private long at;

    FirstOutput(TokenSink downstream, TimeSource time) {
        this.downstream = downstream;
        this.time = time;
    }

    @Override
    public void emit(StreamEvent event) {
        if (!seen && !(event instanceof StreamEvent.Raw)) {
            at = time.nanoTime();
            seen = true;
        }
        downstream.emit(event);
    }

    @Override
    public boolean restart() {
        return downstream.restart();
    }

    /** Whether there was any output. */
    boolean isSeen() {
        return seen;
    }

    /** The reading of the clock at the first output, or now where there was none. */
    long nanoTime() {
        return seen ? at : time.nanoTime();
    }
}
