package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Validator;
import io.fmware.retry.Verdict;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that failed, and what a replay says of a fix, by where that is. */
class FixedReplayTest {
    private static final String CURE =
            "It failed with %s when it was recorded, and does not now. If that is what you have put right:"
                    + " Mode.OBSERVE goes on with what was recorded, Replay.Builder.forkAt(..) for real from here, or record again";

    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();

    private static ChatModel says(Reply... replies) {
        return ScriptedChatModel.of(Script.of(replies));
    }

    private static ReplayReport observed(Cassette cassette, Supplier<?> fixed, String gives) {
        Replay replay = Replay.builder(cassette).mode(Replay.Mode.OBSERVE).build();
        assertThat(Flights.replayed(replay, fixed)).hasToString(gives);
        return replay.report();
    }

    private static Object forked(Cassette cassette, String path, Supplier<?> fixed) {
        return String.valueOf(
                Flights.replayed(Replay.builder(cassette).forkAt(path).build(), fixed));
    }

    private Supplier<Object> agent(ChatModel model, boolean fixed) {
        return () -> {
            try (FmRun.Scope scope = Objects.requireNonNull(FmRun.current()).agent("desk")) {
                try {
                    String answer = pipeline.wrap(model).chat("How much?");
                    Object sum = fixed ? answer.replaceAll("\\D", "") : Integer.valueOf(Integer.parseInt(answer));
                    scope.output(sum);
                    return sum;
                } catch (RuntimeException e) {
                    scope.failed(e);
                    throw e;
                }
            }
        };
    }

    @Test
    void in_an_agent_it_is_a_difference_that_names_the_cure() {
        Cassette cassette = new Flights(directory).recorded(agent(says(Reply.text("17 EUR")), false));

        ReplayDivergedException stopped = Flights.stopped(Replay.of(cassette), agent(says(), true));

        assertThat(stopped.path()).isEqualTo("claim/desk#1");
        assertThat(stopped).hasMessageContaining(CURE.formatted("NumberFormatException"));
        ReplayReport report = observed(cassette, agent(says(), true), "17");
        assertThat(report.divergences()).extracting(Divergence::kind).containsExactly(Divergence.Kind.RESULT);
        assertThat(report.live()).isZero();
    }

    private Supplier<Object> tool(boolean fixed) {
        return () -> FmRun.cross(BoundaryKind.TOOL, "lookUp", "P-1", policy -> {
            if (!fixed) {
                throw new IllegalStateException("no such policy");
            }
            return "covered";
        });
    }

    @Test
    void in_a_tool_it_is_not_run_but_from_a_fork() {
        Cassette cassette = new Flights(directory).recorded(tool(false));

        assertThat(Flights.replayed(Replay.of(cassette), tool(true)))
                .hasToString("java.lang.IllegalStateException: no such policy");
        assertThat(forked(cassette, "claim/tool:lookUp#1", tool(true))).isEqualTo("covered");
    }

    private static Supplier<Object> checked(ChatModel model, Validator validator) {
        FmPipeline checking =
                FmPipeline.builder().with(Reprompting.upTo(2).until(validator)).build();
        return () -> checking.wrap(model).chat("json?");
    }

    @Test
    void in_a_check_of_answers_it_is_a_difference_that_names_the_cure() {
        ChatModel model = says(Reply.text("17"), Reply.text("18"));
        Validator wrong = (request, response) -> Verdict.invalid("never");
        Validator right = (request, response) ->
                response.aiMessage().text().equals("18") ? Verdict.valid() : Verdict.invalid("never");
        Cassette cassette = new Flights(directory).recorded(checked(model, wrong));

        ReplayDivergedException stopped = Flights.stopped(Replay.of(cassette), checked(says(), right));

        assertThat(stopped.path()).isEqualTo("claim/call:ScriptedChatModel#1");
        assertThat(stopped).hasMessageContaining(CURE.formatted("InvalidReplyException"));
        assertThat(observed(cassette, checked(says(), right), "18").live()).isZero();
    }

    @Test
    void in_what_is_said_to_ask_again_it_is_answered_as_before_or_by_the_model_from_a_fork() {
        ChatModel model = says(Reply.text("no json"), Reply.text("none either"));
        Cassette cassette = new Flights(directory).recorded(checked(model, Replies.areJson()));
        Validator clearer = (request, response) -> response.aiMessage().text().startsWith("{")
                ? Verdict.valid()
                : Verdict.invalid("answer with an object");
        String second = "claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#2";

        assertThat(Flights.stopped(Replay.of(cassette), checked(says(), clearer))
                        .path())
                .isEqualTo(second);
        assertThat(forked(cassette, second, checked(says(Reply.text("{}")), clearer)))
                .isEqualTo("{}");
    }
}
