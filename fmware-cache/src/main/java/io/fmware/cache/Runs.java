package io.fmware.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import io.fmware.Boundary;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What each run has used, seen at its boundaries. Where that cannot be known nothing of the run is cached: those who watch fail
 * open, but an answer without a part of what it was made from would never go. Thread-safe.
 */
final class Runs {
    /** Runs that nobody closes; no request takes that long. */
    private static final Duration FORGOTTEN = Duration.ofHours(6);

    /** More than are open at once, unless they are never closed: those cost 1 KB each, and what was retrieved for them. */
    private static final int MOST = 100_000;

    private final Cache<String, RunTrace> traces;
    private final Changes changes;
    private final Function<TextSegment, String> documentId;

    Runs(Changes changes, Function<TextSegment, String> documentId, TimeSource time) {
        this(changes, documentId, time, MOST);
    }

    /**
     * @param most how many runs are kept track of; others are not cached
     */
    Runs(Changes changes, Function<TextSegment, String> documentId, TimeSource time, int most) {
        this.changes = changes;
        this.documentId = documentId;
        this.traces = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(FORGOTTEN)
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .build();
    }

    /** A reading of the clock of changes, from before anything is looked at. */
    @Nullable
    Long opened(Boundary boundary) {
        return switch (boundary.kind()) {
            case RUN -> {
                FmRun run = boundary.run();
                RunTrace around = run.outer() == null ? null : of(run.outer());
                traces.asMap().compute(run.id(), (id, before) -> {
                    RunTrace trace = before == null ? new RunTrace(around) : before;
                    trace.opened(run);
                    return trace;
                });
                yield null;
            }
            case RETRIEVAL, TOOL -> changes.now();
            default -> null;
        };
    }

    /** Fails where it is not known what was used; the run is not cached from then on. */
    void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        FmRun run = boundary.run();
        BoundaryKind kind = boundary.kind();
        boolean uses = kind == BoundaryKind.RETRIEVAL || kind == BoundaryKind.TOOL;
        RunTrace trace = uses || kind == BoundaryKind.RUN ? of(run) : null;
        if (trace == null) {
            return;
        }
        if (!uses) {
            trace.closing(run);
            return;
        }
        try {
            long at = (Long) Objects.requireNonNull(token, "it is not known when this was looked at");
            if (kind == BoundaryKind.TOOL) {
                trace.used(Dependency.tool(boundary.name()), at);
            } else {
                trace.found(boundary.name(), error == null ? documents(boundary.name(), output, trace) : null, at);
            }
        } catch (RuntimeException | Error e) {
            trace.untraceable();
            throw e;
        }
    }

    /** The ids of what was found. */
    private Set<String> documents(String corpus, @Nullable Object output, RunTrace trace) {
        if (!(output instanceof List<?> found)) {
            throw new IllegalStateException("what was found in " + corpus + " is no List<Content>, but "
                    + (output == null ? "null" : "a " + output.getClass().getName()));
        }
        Set<String> documents = new HashSet<>();
        for (Object each : found) {
            if (!(each instanceof Content content) || content.textSegment() == null) {
                throw new IllegalStateException("what was found in " + corpus + " holds something without a text: "
                        + (each == null ? "null" : "a " + each.getClass().getName()));
            }
            TextSegment segment = content.textSegment();
            String id = Objects.requireNonNull(
                    documentId.apply(segment), () -> "documentId gave null for a segment of " + corpus);
            documents.add(id);
            trace.retrieved(segment.text());
        }
        return documents;
    }

    void event(FmEvent event) {
        if (event instanceof FmEvent.RunEnded) {
            traces.asMap().computeIfPresent(event.origin().run(), (id, trace) -> trace.ended() ? trace : null);
        } else if (event instanceof FmEvent.Asked asked) {
            RunTrace trace = of(event.origin().run());
            if (trace != null) {
                trace.asked(event.origin().path(), asked.question());
            }
        }
    }

    /** What the open runs of an id have used, {@code null} where there is none that is seen. */
    @Nullable
    RunTrace of(String run) {
        return traces.getIfPresent(run);
    }

    private @Nullable RunTrace of(FmRun run) {
        RunTrace trace = of(run.id());
        return trace != null && trace.isOf(run) ? trace : null;
    }

    /** What the run of this thread has used, {@code null} where it is not seen. */
    @Nullable
    RunTrace here() {
        FmRun run = FmRun.current();
        return run == null ? null : of(run);
    }
}
