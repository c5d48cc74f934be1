package io.fmware.benchmarks;

import io.fmware.cache.CachedStream;
import io.fmware.cache.GatedServing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How many of BANKING77's questions the cache answers itself, and how many of these answers are wrong.
 *
 * <p>The protocol, fixed before the gate was tuned: the stream is all of test.csv and train.csv (13,083 questions), in 20
 * random orders, of the seeds 1 to 20, to a cache that is empty at first; hits and wrong answers count from the first request
 * on, and both are parts of all requests. Two questions have the same right answer where their intent is the same. The bound
 * holds in an order if the wrong answers at its end are no more than the bound allows. The gate and its score were tuned on
 * train.csv alone, in orders of other seeds, and the guards on other data; the figures of {@code .test} play test.csv alone, of
 * which tuning saw nothing.
 */
final class BankingFigures implements FigureGroup {
    private static final String NAME = "cache.banking77";
    private static final String UNGUARDED = NAME + ".base.unguarded";
    private static final String TEST = "banking77/test.csv";
    private static final String TRAIN = "banking77/train.csv";
    private static final int ORDERS = 20;

    /**
     * What is played.
     *
     * @param policy who decides, in words
     * @param all whether all questions are asked, or those of the test alone
     * @param bound which part of the requests may be answered wrongly, 1 for any
     * @param by plays the first so many questions in the order of a seed
     */
    private record Play(String policy, boolean all, double bound, Player by) {}

    /** Plays questions. */
    private interface Player {
        BankingStream.Outcome play(Bank bank, int first, long seed);
    }

    /** The questions, and what plays them. */
    private record Bank(BankingQuestions questions, Map<String, float[]> vectors, BankingStream stream) {}

    private static final Map<String, Play> PLAYS = new LinkedHashMap<>();

    static {
        PLAYS.put(NAME, cache(true, 0.01));
        PLAYS.put(NAME + ".bound2", cache(true, 0.02));
        PLAYS.put(NAME + ".bound5", cache(true, 0.05));
        PLAYS.put(NAME + ".test", cache(false, 0.01));
        PLAYS.put(NAME + ".test.bound2", cache(false, 0.02));
        PLAYS.put(NAME + ".test.bound5", cache(false, 0.05));
        PLAYS.put(
                UNGUARDED,
                policy("the gate without guards", 0.01, seed -> new GatedServing(0.01, new SplittableRandom(-seed))));
        PLAYS.put(NAME + ".base.static95", fixed(0.95));
        PLAYS.put(NAME + ".base.static90", fixed(0.90));
        PLAYS.put(NAME + ".base.static85", fixed(0.85));
        PLAYS.put(
                NAME + ".peer.vcache",
                policy(
                        "vCache, after its published code",
                        0.01,
                        seed -> new VCachePolicy(0.01, new SplittableRandom(-seed))));
    }

    /** Counted in the plays of the same bounds. */
    private static final Map<String, String> HELD = Map.of(
            NAME + ".held", NAME,
            NAME + ".bound2.held", NAME + ".bound2",
            NAME + ".bound5.held", NAME + ".bound5");

    private static final String WRONG_PER_HIT = NAME + ".wrong.per.hit";

    private static Play cache(boolean all, double bound) {
        return new Play("the whole cache, guards included", all, bound, (bank, first, seed) -> {
            try (CachedStream cache = new CachedStream(bank.vectors, bound, new SplittableRandom(-seed))) {
                return BankingStream.play(bank.questions, first, seed, cache);
            }
        });
    }

    private static Play policy(String who, double bound, LongFunction<ServingPolicy> bySeed) {
        return new Play(who, true, bound, (bank, first, seed) -> bank.stream.play(first, seed, bySeed.apply(seed)));
    }

