package io.fmware.observability.recorder;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The chains of the runs that are open. Thread-safe. */
final class RunChains {
    /** Runs that are never closed must not fill the memory; those beyond are recorded without a chain, and say so. */
    private static final int MOST = 100_000;

    private final Map<String, RunChain> chains = new ConcurrentHashMap<>();

    /** The chain of a run, begun where it is not there; {@code null} where there are too many. */
    @Nullable
    RunChain of(String run) {
        RunChain chain = chains.get(run);
        if (chain == null && chains.size() < MOST) {
            chain = chains.computeIfAbsent(run, id -> new RunChain());
        }
        return chain;
    }

    /** The chain of a run that has begun and not ended, else {@code null}. */
    @Nullable
    RunChain open(String run) {
        return chains.get(run);
    }

    void end(String run) {
        chains.remove(run);
    }
}
