package io.fmware.benchmarks;

import io.fmware.stats.NormalQuantile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The rule of vCache, written again after its published code (github.com/vcache-project/vCache, VerifiedDecisionPolicy of
 * 2026-07-18; L. G. Schroeder and others, "vCache: Verified Semantic Prompt Caching"): each entry has a logistic curve of its
 * own over similarity, fitted to the labels that the entry got, and the model is asked with the probability that the
 * uncertainty of the curve demands. Only requests whose label is "not the same" become entries.
 */
final class VCachePolicy implements ServingPolicy {
    private static final int LEAST_LABELS = 6;
    private static final int GRID = 50;

    /** Of the curve's midpoint, by number of labels from 6 on, where similarity separates the labels. */
    private static final double[] SEPARATED = {
        0.035445, 0.028285, 0.026436, 0.021349, 0.019371, 0.012615, 0.011433, 0.010228, 0.009963, 0.009253, 0.011674,
        0.013015, 0.010897, 0.011841, 0.013081, 0.010585, 0.014255, 0.012058, 0.013002, 0.011715, 0.00839, 0.008839,
        0.010628, 0.009899, 0.008033, 0.00457, 0.007335, 0.008932, 0.00729, 0.007445, 0.00761, 0.011423, 0.011233,
        0.006783, 0.005233, 0.00872, 0.010005, 0.01199, 0.00977, 0.01891, 0.01513, 0.02109, 0.01531
    };

    /** A label: how similar, and whether the answer was the same. */
    private record Label(double similarity, boolean same) {}

    /** A fitted curve: where it is one half, how steep it is there, and how uncertain the first of the two is. */
    private record Curve(double middle, double steepness, double deviation) {}

    private final double bound;
    private final RandomGenerator random;
    private final Map<Integer, List<Label>> labels = new HashMap<>();
    private final Map<Integer, Curve> curves = new HashMap<>();

    VCachePolicy(double bound, RandomGenerator random) {
        this.bound = bound;
        this.random = random;
    }

    @Override
    public int serve(float[] similarities, int[] entries, int[] answers, int count) {
        if (count == 0) {
            return -1;
        }
        List<Label> seen = labels(entries[0]);
        return seen.size() >= LEAST_LABELS
                        && random.nextDouble()
                                > asking(
                                        rounded(similarities[0]),
                                        curves.computeIfAbsent(entries[0], entry -> fitted(seen)))
                ? 0
                : -1;
    }

    @Override
    public boolean learn(float[] similarities, int[] entries, boolean[] same, int count) {
        if (count == 0) {
            return true;
        }
        labels(entries[0]).add(new Label(rounded(similarities[0]), same[0]));
        curves.remove(entries[0]);
        return !same[0];
    }

    /** Each entry starts with two labels that nobody gave. */
    private List<Label> labels(int entry) {
        return labels.computeIfAbsent(entry, each -> new ArrayList<>(List.of(new Label(0, false), new Label(1, true))));
    }

    private static double rounded(double similarity) {
        return Math.rint(similarity * 1000) / 1000;
    }

    private double asking(double similarity, Curve curve) {
        double least = 1;
        for (int i = 0; i < GRID; i++) {
            double doubt = 1e-6 + i * (1 - 2e-6) / (GRID - 1);
            double middle = Math.max(0, Math.min(1, curve.middle + NormalQuantile.of(1 - doubt) * curve.deviation));
            double right = (1 - doubt) * logistic(curve.steepness * (similarity - middle));
            least = Math.min(least, 1 - bound / (1 - right));
        }
        return least;
    }

    /** Maximum likelihood by Newton's method; where the labels are separated it ends as soon as the gradient is as good as 0. */
    private static Curve fitted(List<Label> labels) {
        double intercept = 0;
        double slope = 0;
        double a = 0;
        double b = 0;
        double c = 0;
        for (int round = 0; round < 60; round++) {
            double first = 0;
            double second = 0;
            a = 1e-12;
            b = 0;
            c = 1e-12;
            for (Label label : labels) {
                double same = logistic(intercept + slope * label.similarity);
                double error = (label.same ? 1 : 0) - same;
                double spread = same * (1 - same);
                first += error;
                second += error * label.similarity;
                a += spread;
                b += spread * label.similarity;
                c += spread * label.similarity * label.similarity;
            }
            if (Math.max(Math.abs(first), Math.abs(second)) <= 1e-8 * labels.size()) {
                break;
            }
            double determinant = a * c - b * b;
            intercept += (c * first - b * second) / determinant;
            slope += (a * second - b * first) / determinant;
        }
        double steepness = Math.max(slope, 1e-6);
        double middle = Math.max(0, Math.min(1, -intercept / steepness));
        double byIntercept = -1 / steepness;
        double bySlope = intercept / (steepness * steepness);
        double variance = separated(labels)
                ? SEPARATED[Math.min(labels.size() - LEAST_LABELS, SEPARATED.length - 1)]
                : (byIntercept * byIntercept * c - 2 * byIntercept * bySlope * b + bySlope * bySlope * a)
                        / (a * c - b * b);
        return new Curve(middle, steepness, Math.sqrt(Math.max(0, variance)));
    }

    private static boolean separated(List<Label> labels) {
        double leastSame = 1;
        double mostOther = 0;
        for (Label label : labels) {
            if (label.same) {
                leastSame = Math.min(leastSame, label.similarity);
            } else {
                mostOther = Math.max(mostOther, label.similarity);
            }
        }
        return leastSame > mostOther;
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
