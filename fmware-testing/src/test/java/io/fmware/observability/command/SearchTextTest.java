package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchTextTest extends CommandTest {
    @Test
    void a_text_is_found_in_contents_and_in_skeletons_with_what_stands_around_it() {
        rig.settled("claim-1", "u1");
        rig.failed("claim-2", "u2", new IllegalStateException("there is no policy P-9"));

        assertThat(rig.run("search", flights, "p-9")).isZero();
        assertThat(rig.out()).isEqualTo("""
                        2026-01-01 01:00:00.500  claim-2  tool.called  claim/settlement#1/tool:lookUpCover#1  arguments: {"policy":"P-9"}
                        2026-01-01 01:00:00.530  claim-2  tool.returned  claim/settlement#1/tool:lookUpCover#1  message: there is no policy P-9
                        2026-01-01 01:00:00.530  claim-2  run.ended  claim  message: there is no policy P-9
                        """);

        assertThat(rig.run("search", flights, "ILLEGALSTATE", "--type", "run")).isZero();
        assertThat(rig.out())
                .isEqualTo(
                        "2026-01-01 01:00:00.530  claim-2  run.ended  claim  error: java.lang.IllegalStateException\n");
        assertThat(rig.run("search", flights, "claim-1")).isZero();
        assertThat(rig.out())
                .as("the run itself, and not each of its events")
                .isEqualTo("2026-01-01 01:00:00.000  claim-1  run.started  claim  run: claim-1\n");
    }

    @Test
    void nothing_found_is_exit_code_1_as_with_grep() {
        rig.settled("claim-1", "u1");

        assertThat(rig.run("search", flights, "no such text")).isEqualTo(1);
        assertThat(rig.out()).isEmpty();
        assertThat(rig.err())
                .isEqualTo("flights: nothing found; of contents, only those that were recorded are searched\n");
        assertThat(rig.run("search", flights, "")).isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: there is nothing to look for: the text is empty\n");
    }

    @Test
    void the_search_is_narrowed_by_type_path_run_time_and_number() {
        rig.settled("claim-1", "u1");
        rig.after(60_000);
        rig.settled("claim-2", "u2");

        assertThat(found("euros")).isEqualTo(8);
        assertThat(found("euros", "--type", "tool")).isEqualTo(2);
        assertThat(found("euros", "--type", "tool.returned")).isEqualTo(2);
        assertThat(found("euros", "--type", "too")).isZero();
        assertThat(found("euros", "--path", "tool:lookUp")).isEqualTo(2);
        assertThat(found("euros", "--run", "claim-2")).isEqualTo(4);
        assertThat(found("euros", "--since", "30s")).isEqualTo(4);
        assertThat(found("euros", "--until", "30s")).isEqualTo(4);
        assertThat(found("euros", "--limit", "3")).isEqualTo(3);
    }

    private long found(String text, String... options) {
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("search", flights, text), java.util.stream.Stream.of(options))
                .toArray(String[]::new);
        assertThat(rig.run(args)).isLessThan(2);
        return rig.out().lines().count();
    }

    @Test
    void an_expression_is_matched_and_one_that_would_take_forever_is_refused() {
        rig.settled("claim-1", "u1");
        try (FmRun run = rig.pipeline.run("claim").id("claim-2").open()) {
            FmRun.note(at -> new FmEvent.Thought(at, "a".repeat(60) + "!"));
        }

        assertThat(found("pay \\d+", "--regex")).isEqualTo(3);
        assertThat(found("pay \\d+")).isZero();
        assertThat(rig.run("search", flights, "(x?)(a+)+\\1$", "--regex")).isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo("flights: the regular expression takes too long on a text of 61 characters; leave out"
                        + " repetitions inside of repetitions\n");
        assertThat(rig.run("search", flights, "(", "--regex")).isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: '(' is no regular expression: Unclosed group\n");
    }

    @Test
    void a_long_text_is_cut_around_the_match_and_its_escapes_do_not_reach_the_terminal() {
        try (FmRun run = rig.pipeline.run("claim").id("claim-1").open()) {
            FmRun.note(at -> new FmEvent.Thought(at, "a".repeat(100) + "\u001b[31mneedle\u202e\n" + "b".repeat(100)));
        }

        rig.run("search", flights, "needle");

        assertThat(rig.out())
                .isEqualTo("2026-01-01 01:00:00.000  claim-1  thinking  claim  text: \u2026" + "a".repeat(35)
                        + "\\u001b[31mneedle\\u202e\\n" + "b".repeat(38) + "\u2026\n");
    }

    @Test
    void a_text_is_found_as_it_stands_in_json_too() {
        Finder quoted = Finder.text("say \"no\"\n");

        assertThat(quoted.in("please say \"no\"\n!")).isEqualTo(new Finder.Match(7, 16));
        assertThat(quoted.in("{\"text\":\"Say \\\"No\\\"\\n\"}")).isEqualTo(new Finder.Match(9, 21));
        assertThat(quoted.in("say no")).isNull();
    }

    @Test
    void capitals_do_not_matter_in_any_language() {
        assertThat(List.of("STRASSE \u00c4RGER", "\u00e4rger", "xx\u00c4rgerxx").stream()
                        .map(Finder.text("\u00c4rGer")::in)
                        .toList())
                .containsExactly(new Finder.Match(8, 13), new Finder.Match(0, 5), new Finder.Match(2, 7));
        assertThatThrownBy(() -> Finder.pattern("[")).isInstanceOf(UserError.class);
    }
}
