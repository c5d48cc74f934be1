package io.fmware;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model that embeds. */
final class EmbeddingTarget extends Target {
    private final EmbeddingModel model;

    EmbeddingTarget(EmbeddingModel model) {
        super(null, model, DefaultChatRequestParameters.EMPTY);
        this.model = model;
    }

    private EmbeddingTarget(String name, EmbeddingModel model) {
        super(name, model, DefaultChatRequestParameters.EMPTY);
        this.model = model;
    }

    @Override
    public Target named(String changed) {
        return new EmbeddingTarget(changed, model);
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return DefaultChatRequestParameters.EMPTY;
    }

    @Override
    public @Nullable String modelName() {
        String named = model.modelName();
        return "unknown".equals(named) ? null : named; // what langchain4j says where a model has no name
    }

    @Override
    @Nullable
    Entrance entrance() {
        return model instanceof FmEmbeddingModel wrapped ? wrapped.entrance() : null;
    }

    @Override
    FmReply invoke(FmCall call) {
        Entrance inner = entrance();
        if (inner != null) {
            return inner.enter(call);
        }
        call.checkBeforeAsking();
        return call.isAbandonable() ? new EmbeddingExchange(call).run() : reply(embed(call.embeddingInputs()));
    }

    private @Nullable EmbeddingResponse embed(EmbeddingInputs inputs) {
        List<TextSegment> segments = inputs.segments();
        return segments == null ? model.embed(inputs.request()) : embedAll(segments);
    }

    private @Nullable EmbeddingResponse embedAll(List<TextSegment> segments) {
        Response<List<Embedding>> response = model.embedAll(segments);
        return response == null
                ? null
                : EmbeddingResponse.builder()
                        .embeddings(response.content())
                        .metadata(EmbeddingResponseMetadata.builder()
                                .modelName(model.modelName())
                                .tokenUsage(response.tokenUsage())
                                .build())
                        .build();
    }

    private FmReply reply(@Nullable EmbeddingResponse response) {
        if (response == null) {
            throw new ModelContractException(this + " returned null instead of embeddings; its adapter has a defect");
        }
        return FmReply.fromModel(response);
    }

    /** A call on a thread of its own. */
    private final class EmbeddingExchange extends Exchange {
        private @Nullable EmbeddingResponse response;

        EmbeddingExchange(FmCall call) {
            super(call);
        }

        @Override
        void ask(FmCall call) {
            response = embed(call.embeddingInputs());
            finish();
        }

        @Override
        FmReply reply() {
            return EmbeddingTarget.this.reply(response);
        }
    }
}
