package io.fmware.cost;

/** Learns of every model. */
final class LearningEstimator extends Estimating {

    LearningEstimator(long usualOutput) {
        super(usualOutput);
    }

    @Override
    public String toString() {
        return "TokenEstimator[learning]";
    }
}
