package io.fmware.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import io.fmware.Boundary;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each run has used, seen at its boundaries. Thread-safe. */
final class Runs {
    private static final Duration FORGOTTEN = Duration.ofHours(6);

    private final Cache<String, RunTrace> traces =
            Caffeine.newBuilder().expireAfterAccess(FORGOTTEN).build();
    private final Changes changes;
    private final Function<TextSegment, String> documentId;

    Runs(Changes changes, Function<TextSegment, String> documentId) {
        this.changes = changes;
        this.documentId = documentId;
    }

    /** A reading of the clock of changes, from before anything is looked at. */
    @Nullable
    Long opened(Boundary boundary) {
        return switch (boundary.kind()) {
            case RUN -> {
                traces.put(boundary.run().id(), new RunTrace());
                yield null;
            }
            case RETRIEVAL, TOOL -> changes.now();
            default -> null;
        };
    }

    void closed(Boundary boundary, @Nullable Object token, @Nullable Object output) {
        if (!(token instanceof Long at)) {
            return;
        }
        RunTrace trace = traces.getIfPresent(boundary.run().id());
        if (trace == null) {
            return;
        }
        if (boundary.kind() == BoundaryKind.TOOL) {
            trace.used(Dependency.tool(boundary.name()), at);
        } else {
            Set<String> documents = new HashSet<>();
            if (output instanceof List<?> found) {
                for (Object each : found) {
                    if (each instanceof Content content && content.textSegment() != null) {
                        documents.add(documentId.apply(content.textSegment()));
                        trace.retrieved(content.textSegment().text());
                    }
                }
            }
            trace.found(boundary.name(), documents, at);
        }
    }

    void event(FmEvent event) {
        if (event instanceof FmEvent.RunEnded) {
            traces.invalidate(event.origin().run());
        } else if (event instanceof FmEvent.Asked asked) {
            RunTrace trace = traces.getIfPresent(event.origin().run());
            if (trace != null) {
                trace.asked(event.origin().path(), asked.question());
            }
        }
    }

    /** What a run has used, {@code null} where it is not seen, or has ended. */
    @Nullable
    RunTrace of(String run) {
        return traces.getIfPresent(run);
    }

    /** What the run of this thread has used, {@code null} where it is not seen. */
    @Nullable
    RunTrace here() {
        FmRun run = FmRun.current();
        return run == null ? null : traces.getIfPresent(run.id());
    }
}
