package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is held for runs that are open. */
class RunTraceTest {

    /** Keeps track of runs. */
    private record Tracking(Runs runs) implements BoundaryInterceptor {
        @Override
        public @Nullable Object opened(Boundary boundary) {
            return runs.opened(boundary);
        }

        @Override
        public void closed(
                Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
            runs.closed(boundary, token, output, error);
        }

        @Override
        public void event(FmEvent event) {
            runs.event(event);
        }
    }

    @Test
    void of_what_was_retrieved_the_last_million_characters_are_kept() {
        RunTrace trace = new RunTrace();
        String one = "1".repeat(400_000);
        String two = "2".repeat(400_000);
        String three = "3".repeat(400_000);
        List.of(one, two, three).forEach(trace::retrieved);
        assertThat(trace.contents()).containsExactly(two, three);

        trace.retrieved("4".repeat(1_000_001));
        assertThat(trace.contents()).isEmpty();
    }

    @Test
    void of_what_was_retrieved_the_last_256_texts_are_kept_longest_first() {
        RunTrace trace = new RunTrace();
        IntStream.rangeClosed(1, 300).mapToObj("x"::repeat).forEach(trace::retrieved);
        assertThat(trace.contents()).hasSize(256).startsWith("x".repeat(300)).endsWith("x".repeat(45));
    }

    @Test
    void runs_that_are_more_than_can_be_kept_track_of_are_not_seen_and_the_others_are() {
        Tracking tracking = new Tracking(new Runs(new Changes(), segment -> "id", TimeSource.system(), 10));
        List<FmRun> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(FmRun.builder("job").id("r" + i).watch(tracking).open());
        }
        assertThat(all.stream().map(run -> tracking.runs().of(run.id())).filter(Objects::nonNull))
                .hasSize(10);

        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).close();
        }
        assertThat(all.stream().map(run -> tracking.runs().of(run.id())).filter(Objects::nonNull))
                .isEmpty();
    }

    private static WeakReference<Entry> givenOneThatGoes(RunTrace trace) {
        Entry entry = KnownQuestionsStressTest.entry("x".repeat(1_000));
        trace.given(entry);
        assertThat(trace.answers()).containsExactly(entry);
        return new WeakReference<>(entry);
    }

    @Test
    @SuppressWarnings("CallToSystemGC") // what nothing holds goes with a collection
    void answers_that_the_cache_has_dropped_are_not_held_for_a_run_that_goes_on() {
        RunTrace around = new RunTrace();
        RunTrace trace = new RunTrace(around);
        WeakReference<Entry> entry = givenOneThatGoes(trace);
        for (int i = 0; i < 100 && entry.get() != null; i++) {
            System.gc();
        }
        assertThat(entry.get()).isNull();
        assertThat(trace.answers()).isEmpty();
        assertThat(around.answers()).isEmpty();
    }

    @Test
    void what_a_run_has_found_the_runs_inside_of_it_have_found_too_and_the_other_way_round() {
        RunTrace outer = new RunTrace();
        RunTrace inner = new RunTrace(outer);
        outer.found("handbook", Set.of("fees"), 3);
        outer.retrieved("Transfers are free of charge.");
        assertThat(inner.foundAgain("handbook", Set.of("fees"))).isEqualTo(3);
        assertThat(inner.contents()).containsExactly("Transfers are free of charge.");

        inner.found("handbook", Set.of("cards"), 5);
        inner.retrieved("Cards are blue.");

        Set<Dependency> both =
                Set.of(Dependency.document("handbook", "fees"), Dependency.document("handbook", "cards"));
        assertThat(inner.hasFound(both)).isTrue();
        assertThat(outer.hasFound(both)).isTrue();
        assertThat(outer.foundAgain("handbook", Set.of("fees"))).isNull();
        assertThat(outer.foundAgain("handbook", Set.of("fees", "cards"))).isEqualTo(3);
        assertThat(outer.contents()).containsExactly("Transfers are free of charge.", "Cards are blue.");
        assertThat(new RunTrace().hasFound(both)).isFalse();

        inner.told(Dependency.document("wiki", "7"), 9);
        assertThat(outer.hasFound(Set.of(Dependency.document("wiki", "7")))).isTrue();
    }
}
