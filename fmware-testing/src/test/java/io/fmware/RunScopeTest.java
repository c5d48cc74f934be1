package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.event.FmEvent;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunScopeTest {
    private final Watching watching = new Watching();

    @Test
    void outside_of_any_run_there_is_no_scope() {
        assertThat(FmRun.currentScope()).isNull();
    }

    @Test
    void a_place_keeps_the_number_that_was_reserved_whatever_is_crossed_first_and_on_whatever_thread()
            throws Exception {
        try (FmRun run = FmRun.builder("job").watch(watching).open()) {
            RunScope here = Objects.requireNonNull(FmRun.currentScope());
            RunScope first = here.reserve(BoundaryKind.AGENT, "a");
            RunScope second = here.reserve(BoundaryKind.AGENT, "a");
            String result = CompletableFuture.supplyAsync(() -> second.cross(BoundaryKind.AGENT, "a", 2, in -> {
                        FmRun.cross(BoundaryKind.TOOL, "t", "x", x -> x);
                        return "second";
                    }))
                    .get(10, TimeUnit.SECONDS);
            assertThat(result).isEqualTo("second");
            assertThat(first.<Integer, String>cross(BoundaryKind.AGENT, "a", 1, in -> "first"))
                    .isEqualTo("first");
            assertThat(FmRun.currentPath()).hasToString("job");
        }

        assertThat(watching.crossed())
                .containsExactly(
                        "> job",
                        "> job/a#2",
                        "> job/a#2/tool:t#1",
                        "< job/a#2/tool:t#1",
                        "< job/a#2",
                        "> job/a#1",
                        "< job/a#1",
                        "< job");
    }

    @Test
    void what_is_run_or_noted_at_a_place_is_there() {
        try (FmRun run = FmRun.builder("job").watch(watching).open()) {
            RunScope place = Objects.requireNonNull(FmRun.currentScope()).reserve(BoundaryKind.STEP, "s");
            assertThat(place.call(() -> String.valueOf(FmRun.currentPath()))).isEqualTo("job/step:s#1");
            place.note(at -> new FmEvent.Thought(at, "so"));
            assertThat(place.run()).isSameAs(run);
            assertThat(place).hasToString("job/step:s#1");
        }
        assertThat(watching.told()).containsExactly("run.started job", "thinking job/step:s#1", "run.ended job");
    }

    @Test
    void after_the_end_of_its_run_a_place_only_runs_what_is_to_be_run() {
        RunScope place;
        FmRun ended;
        try (FmRun run = FmRun.builder("job").watch(watching).open()) {
            ended = run;
            place = Objects.requireNonNull(FmRun.currentScope()).reserve(BoundaryKind.TOOL, "t");
            assertThat(place.hasEnded()).isFalse();
            assertThat(FmRun.anyOpen()).isTrue();
        }
        assertThat(place.<String, String>cross(BoundaryKind.TOOL, "t", "in", in -> in + "!"))
                .isEqualTo("in!");
        place.note(at -> new FmEvent.Thought(at, "late"));

        assertThat(place.hasEnded()).isTrue();
        assertThat(ended.dropped()).isEqualTo(2);
        assertThat(watching.told()).isEqualTo(List.of("run.started job", "run.ended job"));
    }

    @Test
    void a_place_is_for_no_boundary_that_only_a_pipeline_knows() {
        try (FmRun run = FmRun.builder("job").watch(watching).open()) {
            RunScope here = Objects.requireNonNull(FmRun.currentScope());
            RunScope place = here.reserve(BoundaryKind.TOOL, "m");
            assertThatThrownBy(() -> here.reserve(BoundaryKind.CALL, "m"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "boundary CALL is crossed by a pipeline or a run alone; cross TOOL or another one for m");
            assertThatThrownBy(() -> place.<String, String>cross(BoundaryKind.ATTEMPT, "m", "in", in -> "out"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_place_that_is_crossed_inside_of_itself_with_scopes_left_open_is_left_in_the_end() {
        try (FmRun run = FmRun.builder("job").watch(watching).open()) {
            RunScope place = Objects.requireNonNull(FmRun.currentScope()).reserve(BoundaryKind.TOOL, "t");
            Logged.during(() -> place.<Integer, Integer>cross(BoundaryKind.TOOL, "t", 1, in -> {
                FmRun.Scope first = run.step("first");
                return place.<Integer, Integer>cross(BoundaryKind.TOOL, "t", in, again -> {
                    FmRun.Scope second = run.step("second");
                    first.close();
                    assertThat(second.path()).isNotNull();
                    return again;
                });
            }));
            assertThat(FmRun.currentPath()).hasToString("job");
        }
    }
}
