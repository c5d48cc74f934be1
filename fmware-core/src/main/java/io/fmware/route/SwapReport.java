package io.fmware.route;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ModelSwap} did. Immutable.
 *
 * @param outcome how it ended
 * @param from the name of the model that answered before
 * @param to the name of the model that was to answer after
 * @param cases what the new model made of the cases, in order
 * @param left how many calls the model that was taken out still had when the wait for them was over, 0 where it is drained
 */
public record SwapReport(Outcome outcome, String from, String to, List<CaseResult> cases, int left) {

    /** How a swap ended. */
    public enum Outcome {
        /** The new model answers all calls. */
        SWAPPED,
        /** The new model answers a share of the calls. */
        ON_TRIAL,
        /** The new model did not pass, and answers none. */
        REFUSED,
        /** The model of before answers all calls again. */
        ROLLED_BACK
    }

    /**
     * What a model made of one case.
     *
     * @param name the name of the case
     * @param passed whether it did
     * @param reason why not, {@code null} where it did
     */
    public record CaseResult(
            String name, boolean passed, @Nullable String reason) {}

    /**
     * Keeps a copy.
     *
     * @param outcome how it ended
     * @param from the name of the model that answered before
     * @param to the name of the model that was to answer after
     * @param cases what the new model made of the cases, in order
     * @param left how many calls the model that was taken out still had
     */
    public SwapReport {
        cases = List.copyOf(cases);
    }

    /**
     * Whether the model that was taken out has no call under way any more, so that it can be closed.
     *
     * @return true, too, where none was taken out
     */
    public boolean isDrained() {
        return left == 0;
    }

    /**
     * The part of the cases that the new model passed.
     *
     * @return from 0 to 1; 1 where there were none
     */
    public double passed() {
        return cases.isEmpty()
                ? 1
                : (double) cases.stream().filter(CaseResult::passed).count() / cases.size();
    }

    /**
     * Fails where the new model did not pass.
     *
     * @return this
     * @throws IllegalStateException if it was refused; the message is this report
     */
    public SwapReport orThrow() {
        if (outcome == Outcome.REFUSED) {
            throw new IllegalStateException(toString());
        }
        return this;
    }

    /** Such as {@code old -> new: REFUSED, 1 of 2 cases passed; "refund" failed: The answer is empty.} */
    @Override
    public String toString() {
        String count = cases.isEmpty()
                ? ""
                : ", " + cases.stream().filter(CaseResult::passed).count() + " of " + cases.size() + " cases passed";
        String failed = cases.stream()
                .filter(each -> !each.passed())
                .map(each -> "; \"" + each.name() + "\" failed: " + each.reason())
                .collect(Collectors.joining());
        return from + " -> " + to + ": " + outcome + count + failed
                + (left == 0 ? "" : "; " + left + " calls are still under way");
    }
}
