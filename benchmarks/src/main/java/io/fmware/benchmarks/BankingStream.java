package io.fmware.benchmarks;

import io.fmware.cache.CachedStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * Questions that come in one after the other, in a random order, to a cache that is empty at first. A served answer is right
 * where the question whose answer it is has the same intent. Where the model is asked, its answer is compared with those of the
 * neighbours, nearest first, and shares the number of the first that is the same.
 */
final class BankingStream {
    private static final int NEIGHBOURS = 10;
    private static final int POINTS = 10;

    private final int[] intents;
    private final NearestQuestions questions;

    BankingStream(int[] intents, NearestQuestions questions) {
        this.intents = intents;
        this.questions = questions;
    }

    /**
     * What became of a stream.
     *
     * @param requests how many there were
     * @param hits after each tenth of the stream, how many were served until then
     * @param wrong after each tenth of the stream, how many were served a wrong answer until then
     */
    record Outcome(int requests, int[] hits, int[] wrong) {

        double hitRate() {
            return (double) hits[POINTS - 1] / requests;
        }

        double wrongRate() {
            return (double) wrong[POINTS - 1] / requests;
        }

        boolean holds(double bound) {
            return wrong[POINTS - 1] <= bound * requests;
        }
    }

    /** Plays the first so many questions in the order of a seed. */
    Outcome play(int first, long seed, ServingPolicy policy) {
        int[] order = order(first, seed);
        BitSet entries = new BitSet(intents.length);
        int[] answer = new int[intents.length];
        int[] found = new int[NEIGHBOURS];
        int[] answers = new int[NEIGHBOURS];
        float[] similarities = new float[NEIGHBOURS];
        boolean[] same = new boolean[NEIGHBOURS];
        int[] hits = new int[POINTS];
        int[] wrong = new int[POINTS];
        int distinct = 0;
        for (int i = 0; i < first; i++) {
            int question = order[i];
            int count = questions.find(question, entries, similarities, found);
            int shared = -1;
            for (int n = count - 1; n >= 0; n--) {
                answers[n] = answer[found[n]];
                same[n] = intents[found[n]] == intents[question];
                shared = same[n] ? answers[n] : shared;
            }
            int served = policy.serve(similarities, found, answers, count);
            if (served >= 0) {
                int tenth = (int) ((long) i * POINTS / first);
                hits[tenth]++;
                wrong[tenth] += same[served] ? 0 : 1;
            } else if (policy.learn(similarities, found, same, count)) {
                entries.set(question);
                answer[question] = shared >= 0 ? shared : distinct++;
            }
        }
        Arrays.parallelPrefix(hits, Integer::sum);
        Arrays.parallelPrefix(wrong, Integer::sum);
        return new Outcome(first, hits, wrong);
    }

    /** Plays the first so many questions in the order of a seed, to the whole cache. */
    static Outcome play(BankingQuestions questions, int first, long seed, CachedStream cache) {
        int[] order = order(first, seed);
        int[] hits = new int[POINTS];
        int[] wrong = new int[POINTS];
        for (int i = 0; i < first; i++) {
            int question = order[i];
            CachedStream.Served served = cache.ask(
                    questions.texts().get(question), "intent " + questions.intents()[question]);
            int tenth = (int) ((long) i * POINTS / first);
            hits[tenth] += served == CachedStream.Served.NO ? 0 : 1;
            wrong[tenth] += served == CachedStream.Served.WRONGLY ? 1 : 0;
        }
        Arrays.parallelPrefix(hits, Integer::sum);
        Arrays.parallelPrefix(wrong, Integer::sum);
        return new Outcome(first, hits, wrong);
    }

    private static int[] order(int first, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[first];
        for (int i = 0; i < first; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }
}
