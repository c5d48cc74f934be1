package io.fmware.route;

import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Phase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Words requests for each model in its own way, whichever of {@link Routing}, {@link ModelSwap} and {@link Fallback} chose it. A
 * request to a model without a variant stays as it is.
 *
 * <p>It stands in the phase of validators, behind {@link Fallback}, so that it sees the model that is really asked; written
 * after {@link io.fmware.retry.Reprompting}, that of a strategy that asks another model too, and validators then see the
 * request as the user wrote it. Caches stand before it: they keep the answers of models apart, but not those of two variants
 * for one model. Thread-safe.
 */
public final class PromptVariants implements Interceptor {
    private final Map<String, PromptVariant> variants;
    private final @Nullable PromptVariant otherwise;
    private final String name;

    private PromptVariants(Builder builder) {
        this.variants = new LinkedHashMap<>(builder.variants);
        this.otherwise = builder.otherwise;
        this.name = builder.name;
    }

    /**
     * Starts without variants.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        PromptVariant variant = variant(call);
        return next.proceed(variant == null ? call : call.withRequest(variant.of(call.request())));
    }

    private @Nullable PromptVariant variant(FmCall call) {
        PromptVariant byTarget = variants.get(call.target().name());
        if (byTarget != null) {
            return byTarget;
        }
        PromptVariant byKey = variants.get(call.model());
        if (byKey != null) {
            return byKey;
        }
        String requested = call.request().modelName();
        String modelName = requested == null ? call.target().modelName() : requested;
        PromptVariant byModel = modelName == null ? null : variants.get(modelName);
        return byModel == null ? otherwise : byModel;
    }

    @Override
    public Phase phase() {
        return Phase.VALIDATE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "PromptVariants[" + name + ", on=" + variants.keySet() + "]";
    }

    /** Builds prompt variants. Not thread-safe; may be used again. */
    public static final class Builder {
        private final Map<String, PromptVariant> variants = new LinkedHashMap<>();
        private @Nullable PromptVariant otherwise;
        private String name = "promptVariants";

        private Builder() {}

        /**
         * Adds the variant for a model.
         *
         * @param model the name of its {@linkplain io.fmware.Target#name() target}, what {@link FmCall#model()} says, or the
         *     name by which its provider knows it; looked for in this order
         * @param variant the variant
         * @return this
         */
        public Builder on(String model, PromptVariant variant) {
            if (variants.putIfAbsent(Objects.requireNonNull(model, "model"), Objects.requireNonNull(variant, "variant"))
                    != null) {
                throw new IllegalArgumentException(
                        "there are two prompt variants for " + model + "; make one of them with and(..)");
            }
            return this;
        }

        /**
         * Sets the variant for all other models. By default there is none.
         *
         * @param variant the variant
         * @return this
         */
        public Builder otherwise(PromptVariant variant) {
            this.otherwise = Objects.requireNonNull(variant, "variant");
            return this;
        }

        /**
         * Names the interceptor. By default "promptVariants".
         *
         * @param own the name
         * @return this
         */
        public Builder named(String own) {
            this.name = Objects.requireNonNull(own, "name");
            return this;
        }

        /**
         * Builds the interceptor.
         *
         * @return the interceptor
         */
        public PromptVariants build() {
            return new PromptVariants(this);
        }
    }
}
