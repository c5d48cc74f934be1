package io.fmware.service;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.memory.ChatMemory;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A chat memory behind boundaries. Each way of changing it is one write, handed on in the same way.
 *
 * @param delegate the memory
 */
record WatchedMemory(ChatMemory delegate) implements ChatMemory {

    @Override
    public Object id() {
        return delegate.id();
    }

    @Override
    public List<ChatMessage> messages() {
        return FmRun.cross(BoundaryKind.MEMORY_READ, name(), id(), id -> delegate.messages());
    }

    @Override
    public void add(ChatMessage message) {
        write(List.of(message), written -> {
            if (written.size() == 1) {
                delegate.add(written.get(0));
            } else {
                addAll(written);
            }
        });
    }

    @Override
    public void add(ChatMessage @Nullable ... messages) {
        if (messages != null && messages.length > 0) {
            write(Arrays.asList(messages), this::addAll);
        }
    }

    @Override
    public void add(@Nullable Iterable<ChatMessage> messages) {
        if (messages != null) {
            write(listOf(messages), this::addAll);
        }
    }

    @Override
    public void set(ChatMessage... messages) {
        write(Arrays.asList(messages), delegate::set);
    }

    @Override
    public void set(Iterable<ChatMessage> messages) {
        write(listOf(messages), delegate::set);
    }

    @Override
    public void clear() {
        write(List.of(), nothing -> delegate.clear());
    }

    /** None where an interceptor took all of them away. */
    private void addAll(List<ChatMessage> messages) {
        if (!messages.isEmpty()) {
            delegate.add(messages);
        }
    }

    private void write(List<ChatMessage> messages, Consumer<List<ChatMessage>> body) {
        FmRun.<List<ChatMessage>, @Nullable Object>cross(BoundaryKind.MEMORY_WRITE, name(), messages, written -> {
            body.accept(written);
            return null;
        });
    }

    private static List<ChatMessage> listOf(Iterable<ChatMessage> messages) {
        List<ChatMessage> list = new ArrayList<>();
        messages.forEach(list::add);
        return list;
    }

    private String name() {
        Object id = delegate.id();
        return id instanceof UUID || isUuid(String.valueOf(id)) ? "ephemeral" : String.valueOf(id);
    }

    private static boolean isUuid(String text) {
        int length = 36;
        if (text.length() != length) {
            return false;
        }
        try {
            UUID.fromString(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
