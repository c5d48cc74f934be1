package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Those who watch a run: how far they see, and what they may say of its end. */
class RunEndTest {
    private final Watching watching = new Watching();
    private final List<String> ended = new ArrayList<>();

    @AfterEach
    void no_run_is_left_on_this_thread() {
        assertThat(FmRun.current()).isNull();
        assertThat(FmRun.anyOpen()).isFalse();
    }

    /** Notes the end of runs, and throws then. */
    private final class Ending implements BoundaryInterceptor {
        private final String name;
        private final @Nullable RuntimeException thrown;
        private boolean last;

        Ending(String name, @Nullable RuntimeException thrown) {
            this.name = name;
            this.thrown = thrown;
        }

        @Override
        public void event(FmEvent event) {
            last = event instanceof FmEvent.RunEnded;
        }

        @Override
        public void ended(FmRun run) {
            FmRun.cross(BoundaryKind.CLOCK, "now", () -> 1); // what it does by itself is not told
            FmRun current = FmRun.current();
            ended.add(name + " of " + run.name() + (last ? ", after all else" : "") + ", in "
                    + (current == null ? "no run" : current.name()));
            if (thrown != null) {
                throw thrown;
            }
        }
    }

    @Test
    void the_end_of_a_run_is_told_to_all_and_the_first_exception_is_thrown() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        FmRun run = FmRun.builder("claim")
                .watch(new Ending("a", null))
                .watch(new Ending("b", first))
                .watch(new Ending("c", second))
                .watch(new Ending("d", first))
                .open();

        assertThatThrownBy(run::close).isSameAs(first).hasSuppressedException(second);

        assertThat(first.getSuppressed()).hasSize(1);
        assertThat(ended)
                .containsExactly(
                        "a of claim, after all else, in no run",
                        "b of claim, after all else, in no run",
                        "c of claim, after all else, in no run",
                        "d of claim, after all else, in no run");
        assertThatCode(run::close).doesNotThrowAnyException();
        assertThat(ended).hasSize(4);
        assertThat(run.dropped()).isZero();
    }

    @Test
    void what_a_watcher_throws_at_the_end_does_not_hide_why_a_boundary_outside_of_any_run_failed() {
        IllegalStateException atTheEnd = new IllegalStateException("at the end");
        IllegalArgumentException why = new IllegalArgumentException("why");
        Watchers own = Watchers.of(List.of(new Ending("a", atTheEnd)));

        assertThatThrownBy(() -> FmRun.cross(own, BoundaryKind.TOOL, "lookup", null, nothing -> {
                    throw why;
                }))
                .isSameAs(why)
                .hasSuppressedException(atTheEnd);
        assertThatThrownBy(() -> FmRun.cross(own, BoundaryKind.TOOL, "lookup", null, nothing -> "yes"))
                .isSameAs(atTheEnd);
        assertThat(ended).containsOnly("a of tool, after all else, in no run");
    }

    @Test
    void who_watches_a_run_watches_the_runs_that_are_opened_in_it_once_each() {
        try (FmPipeline pipeline = FmPipeline.builder().watch(watching).build();
                FmPipeline other = FmPipeline.builder().build()) {
            try (FmRun outer = FmRun.builder("outer").watch(watching).open()) {
                try (FmRun same = pipeline.run("same").open();
                        FmRun inner = other.run("inner").open()) {
                    FmRun.cross(BoundaryKind.TOOL, "lookup", () -> 17);
                    assertThat(inner.outer()).isSameAs(same);
                    assertThat(same.outer()).isSameAs(outer);
                }
            }
            try (FmRun alone = other.run("alone").open()) {
                assertThat(alone.outer()).isNull();
            }
        }

        assertThat(watching.crossed())
                .containsExactly(
                        "> outer",
                        "> same",
                        "> inner",
                        "> inner/tool:lookup#1",
                        "< inner/tool:lookup#1",
                        "< inner",
                        "< same",
                        "< outer");
    }

    @Test
    void who_watches_a_pipeline_does_not_watch_the_runs_of_others_that_are_opened_in_its_runs() {
        try (FmPipeline pipeline = FmPipeline.builder().watch(watching).build();
                FmRun outer = pipeline.run("outer").open();
                FmRun inner = FmRun.builder("inner").open()) {
            assertThat(inner.outer()).isSameAs(outer);
        }

        assertThat(watching.crossed()).containsExactly("> outer", "< outer");
    }

    @Test
    void what_went_in_is_told_where_a_boundary_has_no_event_of_its_own() {
        try (FmRun run = FmRun.builder("claim").watch(watching).open()) {
            FmRun.cross(BoundaryKind.ID, "ticket", "prefix", prefix -> prefix + "-17");
            assertThat(run.dropped()).isZero();
        }

        assertThat(watching.events())
                .filteredOn(FmEvent.Crossed.class::isInstance)
                .extracting("boundary", "name", "input", "output")
                .containsExactly(tuple("id", "ticket", "prefix", "prefix-17"));
    }
}
