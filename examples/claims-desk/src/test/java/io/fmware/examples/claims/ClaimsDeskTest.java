package io.fmware.examples.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.observability.recorder.Recording;
import io.fmware.testing.ExtractiveChatModel;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimsDeskTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path flights;

    private int run(Map<String, String> environment, String... args) {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent(BlackBox.VARIABLE, flights.toString());
        return ClaimsDesk.run(List.of(args), all, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream from) {
        return from.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "C-1 | The decision on the claim is a payment: we pay 900 euros.",
                "C-2 | The decision on the claim is a refusal: the policy is not in force, and we pay nothing.",
                "C-3 | The decision on the claim is open: an adjuster looks at it, and we pay nothing until then."
            })
    void each_claim_ends_as_the_rules_say(String claim, String letter) {
        assertThat(run(Map.of(), claim)).isZero();
        assertThat(text(out)).contains("claim " + claim, "  letter: " + letter, "  review: agreed");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void the_tree_shows_every_agent_call_tool_and_memory_at_its_place() {
        RunTree tree = new RunTree();
        try (ClaimsOffice office = new ClaimsOffice(ExtractiveChatModel.create(), List.of(tree))) {
            assertThat(office.settle(Claim.of("C-1")).agreed()).isTrue();
        }
        List<String> lines = tree.toString().lines().toList();
        String call = "call:ExtractiveChatModel#";

        assertThat(lines.subList(0, 6))
                .containsExactly(
                        "claim",
                        "  desk#1",
                        "    intake#1",
                        "      " + call + "1",
                        "    checks#1",
                        "      fork:checks#1");
        assertThat(lines)
                .containsSequence(
                        "      policy#1",
                        "        " + call + "1",
                        "        tool:lookUpCover#1",
                        "        " + call + "2")
                .containsSequence(
                        "      fraud#1",
                        "        " + call + "1",
                        "        tool:lookUpPastClaims#1",
                        "        " + call + "2")
                .containsSequence(
                        "      join:checks#1",
                        "    settling#1",
                        "      settlement#1",
                        "        memory-read:default#1",
                        "        memory-write:default#1",
                        "        " + call + "1",
                        "        memory-write:default#2",
                        "      review#1",
                        "      settlement#2");
    }

    @Test
    void a_letter_that_never_says_the_decision_is_left_to_a_colleague() {
        ChatModel stubborn = ScriptedChatModel.of(Script.always(Reply.text("We pay a million.")));
        try (ClaimsOffice office = new ClaimsOffice(stubborn, List.of())) {
            Outcome outcome = office.settle(Claim.of("C-1"));
            assertThat(outcome.agreed()).isFalse();
            assertThat(outcome.toString()).endsWith("review: not agreed; a colleague takes over");
        }
    }

    @Test
    void a_failure_shows_in_the_tree_at_each_agent_around_it() {
        RunTree tree = new RunTree();
        ChatModel down = ScriptedChatModel.of(Script.always(Reply.error(new IllegalStateException("down"))));
        try (ClaimsOffice office = new ClaimsOffice(down, List.of(tree))) {
            assertThat(catchThrowable(() -> office.settle(Claim.of("C-1")))).isNotNull();
        }
        assertThat(tree.toString()).isEqualTo("""
                        claim  failed: AgentInvocationException
                          desk#1  failed: AgentInvocationException
                            intake#1  failed: AgentInvocationException
                              call:ScriptedChatModel#1  failed: IllegalStateException""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local  | C-9       | there is no claim C-9; there are [C-1, C-2, C-3]",
                "local  | C-1 C-2   | give one claim, and --tree to see what happens",
                "local  | C-1 --faults bad | --faults is 'bad'; give it a number, such as 128: the same number, the same faults",
                "local  | C-1 --faults     | --faults is ''; give it a number, such as 128: the same number, the same faults",
                "cloud  | C-1       | FMWARE_FM is 'cloud'; set it to local, openai or ollama",
                "openai | C-1       | OPENAI_API_KEY is not set; set it to the key of the server, or unset FMWARE_FM to answer"
                        + " without a server"
            })
    void what_the_user_can_put_right_is_said(String fm, String args, String message) {
        assertThat(run(Map.of("FMWARE_FM", fm), args.split(" "))).isEqualTo(2);
        assertThat(text(err).strip()).isEqualTo("claims-desk: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "7", "59", "66", "117", "128"})
    void the_same_number_is_the_same_bad_day(String seed) {
        int code = run(Map.of(), "C-1", "--faults", seed);
        String said = text(out) + text(err);
        out.reset();
        err.reset();

        assertThat(run(Map.of(), "--faults", seed, "C-1")).isEqualTo(code);
        assertThat(text(out) + text(err)).isEqualTo(said);
    }

    @Test
    void a_claim_is_recorded_with_all_that_its_agents_did() throws IOException {
        assertThat(run(Map.of(), "C-1")).isZero();

        assertThat(Recording.in(flights).runs(fault -> {})).singleElement().satisfies(run -> {
            assertThat(run.name()).isEqualTo("claim");
            assertThat(run.attributes()).containsEntry("claim", "C-1");
            assertThat(run.ended()).isTrue();
            assertThat(run.calls()).isEqualTo(7);
        });
    }

    @Test
    void a_claim_is_settled_where_nothing_can_be_recorded() throws IOException {
        Path file = Files.writeString(flights.resolve("file"), "no directory");

        assertThat(run(Map.of(BlackBox.VARIABLE, file.toString()), "C-1")).isZero();
        assertThat(text(err))
                .startsWith("claims-desk: nothing is recorded: ")
                .endsWith("; set FMWARE_FLIGHTS to a directory that can be written, or to off\n");
        assertThat(run(Map.of(BlackBox.VARIABLE, "off"), "C-1")).isZero();
    }
}
