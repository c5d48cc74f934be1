package io.fmware.retry;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the votes of samples, and says when they decide. Ties go to the answer whose first sample has the smallest number, so
 * that what wins does not depend on the order in which samples come in. Not thread-safe.
 */
final class Ballots {
    private final int planned;
    private final int needed;
    private final Vote vote;
    private final double confidence;
    private final List<Answer> answers = new ArrayList<>();
    private final BitSet in = new BitSet();

    /** An answer and the samples that gave it. */
    private static final class Answer {
        private final String ballot;
        private int first;
        private int votes;

        Answer(String ballot, int first) {
            this.ballot = ballot;
            this.first = first;
        }
    }

    /**
     * @param needed the votes that the winner must have
     * @param confidence the confidence at which counting stops early, 1 for certainty
     */
    Ballots(int planned, int needed, Vote vote, double confidence) {
        this.planned = planned;
        this.needed = needed;
        this.vote = vote;
        this.confidence = confidence;
    }

    /** Counts what a sample says. */
    void count(int sample, String text) {
        String ballot = vote.ballot(text);
        Answer answer = answers.stream()
                .filter(each -> vote.same(each.ballot, ballot))
                .findFirst()
                .orElse(null);
        if (answer == null) {
            answer = new Answer(ballot, sample);
            answers.add(answer);
        }
        answer.votes++;
        answer.first = Math.min(answer.first, sample);
        in.set(sample);
    }

    /** A sample has no vote. */
    void spoil(int sample) {
        in.set(sample);
    }

    private @Nullable Answer leader() {
        return answers.stream()
                .min(Comparator.comparing((Answer each) -> -each.votes).thenComparing(each -> each.first))
                .orElse(null);
    }

    /** The sample whose answer leads, or -1 where there is none. */
    int leading() {
        Answer leader = leader();
        return leader == null ? -1 : leader.first;
    }

    int votes() {
        Answer leader = leader();
        return leader == null ? 0 : leader.votes;
    }

    int answers() {
        return answers.size();
    }

    private int left() {
        return planned - in.cardinality();
    }

    boolean isEnough() {
        return votes() >= needed;
    }

    /** Whether no sample that is still to come can change the outcome, or all are in. */
    boolean isDecided() {
        return left() == 0 || votes() + left() < needed || (isEnough() && (cannotBeOvertaken() || isProbable(0)));
    }

    private boolean cannotBeOvertaken() {
        Answer leader = leader();
        if (leader == null) {
            return false;
        }
        int left = left();
        int next = in.nextClearBit(1);
        return leader.votes > left - (leader.first < next ? 1 : 0)
                && answers.stream()
                        .filter(other -> other != leader)
                        .allMatch(other -> leader.votes > other.votes + left
                                || (leader.votes == other.votes + left
                                        && leader.first < (left == 0 ? other.first : Math.min(other.first, next))));
    }

    /** The fewest further samples after which the vote can be decided for an answer, at least 1. */
    int toDecide() {
        int left = left();
        for (int more = 1; more < left; more++) {
            boolean enough = votes() + more >= needed;
            // With ties for the leader: a bound from below, whatever the numbers of the samples.
            if (enough && (votes() + more >= second() + left - more || isProbable(more))) {
                return more;
            }
        }
        return Math.max(1, left);
    }

    private int second() {
        Answer leader = leader();
        return answers.stream()
                .filter(each -> each != leader)
                .mapToInt(each -> each.votes)
                .max()
                .orElse(0);
    }

    /**
     * The stopping rule of adaptive consistency (Aggarwal et al. 2023, section 3.2): with a uniform prior, the probability that
     * the leader is given more often than the runner-up, of their votes alone. That is a tail of a Beta distribution, and with
     * whole counts one of a binomial distribution.
     */
    private boolean isProbable(int more) {
        if (confidence >= 1 || (answers.isEmpty() && more == 0)) {
            return false;
        }
        int leading = votes() + more;
        int tosses = leading + second() + 1;
        double term = Math.pow(0.5, tosses);
        double sum = 0;
        for (int k = 0; k <= leading; k++) {
            sum += term;
            term = term * (tosses - k) / (k + 1);
        }
        return sum >= confidence;
    }
}
