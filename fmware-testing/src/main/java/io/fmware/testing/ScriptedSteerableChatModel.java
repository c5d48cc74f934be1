package io.fmware.testing;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.Activations;
import io.fmware.SteerableChatModel;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A {@link ScriptedChatModel} that reports activations with each answer: those it is made with, and in the place of these the
 * ones that are pinned.
 *
 * <p>Thread-safe.
 */
public final class ScriptedSteerableChatModel implements SteerableChatModel {
    private final ScriptedChatModel scripted;
    private final Activations natural;
    private final List<Activations> pinned = new CopyOnWriteArrayList<>();

    private ScriptedSteerableChatModel(ScriptedChatModel scripted, Activations natural) {
        this.scripted = Objects.requireNonNull(scripted, "scripted");
        this.natural = Objects.requireNonNull(natural, "natural");
    }

    /**
     * A model that answers by a script and reports activations.
     *
     * @param scripted answers
     * @param natural what it reports where nothing is pinned
     * @return the model
     */
    public static ScriptedSteerableChatModel of(ScriptedChatModel scripted, Activations natural) {
        return new ScriptedSteerableChatModel(scripted, natural);
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        return steered(request, options, Activations.none());
    }

    @Override
    public ChatResponse steered(ChatRequest request, ChatRequestOptions options, Activations held) {
        pinned.add(held);
        ChatResponse response = scripted.chat(request, options);
        return ChatResponse.builder()
                .aiMessage(natural.with(held).reportedIn(response.aiMessage()))
                .metadata(response.metadata())
                .build();
    }

    /**
     * What was pinned, for each call in order.
     *
     * @return the activations, none for a call that pinned nothing
     */
    public List<Activations> pinned() {
        return List.copyOf(pinned);
    }

    /**
     * The requests received so far, in order.
     *
     * @return an immutable list
     */
    public List<ChatRequest> requests() {
        return scripted.requests();
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return scripted.defaultRequestParameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return scripted.listeners();
    }

    @Override
    public ModelProvider provider() {
        return scripted.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return scripted.supportedCapabilities();
    }
}
