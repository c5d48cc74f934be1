package io.fmware.testing;

import dev.langchain4j.model.chat.Capability;
import java.util.Objects;

/**
 * What the builders of both extractive models can set.
 *
 * @param <B> the builder
 */
abstract class ExtractiveSettings<B extends ExtractiveSettings<B>> extends ChatSettings<B> {

    private String unknownAnswer = "I do not know.";
    private double minConfidence;
    private int maxSentences = 2;
    private String modelName = "extractive";

    ExtractiveSettings() {
        super(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    Extractor extractor() {
        return new Extractor(unknownAnswer, minConfidence, maxSentences, modelName);
    }

    /**
     * Sets what is answered when the context does not hold the answer; "I do not know." by default.
     *
     * @param answer the answer
     * @return this builder
     */
    public B unknownAnswer(String answer) {
        this.unknownAnswer = Objects.requireNonNull(answer, "answer");
        return self();
    }

    /**
     * Sets the confidence below which the model says that it does not know; 0 by default: any overlap will do.
     *
     * @param confidence the share of the weight of the question's terms that the answer holds, from 0 to 1
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public B minConfidence(double confidence) {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("minConfidence must be from 0 to 1, was " + confidence);
        }
        this.minConfidence = confidence;
        return self();
    }

    /**
     * Sets how many sentences an answer has at most; 2 by default.
     *
     * @param sentences at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    public B maxSentences(int sentences) {
        if (sentences < 1) {
            throw new IllegalArgumentException("maxSentences must be at least 1, was " + sentences);
        }
        this.maxSentences = sentences;
        return self();
    }

    /**
     * Sets the name of the model in its responses; {@code extractive} by default.
     *
     * @param modelName the name
     * @return this builder
     */
    public B modelName(String modelName) {
        this.modelName = Objects.requireNonNull(modelName, "modelName");
        return self();
    }
}
