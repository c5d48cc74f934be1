package io.fmware.observability.recorder;

import io.fmware.event.FmEvent;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Keeps the content of runs by what the application says of them when they begin. Thread-safe. */
final class RunRule implements ContentRule {
    /** Runs that are never closed must not fill the memory. */
    private static final int MOST_RUNS = 100_000;

    private final Predicate<? super Map<String, String>> attributes;
    private final Set<String> chosen = ConcurrentHashMap.newKeySet();

    RunRule(Predicate<? super Map<String, String>> attributes) {
        this.attributes = Objects.requireNonNull(attributes, "attributes");
    }

    @Override
    public boolean keeps(FmEvent event) {
        String run = event.origin().run();
        if (event instanceof FmEvent.RunStarted started && attributes.test(started.attributes())) {
            if (chosen.size() >= MOST_RUNS) {
                chosen.clear();
            }
            chosen.add(run);
        }
        boolean keeps = chosen.contains(run);
        if (event instanceof FmEvent.RunEnded) {
            chosen.remove(run);
        }
        return keeps;
    }
}
