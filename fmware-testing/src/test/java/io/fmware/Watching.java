package io.fmware;

import io.fmware.event.FmEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Notes all that it is told of. */
final class Watching implements BoundaryInterceptor {
    private final List<FmEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> crossed = new CopyOnWriteArrayList<>();
    private final List<StreamEvent> chunks = new CopyOnWriteArrayList<>();

    @Override
    public @Nullable Object opened(Boundary boundary) {
        crossed.add("> " + boundary.path());
        return boundary.path();
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        crossed.add("< " + token + (error == null ? "" : " " + error.getClass().getSimpleName()));
    }

    @Override
    public void chunk(Boundary boundary, @Nullable Object token, StreamEvent piece) {
        chunks.add(piece);
    }

    @Override
    public boolean watchesChunks() {
        return true;
    }

    @Override
    public void event(FmEvent event) {
        events.add(event);
    }

    List<FmEvent> events() {
        return events;
    }

    /** Type and path of each event. */
    List<String> told() {
        return events.stream().map(e -> e.type() + " " + e.origin().path()).toList();
    }

    List<String> crossed() {
        return crossed;
    }

    List<StreamEvent> chunks() {
        return chunks;
    }

    @Override
    public String toString() {
        return "watching";
    }
}
