package io.fmware.testing;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.List;
import java.util.Set;

/** What a fake chat model says of itself. */
record ChatTraits(
        List<ChatModelListener> listeners,
        ChatRequestParameters defaultRequestParameters,
        ModelProvider provider,
        Set<Capability> supportedCapabilities) {}
