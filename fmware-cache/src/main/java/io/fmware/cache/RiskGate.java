package io.fmware.cache;

import io.fmware.stats.RateAlarm;
import io.fmware.stats.RateBound;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Decides which answers of a semantic cache are served, so that no more than a given part of all requests gets a wrong one.
 *
 * <p>Each request whose model was asked, although there was a candidate in the cache, gives a label for free: the fresh answer is
 * the same as the candidate's, or not. From them the gate learns how often a score is wrong, and serves from the lowest score on
 * whose risk is bounded. A part of the requests that could be served is asked for nevertheless, drawn by chance, as otherwise
 * nothing would ever be known about those that are served. That part grows, up to all, with the evidence that the served are
 * wrong too often. What users say of an answer is no label: they are no sample drawn by chance.
 *
 * <h2>How</h2>
 *
 * <p>Scores are sorted into bins, by their log-odds. Whether a request is labelled depends on its bin, on chance and on what
 * was before, but not on its answer, so the labels of a bin tell the error rate of the whole bin, served or not; weighting each
 * bin by its part of all requests (post-stratification) does what weighting each label by its inverse probability would do,
 * with less variance. The risk of a threshold is the sum over the bins above it, of the bin's part of the requests times its
 * error rate; its upper bound is that of {@link RateBound}. Bins with few labels are taken together with their neighbour below,
 * whose errors, which are more frequent, they then share, until one more wrong answer would move the risk by no more than a
 * {@value #STEPS}th of what is allowed. The threshold goes down, bin after bin, as long as the upper bound is within what is
 * allowed. Where a wrong answer has a price, that is one more condition: the upper bound, divided by the part of the requests
 * above the threshold, bounds how often what is served is wrong, and that must {@linkplain Costs pay}.
 *
 * <p>Labels are forgotten: a bin remembers about so many of the last ones that one of them alone moves the risk by no more than
 * that {@value #STEPS}th, and the parts of the bins are those of about the last {@value #REQUESTS} requests. If the verified
 * ones among the served are wrong more often than allowed, {@link RateAlarm} raises an alarm, all labels are forgotten, and
 * nothing is served until there is new evidence.
 *
 * <h2>What holds and what does not</h2>
 *
 * <p>The bound of one look holds with 95 % confidence where the error rate of a bin does not change, does not differ inside it,
 * and does not rise with the score. As the threshold is looked at again with each label, the confidence for all looks together
 * is smaller: to serve from the first threshold within the bound is a heuristic, tested on recorded and made-up streams. What
 * makes up for it is that nothing is served at the start, and that the bound, not the estimate, is held to what is allowed. The
 * alarm is exact: as long as the served are wrong no more often than allowed, {@value #PATIENCE} verified requests pass on
 * average until it is raised falsely. Between a change for the worse and the alarm wrong answers are served, and nothing bounds
 * them but the alarm; the fewer are verified, the longer it takes. Who does not label some requests because of what they ask
 * (failed calls, say), biases the rates.
 *
 * <p>Memory and time of a decision do not grow with the number of requests. Thread-safe; the random numbers are drawn under the
 * lock.
 */
final class RiskGate {
    /** The part of what could be served that is verified while there is no evidence against it. */
    static final double VERIFIED = 0.05;

    /**
     * Of the first requests that could be served more are verified: of the n-th one the part EARLY / (EARLY + n). Requests may
     * come in phases, of which the first says little of the next. It falls below the part above after 380 and costs some 60 hits.
     */
    private static final double EARLY = 20;

    private static final double CONFIDENCE = 0.95;
    private static final int STEPS = 20;
    private static final int REQUESTS = 4096;
    private static final int PATIENCE = 1000;

    /** Bins are an eighth wide in log-odds, from a score of 0.018 to one of 0.99995; beyond, scores share the outermost bins. */
    private static final int BINS = 112;

    private static final double WIDTH = 0.125;
    private static final double LOWEST = -4;

    /** Before the weight of a request gets too large for a double. */
    private static final double RESCALE = 1e100;

    /** What to do with a request that has a candidate. */
    enum Decision {
        /** Answer with the candidate. */
        SERVE,
        /** Ask the model, although the candidate could have been served, and compare. */
        VERIFY,
        /** Ask the model, and compare. */
        ASK
    }

    private final double bound;
    private final Costs costs;
    private final RandomGenerator random;
    private final RateBound rateBound = RateBound.at(CONFIDENCE);
    private final RateAlarm alarm = RateAlarm.of(PATIENCE);
    private final ReentrantLock lock = new ReentrantLock();

    /** By bin: requests, each worth less the older it is, and labels, and the wrong ones among them. */
    private final double[] mass = new double[BINS];

    private final double[] labelled = new double[BINS];
    private final double[] wrong = new double[BINS];
    private double total;
    private double weight = 1;

    /** The lowest bin that is served. */
    private int lowest = BINS;

    private double risk;
    private double upper;
    private long requests;
    private long labels;
    private long served;
    private long verified;
    /** Requests that could be served, since the start or the last alarm. */
    private long servable;

    private int alarms;

    /**
     * A gate that knows nothing, and serves nothing.
     *
     * @param bound the part of all requests that may be answered wrongly; above 0 and below 1
     * @param costs what a wrong answer may cost
     * @param random draws what is verified; used by one thread at a time
     */
    RiskGate(double bound, Costs costs, RandomGenerator random) {
        if (!(bound > 0 && bound < 1)) {
            throw new IllegalArgumentException("a bound on errors is above 0 and below 1, and not " + bound);
        }
        this.bound = bound;
        this.costs = costs;
        this.random = random;
    }

    /** Counts a request that has no candidate: it is one of those that may not be answered wrongly, and is not. */
    void noCandidate() {
        lock.lock();
        try {
            count(0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Decides on a request that has a candidate.
     *
     * @param score how good the candidate is, from 0 to 1; what is not a number is 0
     */
    Decision decide(double score) {
        lock.lock();
        try {
            int bin = bin(score);
            count(bin);
            if (bin < lowest) {
                return Decision.ASK;
            }
            double early = EARLY / (EARLY + servable++);
            if (random.nextDouble() < Math.max(early, VERIFIED * Math.max(1, alarm.evidence()))) {
                verified++;
                return Decision.VERIFY;
            }
            served++;
            return Decision.SERVE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Learns from a request whose model was asked. If it gave no answer, there is nothing to learn.
     *
     * @param score that of the candidate
     * @param decision what was decided; a served request has no label and is refused
     * @param same whether the candidate's answer is the same as the fresh one
     */
    void learn(double score, Decision decision, boolean same) {
        if (decision == Decision.SERVE) {
            throw new IllegalArgumentException("a served request has no fresh answer to learn from");
        }
        lock.lock();
        try {
            labels++;
            if (decision == Decision.VERIFY && alarm.observe(allowedOfServed(), !same)) {
                alarms++;
                alarm.reset();
                servable = 0;
                Arrays.fill(labelled, 0);
                Arrays.fill(wrong, 0);
            }
            int bin = bin(score);
            double remembered = STEPS / bound;
            if (labelled[bin] >= remembered) {
                labelled[bin] *= 1 - 1 / remembered;
                wrong[bin] *= 1 - 1 / remembered;
            }
            labelled[bin]++;
            wrong[bin] += same ? 0 : 1;
            choose();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is known now.
     *
     * @param questions how many questions are known, which the gate does not count
     */
    SemanticStats stats(int questions) {
        lock.lock();
        try {
            double threshold = lowest == BINS ? Double.POSITIVE_INFINITY : lowest == 0 ? 0 : edge(lowest);
            return new SemanticStats(
                    bound, threshold, risk, upper, requests, labels, served, verified, alarms, questions);
        } finally {
            lock.unlock();
        }
    }

    private void count(int bin) {
        requests++;
        weight *= 1 + 1.0 / REQUESTS;
        mass[bin] += weight;
        total += weight;
        if (weight > RESCALE) {
            for (int i = 0; i < BINS; i++) {
                mass[i] /= weight;
            }
            total = Arrays.stream(mass).sum();
            weight = 1;
        }
    }

    /** The error rate of those that are served at which the bound on all requests is just held. */
    private double allowedOfServed() {
        double above = 0;
        for (int bin = lowest; bin < BINS; bin++) {
            above += mass[bin];
        }
        return above > 0 ? bound * total / above : 1;
    }

    /** From the best bin down: the lowest one for which the bound holds for all that is above it, and serving that pays. */
    private void choose() {
        lowest = BINS;
        risk = 0;
        upper = 0;
        if (total == 0) {
            return;
        }
        Sum closed = new Sum(0, 0, 0);
        double share = 0;
        double part = 0;
        double seen = 0;
        double bad = 0;
        for (int bin = BINS - 1; bin >= 0; bin--) {
            if (mass[bin] == 0 && labelled[bin] == 0) {
                continue;
            }
            share += mass[bin] / total;
            part += mass[bin] / total;
            seen += labelled[bin];
            bad += wrong[bin];
            double each = part / Math.max(1, seen);
            Sum sum = closed.and(each, bad);
            double above = rateBound.upper(sum.rate, sum.variance, sum.largest);
            boolean enough = seen > 0 && each <= bound / STEPS;
            if (above <= bound && costs.paysToServe(share > 0 ? Math.min(1, above / share) : 1)) {
                lowest = bin;
                risk = sum.rate;
                upper = above;
            } else if (enough) {
                return;
            }
            if (enough) {
                closed = sum;
                part = 0;
                seen = 0;
                bad = 0;
            }
        }
    }

    /** Sums over strata, as {@link RateBound} wants them. */
    private record Sum(double rate, double variance, double largest) {

        Sum and(double each, double count) {
            return new Sum(rate + each * count, variance + each * each * count, Math.max(largest, each));
        }
    }

    private static int bin(double score) {
        double odds = Math.log(score / (1 - score));
        return (int) Math.max(0, Math.min(BINS - 1, Math.floor((odds - LOWEST) / WIDTH)));
    }

    private static double edge(int bin) {
        return 1 / (1 + Math.exp(-(LOWEST + bin * WIDTH)));
    }
}
