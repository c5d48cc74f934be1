package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The rule that stops early against all that could still come. */
class BallotsPropertyTest {

    /** The first sample with the answer that is given most often; -1 where there is none, or it has too few votes. */
    private static int winner(List<Integer> samples, int needed) {
        Map<Integer, Integer> votes = new LinkedHashMap<>();
        samples.forEach(each -> {
            if (each >= 0) {
                votes.merge(each, 1, Integer::sum);
            }
        });
        int most = votes.values().stream().mapToInt(each -> each).max().orElse(0);
        if (most < needed) {
            return -1;
        }
        for (int i = 0; i < samples.size(); i++) {
            if (samples.get(i) >= 0 && votes.get(samples.get(i)) == most) {
                return samples.get(i);
            }
        }
        return -1;
    }

    private static List<Integer> random(Random random, int size, int answers) {
        List<Integer> samples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            samples.add(random.nextInt(answers + 1) - 1); // -1 is a failure
        }
        return samples;
    }

    /** Whether every way to fill up what is missing has one outcome. */
    private static boolean isCertain(List<Integer> known, int needed, int answers) {
        List<List<Integer>> all = new ArrayList<>(List.of(known));
        while (all.get(0).contains(null)) {
            List<List<Integer>> more = new ArrayList<>();
            for (List<Integer> each : all) {
                for (int answer = -1; answer <= answers; answer++) { // one that nobody gave so far included
                    List<Integer> filled = new ArrayList<>(each);
                    filled.set(each.indexOf(null), answer);
                    more.add(filled);
                }
            }
            all = more;
        }
        return all.stream().map(each -> winner(each, needed)).distinct().count() == 1;
    }

    @Property(tries = 300)
    void it_stops_exactly_when_nothing_that_comes_can_change_what_wins(
            @ForAll @IntRange(min = 3, max = 6) int planned,
            @ForAll @IntRange(min = 1, max = 6) int needed,
            @ForAll long seed) {
        Random random = new Random(seed);
        int bound = Math.min(needed, planned);
        List<Integer> samples = random(random, planned, 3);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < planned; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random); // samples come in in any order
        Ballots ballots = new Ballots(planned, bound, Vote.exact(), 1);
        List<Integer> known = new ArrayList<>(Collections.nCopies(planned, null));
        for (int each : order) {
            int answer = samples.get(each);
            known.set(each, answer);
            if (answer < 0) {
                ballots.spoil(each + 1);
            } else {
                ballots.count(each + 1, "answer " + answer);
            }
            assertThat(ballots.isDecided())
                    .as("of %s with %s needed", known, bound)
                    .isEqualTo(isCertain(known, bound, 3));
        }
        int expected = winner(samples, bound);
        assertThat(ballots.isEnough() ? samples.get(ballots.leading() - 1) : -1).isEqualTo(expected);
    }

    @Property(tries = 500)
    void asked_one_after_the_other_no_wave_asks_for_more_than_it_takes(
            @ForAll @IntRange(min = 3, max = 12) int planned, @ForAll long seed) {
        List<Integer> samples = random(new Random(seed), planned, 3);
        Ballots waves = new Ballots(planned, 1, Vote.exact(), 1);
        int asked = 0;
        while (!waves.isDecided()) {
            int more = waves.toDecide();
            for (int i = 0; i < more; i++) {
                assertThat(waves.isDecided()).as("before the last of a wave").isFalse();
                count(waves, samples, asked++);
            }
        }
        Ballots single = new Ballots(planned, 1, Vote.exact(), 1);
        int needed = 0;
        while (!single.isDecided()) {
            count(single, samples, needed++);
        }
        assertThat(asked).isEqualTo(needed);
        assertThat(waves.leading()).isEqualTo(single.leading());
    }

    private static void count(Ballots ballots, List<Integer> samples, int index) {
        if (samples.get(index) < 0) {
            ballots.spoil(index + 1);
        } else {
            ballots.count(index + 1, "answer " + samples.get(index));
        }
    }
}
