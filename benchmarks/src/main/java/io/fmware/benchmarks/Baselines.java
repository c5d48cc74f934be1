package io.fmware.benchmarks;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.function.UnaryOperator;

/** Decorators as one writes them by hand. */
final class Baselines {

    private Baselines() {}

    static ChatModel stacked(ChatModel model, int times, UnaryOperator<ChatModel> decorator) {
        ChatModel stack = model;
        for (int i = 0; i < times; i++) {
            stack = decorator.apply(stack);
        }
        return stack;
    }

    /** What comes to mind first: each layer merges parameters, asks for listeners and copies the request again. */
    record Naive(ChatModel delegate) implements ChatModel {

        @Override
        public ChatResponse doChat(ChatRequest request) {
            return delegate.chat(request);
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return delegate.defaultRequestParameters();
        }

        @Override
        public List<ChatModelListener> listeners() {
            return delegate.listeners();
        }
    }

    /** The least that a layer can do: the floor for anything that decorates a model. */
    record Thin(ChatModel delegate) implements ChatModel {

        @Override
        public ChatResponse chat(ChatRequest request) {
            return delegate.chat(request);
        }

        @Override
        public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
            return delegate.chat(request, options);
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return delegate.defaultRequestParameters();
        }

        @Override
        public List<ChatModelListener> listeners() {
            return delegate.listeners();
        }
    }
}
