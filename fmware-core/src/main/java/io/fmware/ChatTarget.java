package io.fmware;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import org.jspecify.annotations.Nullable;

/** A model that answers in one piece. */
final class ChatTarget extends Target {
    private final ChatModel model;

    ChatTarget(@Nullable String name, ChatModel model) {
        super(name, model, model.defaultRequestParameters());
        this.model = model;
    }

    @Override
    public Target named(String changed) {
        return new ChatTarget(changed, model);
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
    public boolean isSteerable() {
        Entrance inner = entrance();
        return inner == null
                ? model instanceof SteerableChatModel
                : inner.target().isSteerable();
    }

    @Override
    @Nullable
    Entrance entrance() {
        return model instanceof FmChatModel wrapped ? wrapped.entrance() : null;
    }

    @Override
    FmReply invoke(FmCall call) {
        Entrance inner = entrance();
        if (inner != null) {
            return inner.enter(call);
        }
        call.checkBeforeAsking();
        return call.isAbandonable() ? new ChatExchange(call).run() : ask(call);
    }

    private FmReply ask(FmCall call) {
        ChatResponse response;
        try {
            response = chat(call, call.request());
        } catch (RuntimeException e) {
            if (Interrupts.caused(e)) {
                Thread.currentThread().interrupt();
                throw new CancelledException("the thread was interrupted while waiting for " + this, e);
            }
            throw e;
        }
        return reply(response);
    }

    private ChatResponse chat(FmCall call, ChatRequest request) {
        return call.scope().asking(() -> asked(call, request));
    }

    private ChatResponse asked(FmCall call, ChatRequest request) {
        Activations pinned = Activations.pinnedBy(call);
        if (pinned != null && model instanceof SteerableChatModel steerable) {
            return steerable.steered(request, call.options(), pinned);
        }
        // Models that override only the form without options must be called by that.
        return call.options().listenerAttributes().isEmpty()
                ? model.chat(request)
                : model.chat(request, call.options());
    }

    private FmReply reply(@Nullable ChatResponse response) {
        if (response == null) {
            throw new ModelContractException(this + " returned null instead of a response; its adapter has a defect");
        }
        return FmReply.fromModel(response);
    }

    /** A call on a thread of its own. */
    private final class ChatExchange extends Exchange {
        private final ChatRequest request;
        private @Nullable ChatResponse response;

        ChatExchange(FmCall call) {
            super(call);
            this.request = Requests.detached(call.request());
        }

        @Override
        void ask(FmCall call) {
            response = chat(call, request);
            finish();
        }

        @Override
        FmReply reply() {
            return ChatTarget.this.reply(response);
        }
    }
}
