package io.fmware.service;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.moderation.ModerationRequest;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.model.moderation.listener.ModerationModelListener;
import dev.langchain4j.model.output.Response;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import java.util.List;

/**
 * A moderation model behind a boundary. The listeners of the model behind it fire when that is asked.
 *
 * @param delegate the model
 */
record WatchedModeration(ModerationModel delegate) implements ModerationModel {

    WatchedModeration {
        Invocation.areModerated();
    }

    @Override
    public ModerationResponse moderate(ModerationRequest request) {
        return FmRun.cross(BoundaryKind.MODERATION, modelName(), request, delegate::moderate);
    }

    @Override
    public ModerationResponse doModerate(ModerationRequest request) {
        return moderate(request);
    }

    /** The way in which an AI service asks, on a thread of a pool that knows nothing of the run. */
    @Override
    public Response<Moderation> moderate(List<ChatMessage> messages) {
        if (FmRun.currentScope() == null) {
            Invocation invocation = Invocation.asking(messages);
            if (invocation != null) {
                return invocation.place().call(() -> ModerationModel.super.moderate(messages));
            }
            Lost.warn("moderation model", modelName());
        }
        return ModerationModel.super.moderate(messages);
    }

    @Override
    public List<ModerationModelListener> listeners() {
        return List.of();
    }

    @Override
    public ModelProvider provider() {
        return delegate.provider();
    }

    @Override
    public String modelName() {
        return delegate.modelName();
    }
}
