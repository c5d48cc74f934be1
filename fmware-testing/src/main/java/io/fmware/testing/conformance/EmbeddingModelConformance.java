package io.fmware.testing.conformance;

import static io.fmware.testing.conformance.Rule.rule;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The rules for whatever wraps an {@link EmbeddingModel} and is an {@code EmbeddingModel} again; see
 * {@link ChatModelConformance} for how to use the kit.
 *
 * <p>Each test uses delegates of its own; the class has no state.
 */
@Timeout(60)
public abstract class EmbeddingModelConformance {

    private static final String ONCE =
            "a wrapper whose doEmbed calls delegate.embed and that forwards listeners() as well notifies them twice,"
                    + " which doubles every count of calls and tokens: return List.of() from listeners() or override"
                    + " embed(EmbeddingRequest)";

    /** For subclasses. */
    protected EmbeddingModelConformance() {}

    /**
     * Wraps a model in the decorator under test.
     *
     * @param delegate the model to wrap
     * @return the decorator
     */
    protected abstract EmbeddingModel decorate(EmbeddingModel delegate);

    /**
     * Whether {@code provider()}, {@code modelName()} and {@code defaultRequestParameters()} are those of the delegate.
     *
     * @return true unless overridden
     */
    protected boolean forwardsDescription() {
        return true;
    }

    /**
     * Whether the metadata of segments given to {@code embedAll} reach a delegate that overrides it.
     *
     * @return true unless overridden
     */
    protected boolean keepsSegmentMetadata() {
        return true;
    }

    /** {@code dimension()} is that of the delegate and makes no call. */
    @Test
    public void dimensionMakesNoCall() {
        ScriptedEmbeddingModel delegate =
                ScriptedEmbeddingModel.builder().script(words()).dimension(7).build();
        Rule rule = rule(
                "dimension() is that of the delegate and makes no call",
                "the default embeds the word \"test\", which is paid for and fails where there is no network");
        EmbeddingModel decorated = decorate(delegate);
        rule.expect(7, rule.unharmed(decorated::dimension));
        rule.expect(0, delegate.requests().size());
    }

    /** Every form of {@code embed} reaches the delegate once, with the same text. */
    @Test
    public void everyFormOfEmbedReachesTheDelegateOnce() {
        Rule rule = rule(
                "every form of embed reaches the delegate once with the text given",
                "embedAll and doEmbed call each other unless one is overridden: the stack overflows");
        for (Form form : Form.values()) {
            ScriptedEmbeddingModel delegate =
                    ScriptedEmbeddingModel.builder().script(words()).build();
            Embedding expected = ScriptedEmbeddingModel.ofWords().embed("hello").content();
            EmbeddingModel decorated = decorate(delegate);
            rule.expect(expected, rule.unharmed(() -> form.call(decorated)));
            rule.expect(1, delegate.requests().size());
            rule.expect("hello", delegate.requests().get(0).inputs().get(0).text());
        }
    }

    /** Every form of {@code embed} works with a delegate that overrides {@code embedAll} and nothing else. */
    @Test
    public void modelsThatOverrideOnlyEmbedAllWork() {
        Rule rule = rule(
                "a delegate that overrides only embedAll works",
                "models from before embedding requests do; calling the wrong method of theirs overflows the stack");
        for (Form form : Form.values()) {
            EmbeddingModel decorated = decorate(new LegacyEmbeddingModel());
            rule.expect(Embedding.from(new float[] {5, 1}), rule.unharmed(() -> form.call(decorated)));
        }
    }

