package io.fmware.observability.replay;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A store of chat memories that begins with messages, and finds them by what the id looks like as text. Thread-safe. */
final class RestoredMemories implements ChatMemoryStore {
    private final Map<String, List<ChatMessage>> messages;

    /**
     * @param messages what it begins with, by id
     */
    RestoredMemories(Map<String, List<ChatMessage>> messages) {
        this.messages = new ConcurrentHashMap<>(messages);
    }

    @Override
    public List<ChatMessage> getMessages(Object memoryId) {
        return messages.getOrDefault(String.valueOf(memoryId), List.of());
    }

    @Override
    public void updateMessages(Object memoryId, List<ChatMessage> updated) {
        messages.put(String.valueOf(memoryId), List.copyOf(updated));
    }

    @Override
    public void deleteMessages(Object memoryId) {
        messages.remove(String.valueOf(memoryId));
    }
}
