package io.fmware.cost;

import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmCall;
import io.fmware.PerModel;
import org.jspecify.annotations.Nullable;

/** An estimator of ours, which can be asked before there is a call. Thread-safe. */
abstract class Estimating implements TokenEstimator {
    private final PerModel<ModelTokens> models;

    Estimating() {
        this(ModelTokens.USUAL_OUTPUT);
    }

    Estimating(long usualOutput) {
        this.models = PerModel.of(model -> new ModelTokens(usualOutput));
    }

    final ModelTokens model(Asked asked) {
        return models.of(asked.model());
    }

    /** The exact number of tokens, {@code null} where it is not known. */
    @Nullable
    ExactCount exact(Asked asked) {
        return null;
    }

    final long input(Asked asked) {
        ExactCount exact = exact(asked);
        return exact != null ? exact.tokens() : model(asked).input(asked.features());
    }

    final long inputAtMost(Asked asked) {
        ExactCount exact = exact(asked);
        return exact != null ? exact.atMost() : model(asked).inputAtMost(asked.features());
    }

    final long output(Asked asked) {
        if (!asked.isChat()) {
            return 0;
        }
        Long most = asked.maxOutput();
        return most != null ? most : model(asked).output();
    }

    @Override
    public final long input(FmCall call) {
        return input(Asked.of(call));
    }

    @Override
    public final long inputAtMost(FmCall call) {
        return inputAtMost(Asked.of(call));
    }

    @Override
    public final long inputAtLeast(FmCall call) {
        Asked asked = Asked.of(call);
        ExactCount exact = exact(asked);
        return exact != null ? exact.tokens() : ModelTokens.inputAtLeast(asked.features());
    }

    @Override
    public final long output(FmCall call) {
        return output(Asked.of(call));
    }

    @Override
    public final void learn(FmCall call, TokenUsage reported) {
        Asked asked = Asked.of(call);
        Features features = asked.features();
        ExactCount exact = exact(asked);
        ModelTokens model = model(asked);
        long estimated = exact != null ? exact.tokens() : model.input(features);
        model.learn(features, estimated, asked.maxOutput() != null, reported);
    }

    /** Says that a call was refused for what it is estimated to take. */
    final void refused(FmCall call) {
        model(Asked.of(call)).refused();
    }

    @Override
    public final EstimateError error(String model) {
        ModelTokens known = models.all().get(model);
        return known == null ? EstimateError.UNKNOWN : known.error();
    }
}