    /** Embeddings arrive in the order of the inputs, with the response's metadata. */
    @Test
    public void responsesArriveUnchanged() {
        Reply reply = Reply.builder()
                .vectors(new float[] {1, 0}, new float[] {0, 1})
                .usage(3, 0)
                .build();
        EmbeddingModel delegate = ScriptedEmbeddingModel.builder()
                .script(Script.of(reply))
                .modelName("model-1")
                .build();
        EmbeddingResponse response = decorate(delegate)
                .embed(EmbeddingRequest.builder().inputs("one", "two").build());
        Rule rule = rule(
                "embeddings arrive in the order of the inputs, with model name and usage",
                "a store pairs them with segments by position, and budgets read the usage");
        rule.expect(
                List.of(Embedding.from(new float[] {1, 0}), Embedding.from(new float[] {0, 1})), response.embeddings());
        rule.expect("model-1", response.modelName());
        TokenUsage usage = response.tokenUsage();
        rule.expect(3, usage == null ? null : usage.inputTokenCount());
    }

    /** No segments make no call. */
    @Test
    public void noSegmentsMakeNoCall() {
        ScriptedEmbeddingModel delegate = ScriptedEmbeddingModel.of(words());
        Rule rule = rule("embedAll of no segments gives none and makes no call", "an empty document is no error");
        EmbeddingModel decorated = decorate(delegate);
        Response<List<Embedding>> response = rule.unharmed(() -> decorated.embedAll(List.of()));
        rule.expect(List.of(), response == null ? null : response.content());
        rule.expect(0, delegate.requests().size());
    }

    /** Parameters of a request reach the delegate, and what it supports is known. */
    @Test
    public void parametersOfARequestReachTheDelegate() {
        ScriptedEmbeddingModel delegate = ScriptedEmbeddingModel.builder()
                .script(words())
                .supportedParameters(EmbeddingRequestParameters.DIMENSIONS)
                .build();
        EmbeddingModel decorated = decorate(delegate);
        Rule rule = rule(
                "supportedParameters() are forwarded, and parameters of a request reach the delegate",
                "otherwise the wrapper rejects what the model supports with an UnsupportedFeatureException");
        rule.expect(Set.of(EmbeddingRequestParameters.DIMENSIONS), decorated.supportedParameters());
        rule.unharmed(() -> decorated.embed(
                EmbeddingRequest.builder().input("hello").dimensions(16).build()));
        rule.expect(16, delegate.requests().get(0).dimensions());
    }

    /** Default parameters of the delegate apply. */
    @Test
    public void defaultParametersOfTheDelegateApply() {
        ScriptedEmbeddingModel delegate = ScriptedEmbeddingModel.builder()
                .script(words())
                .supportedParameters(EmbeddingRequestParameters.MODEL_NAME)
                .defaultRequestParameters(EmbeddingRequestParameters.builder()
                        .modelName("default-model")
                        .build())
                .build();
        EmbeddingModel decorated = decorate(delegate);
        Rule rule = rule("default parameters of the delegate apply", "without the merge the model name is lost");
        rule.unharmed(() -> decorated.embed("hello"));
        rule.expect("default-model", delegate.requests().get(0).modelName());
    }

    /** {@code supportedContentTypes()} are those of the delegate. */
    @Test
    public void supportedContentTypesAreForwarded() {
        EmbeddingModel delegate = ScriptedEmbeddingModel.builder()
                .supportedContentTypes(ContentType.TEXT, ContentType.IMAGE)
                .build();
        rule("supportedContentTypes() are those of the delegate", "otherwise the wrapper rejects images")
                .expect(
                        Set.of(ContentType.TEXT, ContentType.IMAGE),
                        decorate(delegate).supportedContentTypes());
    }

    /** Provider, name and default parameters are those of the delegate. */
    @Test
    public void theDescriptionIsForwarded() {
        Assumptions.assumeTrue(forwardsDescription(), "not promised");
        EmbeddingRequestParameters parameters =
                EmbeddingRequestParameters.builder().modelName("model-1").build();
        EmbeddingModel decorated = decorate(ScriptedEmbeddingModel.builder()
                .provider(ModelProvider.OPEN_AI)
                .modelName("model-1")
                .defaultRequestParameters(parameters)
                .build());
        Rule rule = rule(
                "provider(), modelName() and defaultRequestParameters() are those of the delegate",
                "telemetry names no model, and vectors of two models look as if they came from one");
        rule.expect(ModelProvider.OPEN_AI, decorated.provider());
        rule.expect("model-1", decorated.modelName());
        rule.expect(parameters, decorated.defaultRequestParameters());
    }

