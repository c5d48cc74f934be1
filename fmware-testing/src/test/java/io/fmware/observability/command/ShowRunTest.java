package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShowRunTest extends CommandTest {
    @Test
    void a_run_is_shown_as_a_tree_with_what_happened_at_its_place() throws IOException {
        rig.settled("claim-1", "u1");
        Path prices = Files.writeString(directory.resolve("prices"), "gpt-4o.in=2.50\ngpt-4o.out=10.00\n");

        assertThat(rig.run("show", flights, "claim-1", "--prices", prices.toString()))
                .isZero();

        assertThat(rig.out()).isEqualTo("""
                        run     claim-1
                        begun   2026-01-01 01:00:00.000
                        for     user=u1

                            AT    TOOK  WHAT
                          0 ms  500 ms  run claim, in 1200 out 30, cost 0.003300
                          0 ms  500 ms    agent settlement, in 1200 out 30, cost 0.003300
                         10 ms              plan of 2: <7 B>, <6 B>, because <19 B>
                         10 ms   90 ms      tool lookUpCover
                        500 ms    0 ms      call ScriptedChatModel, in 1200 out 30, cost 0.003300
                        500 ms    0 ms        attempt ScriptedChatModel, in 1200 out 30, cost 0.003300

                        9 contents are named here, 9 of them recorded; --content shows them
                        """);
    }

    @Test
    void contents_are_shown_where_they_were_recorded_each_once() {
        rig.settled("claim-1", "u1");

        assertThat(rig.run("show", flights, "claim", "--content", "--utc")).isZero();

        assertThat(rig.out()).isEqualTo("""
                        run     claim-1
                        begun   2026-01-01 00:00:00.000
                        for     user=u1

                            AT    TOOK  WHAT
                          0 ms  500 ms  run claim, in 1200 out 30
                          0 ms  500 ms    agent settlement, in 1200 out 30
                                            inputs: "{}"
                         10 ms              plan of 2: "look up", "settle", because "the damage is small"
                         10 ms   90 ms      tool lookUpCover
                                              arguments: "{"policy":"P-2041"}"
                                              result: "covers up to 1500 euros"
                        500 ms    0 ms      call ScriptedChatModel, in 1200 out 30
                                              user: "Settle the claim of u1"
                        500 ms    0 ms        attempt ScriptedChatModel, in 1200 out 30
                                                answer: "We pay 900 euros."
                                            output: "We pay 900 euros."

                        9 contents are named here, 9 of them recorded
                        """);
    }

    @Test
    void contents_that_were_not_recorded_are_said_to_be_missing() throws IOException {
        rig.close();
        flights = directory.resolve("other").toString();
        rig = new CommandRig(Path.of(flights), ContentRule.none());
        rig.settled("claim-1", "u1");

        assertThat(rig.run("show", flights, "claim-1", "--content")).isZero();

        assertThat(rig.out())
                .contains("plan of 2: <7 B, not recorded>, <6 B, not recorded>, because <19 B, not recorded>\n")
                .contains("  messages: <92 B, not recorded>\n")
                .endsWith("\n9 contents are named here, 0 of them recorded\n")
                .doesNotContain("900 euros");
    }

    @Test
    void all_events_are_shown_in_their_order() {
        rig.failed("claim-2", "u2", new IllegalStateException("no policy"));

        assertThat(rig.run("show", flights, "claim-2", "--events")).isZero();

        assertThat(rig.out()).isEqualTo("""
                        run     claim-2
                        begun   2026-01-01 01:00:00.000
                        for     user=u2

                        NO     AT  TYPE           PATH AND WHAT IT SAYS
                         1   0 ms  run.started    claim name=claim attributes.user=u2
                         2   0 ms  agent.started  claim/settlement#1 agent=settlement inputs=<10 B>
                         3   0 ms  tool.called    claim/settlement#1/tool:lookUpCover#1 tool=lookUpCover id=call-1 arguments=<16 B>
                         4  30 ms  tool.returned  claim/settlement#1/tool:lookUpCover#1 tool=lookUpCover id=call-1 error=java.lang.IllegalStateException message=<9 B>
                         5  30 ms  agent.ended    claim/settlement#1 agent=settlement
                         6  30 ms  run.ended      claim open=0 error=java.lang.IllegalStateException message=<9 B>

                        3 contents are named here, 3 of them recorded; --content shows them
                        """);
    }

    @Test
    void forks_joins_attempts_thoughts_verdicts_decisions_and_inner_runs_stand_where_they_happened() {
        ChatModel model = rig.pipeline.wrap((ChatModel) ScriptedChatModel.of(
                Reply.builder().thinking("is it covered?").text("yes").build()));
        try (FmRun run = rig.pipeline.run("batch").id("batch-1").open()) {
            FmRun.cross(BoundaryKind.FORK, "checks", List.of("policy", "fraud"), in -> in);
            FmRun.cross(BoundaryKind.JOIN, "checks", () -> List.of("fraud", "policy"));
            try (FmRun.Scope step = run.step("settle")) {
                model.chat("how?");
                FmRun.note(at -> new FmEvent.VerdictGiven(at, "schema", false, "no JSON"));
                FmRun.note(at -> new FmEvent.CacheConsulted(at, "exact", "miss"));
                FmRun.note(at -> new FmEvent.Decided(at, "pay?", List.of("pay", "refuse"), "pay", "it is covered"));
            }
            try (FmRun inner = rig.pipeline.run("claim").id("claim-5").open()) {
                assertThat(inner.outer()).isSameAs(run);
            }
        }

        assertThat(rig.run("show", flights, "batch-1", "--content")).isZero();
        assertThat(rig.out()).isEqualTo("""
                        run     batch-1
                        begun   2026-01-01 01:00:00.000
                        inside  claim-5 claim

                          AT  TOOK  WHAT
                        0 ms  0 ms  run batch
                        0 ms          fork checks "[policy, fraud]"
                        0 ms          join checks "[fraud, policy]"
                        0 ms  0 ms    step settle
                        0 ms  0 ms      call ScriptedChatModel
                                          user: "how?"
                        0 ms  0 ms        attempt ScriptedChatModel
                        0 ms                thinking "is it covered?"
                                            answer: "yes"
                        0 ms            verdict rejected by schema, because "no JSON"
                        0 ms            cache exact: miss
                        0 ms            decision "pay?" -> "pay" of 2, because "it is covered"

                        10 contents are named here, 10 of them recorded
                        """);
        rig.run("show", flights, "batch-1", "--depth", "1");
        assertThat(rig.out()).contains("""
                        0 ms  0 ms    step settle
                                        \u2026 4 more inside
                        """);
        rig.run("show", flights, "claim-5");
        assertThat(rig.out()).contains("\nin run  batch-1\n");
    }

    @Test
    void a_run_is_named_by_its_beginning_and_a_whole_name_is_itself() {
        rig.settled("claim-1", "u1");
        rig.settled("claim-10", "u1");
        rig.settled("claim-2", "u2");

        assertThat(rig.run("show", flights, "claim-1")).isZero();
        assertThat(rig.out()).startsWith("run     claim-1\n");
        assertThat(rig.run("show", flights, "claim-2")).isZero();
        assertThat(rig.run("show", flights, "claim")).isEqualTo(2);
        assertThat(rig.out()).isEmpty();
        assertThat(rig.err())
                .isEqualTo("flights: 'claim' is the beginning of several runs: claim-1, claim-10, claim-2\n");
        assertThat(rig.run("show", flights, "nobody")).isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: there is no run whose id begins with 'nobody'\n");
    }

    @Test
    void an_answer_does_not_control_the_terminal_and_is_cut_unless_all_is_wanted() {
        String hostile = "\u001b[2J\u001b[31m\u202e\u2066\r\nfake line " + "x".repeat(300);
        ChatModel model = rig.pipeline.wrap((ChatModel) ScriptedChatModel.replying(hostile));
        try (FmRun run = rig.pipeline.run("claim").id("claim-1").open()) {
            model.chat("how?");
        }

        rig.run("show", flights, "claim-1", "--content");
        assertThat(rig.out())
                .contains("answer: \"\\u001b[2J\\u001b[31m\\u202e\\u2066\\r\\nfake line xxx")
                .contains("x\u2026\"\n");
        assertThat(rig.out().codePoints().filter(c -> c != '\n'))
                .allMatch(c -> c == '\u2026' || (c >= ' ' && c < 0x7f));
        assertThat(rig.out().lines()).allMatch(line -> line.length() < 220);

        rig.run("show", flights, "claim-1", "--content", "--full");
        assertThat(rig.out()).contains("x".repeat(300) + "\"\n");
    }

    @Test
    void what_was_never_ended_is_said_in_the_tree() {
        try (FmRun run = rig.pipeline.run("claim").id("claim-1").open();
                FmRun.Scope agent = run.agent("fraud")) {
            rig.run("show", flights, "claim-1");
            agent.output("nothing");
        }
        assertThat(rig.out()).contains("  run claim, open\n").contains("  agent fraud, open\n");
    }
}
