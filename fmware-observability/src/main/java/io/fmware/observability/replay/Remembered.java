package io.fmware.observability.replay;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The chat memories that a run has used, as far as their boundaries tell. Thread-safe. */
final class Remembered {
    private final Map<String, Memory> memories = new LinkedHashMap<>();
    /** What those read who have not written. */
    private final Map<String, Memory> seen = new HashMap<>();

    private final ReentrantLock lock = new ReentrantLock();

    /**
     * What is in a memory.
     *
     * @param agent the name of the agent that it belongs to, empty for none
     * @param id its id
     * @param messages what is in it
     */
    record Memory(String agent, String id, List<ChatMessage> messages) {
        Memory {
            messages = List.copyOf(messages);
        }
    }

    /** An agent's memory is read by the workflow around it too: that is no memory of the workflow. */
    void read(String agent, String name, @Nullable Object id, List<ChatMessage> messages) {
        Memory read = new Memory(agent, String.valueOf(id), messages);
        String key = agent + "/" + name;
        lock.lock();
        try {
            if (memories.containsKey(key)) {
                memories.put(key, read);
                return;
            }
            seen.put(key, read);
            boolean isKnown = memories.values().stream()
                    .anyMatch(each ->
                            each.id().equals(read.id()) && each.messages().equals(messages));
            if (!isKnown) {
                memories.put(key, read);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds messages, as langchain4j's memories do: of system messages there is one. Nothing is written where all is forgotten. */
    void written(String agent, String name, List<ChatMessage> messages) {
        lock.lock();
        try {
            String key = agent + "/" + name;
            Memory before = memories.getOrDefault(key, seen.getOrDefault(key, new Memory(agent, name, List.of())));
            List<ChatMessage> after = new ArrayList<>(messages.isEmpty() ? List.of() : before.messages());
            for (ChatMessage each : messages) {
                if (!(each instanceof SystemMessage)) {
                    after.add(each);
                } else if (!after.contains(each)) {
                    after.removeIf(SystemMessage.class::isInstance);
                    after.add(each);
                }
            }
            memories.put(key, new Memory(agent, before.id(), after));
        } finally {
            lock.unlock();
        }
    }

    List<Memory> all() {
        lock.lock();
        try {
            return List.copyOf(memories.values());
        } finally {
            lock.unlock();
        }
    }
}
