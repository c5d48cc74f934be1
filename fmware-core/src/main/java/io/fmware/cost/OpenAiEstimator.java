package io.fmware.cost;

import java.util.Objects;

/** Counts in one vocabulary. */
final class OpenAiEstimator extends Estimating {
    private final String modelName;
    private final String encoding;

    @SuppressWarnings("FutureReturnValueIgnored") // a failure is told to who counts
    OpenAiEstimator(String modelName) {
        this.modelName = Objects.requireNonNull(modelName, "modelName");
        String encoding = OpenAiEncodings.nameFor(modelName);
        if (encoding == null) {
            throw new IllegalArgumentException("no vocabulary is known for the model '" + modelName
                    + "'; name one of OpenAI's, such as gpt-4o, or take TokenEstimator.learning()");
        }
        if (!OpenAiEncodings.isPresent()) {
            throw new IllegalStateException(
                    "jtokkit is not on the class path; add com.knuddels:jtokkit:1.1.0 to count the"
                            + " tokens of OpenAI's models, or take TokenEstimator.learning()");
        }
        this.encoding = encoding;
        OpenAiEncodings.load(encoding);
    }

    @Override
    ExactCount exact(Asked asked) {
        return asked.count(OpenAiEncodings.load(encoding).join());
    }

    @Override
    public String toString() {
        return "TokenEstimator[" + modelName + "]";
    }
}