    private static Play fixed(double threshold) {
        return policy("similarity of at least " + threshold, 1, seed -> new ServingPolicy.Static(threshold));
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(PLAYS.keySet());
        names.addAll(List.of(NAME + ".held", NAME + ".bound2.held", NAME + ".bound5.held", WRONG_PER_HIT));
        return names;
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws IOException {
        Optional<Path> test = PublicData.file(TEST);
        Optional<Path> train = PublicData.file(TRAIN);
        if (test.isEmpty() || train.isEmpty()) {
            wanted.forEach(name -> output.skip(name, PublicData.missing(test.isEmpty() ? TEST : TRAIN)));
            return;
        }
        BankingQuestions read = BankingQuestions.read(test.get(), train.get(), output.rest());
        output.rest().println("comparing " + read.size() + " questions with each other");
        Map<String, float[]> vectors = new HashMap<>();
        for (int i = 0; i < read.size(); i++) {
            vectors.put(read.texts().get(i).strip(), read.vectors()[i]);
        }
        Bank bank = new Bank(read, vectors, new BankingStream(read.intents(), new NearestQuestions(read.vectors())));
        Map<String, List<BankingStream.Outcome>> played = new LinkedHashMap<>();
        for (String name : names()) {
            if (wanted.contains(name)) {
                String source = HELD.getOrDefault(name, name.equals(WRONG_PER_HIT) ? NAME : name);
                Play play = PLAYS.get(source);
                List<BankingStream.Outcome> outcomes = played.computeIfAbsent(source, each -> {
                    output.rest().println("playing " + each);
                    return play(bank, play.all ? read.size() : read.tested(), play);
                });
                output.print(figure(name, play, outcomes));
                if (name.equals(NAME) || name.equals(UNGUARDED)) { // which the picture of the page shows
                    output.rest().println(curve(outcomes));
                }
            }
        }
    }

    private static List<BankingStream.Outcome> play(Bank bank, int questions, Play play) {
        return LongStream.rangeClosed(1, ORDERS)
                .parallel()
                .mapToObj(seed -> play.by.play(bank, questions, seed))
                .toList();
    }

    private static Figure figure(String name, Play play, List<BankingStream.Outcome> outcomes) {
        double hits = mean(
                outcomes.stream().mapToDouble(BankingStream.Outcome::hitRate).toArray());
        double wrong = mean(
                outcomes.stream().mapToDouble(BankingStream.Outcome::wrongRate).toArray());
        long held =
                outcomes.stream().filter(outcome -> outcome.holds(play.bound)).count();
        String conditions = Jdk.running() + "; " + outcomes.get(0).requests() + " questions in " + ORDERS + " orders; "
                + play.policy + (play.bound < 1 ? ", bound " + percent(play.bound) + ", held in " + held : "")
                + "; hits "
                + range(outcomes.stream()
                        .mapToDouble(BankingStream.Outcome::hitRate)
                        .toArray())
                + "; wrong of all requests "
                + range(outcomes.stream()
                        .mapToDouble(BankingStream.Outcome::wrongRate)
                        .toArray());
        if (HELD.containsKey(name)) {
            return new Figure(name, held, "orders", conditions);
        }
        return new Figure(name, 100 * (name.equals(WRONG_PER_HIT) ? wrong / hits : hits), "%", conditions);
    }

    /** What was served, and wrongly, until each tenth of the stream. */
    private static String curve(List<BankingStream.Outcome> outcomes) {
        StringBuilder text = new StringBuilder("requests\thits %\twrong %");
        int points = outcomes.get(0).hits().length;
        IntStream.range(0, points).forEach(i -> {
            double requests = outcomes.get(0).requests() * (i + 1.0) / points;
            double hits = mean(
                    outcomes.stream().mapToDouble(o -> o.hits()[i] / requests).toArray());
            double wrong = mean(
                    outcomes.stream().mapToDouble(o -> o.wrong()[i] / requests).toArray());
            text.append(String.format(Locale.ROOT, "%n%.0f\t%.2f\t%.3f", requests, 100 * hits, 100 * wrong));
        });
        return text.toString();
    }

    private static String range(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return percent(mean(values)) + " (" + percent(sorted[0]) + " to " + percent(sorted[sorted.length - 1]) + ")";
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * part);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
