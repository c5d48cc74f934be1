package io.fmware;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import org.jspecify.annotations.Nullable;

/** A model that streams. */
final class StreamingTarget extends Target {
    private final StreamingChatModel model;

    StreamingTarget(@Nullable String name, StreamingChatModel model) {
        super(name, model, model.defaultRequestParameters());
        this.model = model;
    }

    @Override
    public Target named(String changed) {
        return new StreamingTarget(changed, model);
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public boolean isSteerable() {
        Entrance inner = entrance();
        return inner == null
                ? model instanceof SteerableStreamingChatModel
                : inner.target().isSteerable();
    }

    @Override
    @Nullable
    Entrance entrance() {
        return model instanceof FmStreamingChatModel wrapped ? wrapped.entrance() : null;
    }

    @Override
    FmReply invoke(FmCall call) {
        Entrance inner = entrance();
        if (inner != null) {
            return inner.enter(call);
        }
        call.checkBeforeAsking();
        return new StreamExchange(call, model).run();
    }
}
