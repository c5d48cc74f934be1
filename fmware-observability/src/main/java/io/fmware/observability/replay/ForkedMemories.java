package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.BoundaryKind;
import io.fmware.observability.recorder.RecordedValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Memories in a run that goes on for real from a step: what is written before that is really written, behind what the memory held
 * when the run began, so that it holds then what it held when the run was recorded. Thread-safe.
 */
final class ForkedMemories {
    private final @Nullable Taped taped;
    private final Set<String> begun = new HashSet<>();

    ForkedMemories(@Nullable Taped taped) {
        this.taped = taped;
    }

    /** What is to be written: with what was there before, where it is the first that is written. */
    @Nullable
    Object written(Step write, @Nullable Object messages) {
        String memory = name(write);
        synchronized (begun) {
            if (!begun.add(memory) || !(messages instanceof List<?> own)) {
                return messages;
            }
            List<Object> all = new ArrayList<>(before(memory));
            all.addAll(own);
            return all;
        }
    }

    /** What the first reading gave, without what was written before it. */
    private List<Object> before(String memory) {
        List<JsonNode> written = new ArrayList<>();
        for (Step each : taped == null ? List.<Step>of() : taped.steps().values()) {
            if (!name(each).equals(memory)) {
                continue;
            }
            if (each.kind() == BoundaryKind.MEMORY_WRITE) {
                written.addAll(messages(each.asked()));
            } else if (each.kind() == BoundaryKind.MEMORY_READ) {
                List<JsonNode> read = messages(each.given());
                int own = read.size() - written.size();
                boolean isBehind = own > 0 && read.subList(own, read.size()).equals(written);
                return isBehind ? restored(read.subList(0, own)) : List.of();
            }
        }
        return List.of();
    }

    private static List<Object> restored(List<JsonNode> messages) {
        List<Object> restored = new ArrayList<>();
        messages.forEach(each -> restored.add(RecordedValue.message(each)));
        return restored;
    }

    private static String name(Step step) {
        return step.asked() == null ? "" : step.asked().path("memory").asText();
    }

    private static List<JsonNode> messages(@Nullable ObjectNode part) {
        List<JsonNode> messages = new ArrayList<>();
        if (part != null) {
            part.path("messages").forEach(messages::add);
        }
        return messages;
    }
}
