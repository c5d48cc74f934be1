package io.fmware.provider;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.event.FmEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Notes all that it is told of, and replaces what it is asked to replace. */
public final class Told implements BoundaryInterceptor {
    private final List<FmEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> crossed = new CopyOnWriteArrayList<>();
    private final Map<BoundaryKind, Function<Boundary, @Nullable Object>> replaced = new ConcurrentHashMap<>();

    public Told replacing(BoundaryKind kind, Function<Boundary, @Nullable Object> output) {
        replaced.put(kind, output);
        return this;
    }

    @Override
    public @Nullable Object intercept(Boundary boundary, Crossing next) {
        Function<Boundary, @Nullable Object> output = replaced.get(boundary.kind());
        return output == null ? next.proceed(boundary.input()) : output.apply(boundary);
    }

    @Override
    public @Nullable Object opened(Boundary boundary) {
        crossed.add(boundary.path().toString());
        return null;
    }

    @Override
    public void event(FmEvent event) {
        events.add(event);
    }

    public List<FmEvent> events() {
        return events;
    }

    public <E extends FmEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Type and path of each event. */
    public List<String> told() {
        return events.stream().map(e -> e.type() + " " + e.origin().path()).toList();
    }

    /** The paths of all boundaries, but for calls and attempts, in the order in which they were opened. */
    public List<String> boundaries() {
        return crossed.stream().filter(path -> !path.contains("/call:")).toList();
    }

    /** The paths of all boundaries in the order in which they were opened. */
    public List<String> crossed() {
        return crossed;
    }

    /** The paths of the calls of models. */
    public List<String> calls() {
        return crossed.stream()
                .filter(path -> path.contains("/call:") && !path.contains("/attempt:"))
                .toList();
    }
}
