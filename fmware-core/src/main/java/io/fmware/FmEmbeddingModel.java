package io.fmware;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A langchain4j embedding model behind a pipeline, of which those interceptors take part that handle
 * {@link Operation#EMBEDDINGS}. The listeners of the model behind it fire once for each time that model is really asked.
 *
 * <p>Thread-safe.
 */
public final class FmEmbeddingModel implements EmbeddingModel {
    private final EmbeddingModel delegate;
    private final Entrance entrance;

    FmEmbeddingModel(EmbeddingModel delegate, Entrance entrance) {
        this.delegate = delegate;
        this.entrance = entrance;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        return run(EmbeddingInputs.of(checked(request)));
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        if (segments == null) {
            throw new IllegalArgumentException("the list of segments to embed is null; give an empty one for none");
        }
        if (segments.isEmpty()) {
            return Response.from(List.of());
        }
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i) == null) {
                throw new IllegalArgumentException("segment " + i + " of those to embed is null; leave it out");
            }
        }
        EmbeddingInputs inputs = EmbeddingInputs.of(segments);
        checked(inputs.request());
        EmbeddingResponse response = run(inputs);
        return Response.from(
                response.embeddings(),
                response.metadata() == null ? null : response.metadata().tokenUsage());
    }

    @Override
    public Response<Embedding> embed(TextSegment segment) {
        if (segment == null) {
            throw new IllegalArgumentException("the segment to embed is null");
        }
        Response<List<Embedding>> response = embedAll(List.of(segment));
        if (response.content().size() != 1) {
            throw new ModelContractException(entrance.target() + " returned "
                    + response.content().size() + " embeddings for one segment; its adapter has a defect");
        }
        return Response.from(response.content().get(0), response.tokenUsage());
    }

    /** As {@link #embed(EmbeddingRequest)}: there is no way around the chain. */
    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        return embed(request);
    }

    /**
     * Embeds without keeping the calling thread. Cancelling the future cancels the call.
     *
     * @param request what to embed
     * @return the embeddings to come
     */
    public CompletableFuture<EmbeddingResponse> embedAsync(EmbeddingRequest request) {
        EmbeddingInputs inputs = EmbeddingInputs.of(checked(request));
        return AsyncCall.start(entrance, scope -> entrance.embeddings(scope, inputs), FmReply::embeddings);
    }

    /**
     * As {@link #embedAsync(EmbeddingRequest)}: there is no way around the chain.
     *
     * @param request what to embed
     * @return the embeddings to come
     */
    public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
        return embedAsync(request);
    }

    private EmbeddingRequest checked(EmbeddingRequest request) {
        if (request == null) {
            throw new IllegalArgumentException(
                    "the embedding request is null; build one with EmbeddingRequest.builder()");
        }
        return Requests.checked(request, entrance.engine().maxRequestCharacters());
    }

    private EmbeddingResponse run(EmbeddingInputs inputs) {
        return entrance.run(entrance.embeddings(entrance.blocking(), inputs)).embeddings();
    }

    Entrance entrance() {
        return entrance;
    }

    /** What the model behind says; it is not asked to embed for it by this class. */
    @Override
    public int dimension() {
        return delegate.dimension();
    }

    @Override
    public String modelName() {
        return delegate.modelName();
    }

    /** None: those of the model behind fire when that is asked, and would fire twice if they were named here too. */
    @Override
    public List<EmbeddingModelListener> listeners() {
        return List.of();
    }

    @Override
    public ModelProvider provider() {
        return delegate.provider();
    }

    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return delegate.defaultRequestParameters();
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return delegate.supportedParameters();
    }

    @Override
    public Set<ContentType> supportedContentTypes() {
        return delegate.supportedContentTypes();
    }

    /** Shows the chain as it runs. */
    @Override
    public String toString() {
        return entrance.toString();
    }
}
