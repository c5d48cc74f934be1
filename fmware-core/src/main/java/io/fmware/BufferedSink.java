package io.fmware;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Holds partial output back until it is known to be good. What is emitted into it is kept in memory, in order. As any sink it
 * is used by one thread at a time.
 */
public final class BufferedSink implements TokenSink {
    private final TokenSink downstream;
    private final List<StreamEvent> held = new ArrayList<>();

    BufferedSink(TokenSink downstream) {
        this.downstream = Objects.requireNonNull(downstream, "downstream");
    }

    @Override
    public void emit(StreamEvent event) {
        held.add(event);
    }

    /** Forgets what is held, so that the output may start again; whether anything was released before is the caller's affair. */
    @Override
    public boolean restart() {
        held.clear();
        return true;
    }

    /** Hands everything held to the sink behind, in order, and holds nothing afterwards. */
    public void release() {
        List<StreamEvent> events = List.copyOf(held);
        held.clear();
        events.forEach(downstream::emit);
    }
}
