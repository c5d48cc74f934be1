package io.fmware;

import io.fmware.event.FmEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Watches what is decided. */
final class Decisions implements BoundaryInterceptor {
    private final List<FmEvent.Decided> seen = new CopyOnWriteArrayList<>();

    List<FmEvent.Decided> seen() {
        return seen;
    }

    @Override
    public @Nullable Object intercept(Boundary boundary, Crossing next) {
        return next.proceed(boundary.input());
    }

    @Override
    public void event(FmEvent event) {
        if (event instanceof FmEvent.Decided decided) {
            seen.add(decided);
        }
    }
}