    /** The listeners of the delegate are notified once per call and once per error. */
    @Test
    public void listenersOfTheDelegateAreNotifiedOnce() {
        CountingEmbeddingListener listener = new CountingEmbeddingListener();
        EmbeddingModel decorated = decorate(ScriptedEmbeddingModel.builder()
                .script(Script.of(Reply.text(""), Reply.error(new RateLimitException("slow down"))))
                .listeners(listener)
                .build());
        Rule rule = rule("listeners of the delegate are notified once per call and once per error", ONCE);
        rule.unharmed(() -> decorated.embed("hello"));
        rule.expect(CountingListener.counts(1, 1, 0), listener.toString());
        rule.thrownBy(() -> decorated.embed("hello"));
        rule.expect(CountingListener.counts(2, 1, 1), listener.toString());
    }

    /** An exception of the delegate arrives as it is. */
    @Test
    public void exceptionsOfTheDelegateArriveUnchanged() {
        EmbeddingModel decorated =
                decorate(ScriptedEmbeddingModel.of(Script.of(Reply.error(new RateLimitException("slow down")))));
        Rule rule = rule("an exception of the delegate arrives as it is", "callers tell retriable errors by type");
        Throwable thrown = rule.thrownBy(() -> decorated.embed("hello"));
        rule.expect(RateLimitException.class, thrown.getClass());
    }

    /** The metadata of segments given to {@code embedAll} reach a delegate that overrides it. */
    @Test
    public void metadataOfSegmentsReachTheDelegate() {
        Assumptions.assumeTrue(keepsSegmentMetadata(), "not promised");
        LegacyEmbeddingModel delegate = new LegacyEmbeddingModel();
        TextSegment segment = TextSegment.from("hello", Metadata.from("title", "Greetings"));
        decorate(delegate).embedAll(List.of(segment));
        rule(
                        "the metadata of segments given to embedAll reach a delegate that overrides it",
                        "some models embed the title of the document; an EmbeddingRequest carries only texts, so"
                                + " override embedAll and call the same method of the delegate")
                .expect(List.of(segment), List.copyOf(delegate.segments()));
    }

    /** Answers of concurrent calls are not mixed up. */
    @Test
    public void concurrentCallsAreNotMixedUp() {
        EmbeddingModel decorated = decorate(ScriptedEmbeddingModel.ofWords());
        EmbeddingModel plain = ScriptedEmbeddingModel.ofWords();
        List<String> mixed = Collections.synchronizedList(new ArrayList<>());
        Threads.run(8, thread -> {
            for (int i = 0; i < 50; i++) {
                String text = "word" + thread + " number" + i;
                if (!plain.embed(text).content().equals(decorated.embed(text).content())) {
                    mixed.add(text);
                }
            }
        });
        rule("concurrent calls get their own embeddings", "a model is shared by all threads of an application")
                .expect(mixed.isEmpty(), "others came for " + mixed);
    }

    private static Script words() {
        return Script.always(Reply.text(""));
    }

    /** The forms of {@code embed}. */
    private enum Form {
        REQUEST,
        TEXT,
        SEGMENT,
        SEGMENTS;

        Embedding call(EmbeddingModel model) {
            TextSegment segment = TextSegment.from("hello");
            return switch (this) {
                case REQUEST ->
                    model.embed(EmbeddingRequest.builder().input("hello").build())
                            .embeddings()
                            .get(0);
                case TEXT -> model.embed("hello").content();
                case SEGMENT -> model.embed(segment).content();
                case SEGMENTS -> model.embedAll(List.of(segment)).content().get(0);
            };
        }
    }
}
