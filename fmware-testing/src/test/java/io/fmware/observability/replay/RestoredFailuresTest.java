package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agentic.agent.AgentInvocationException;
import dev.langchain4j.agentic.agent.MissingArgumentException;
import dev.langchain4j.agentic.planner.AgenticSystemConfigurationException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.ToolArgumentsException;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.guardrail.InputGuardrailException;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.model.ModelDisabledException;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.service.IllegalConfigurationException;
import dev.langchain4j.service.ModerationException;
import dev.langchain4j.service.output.OutputParsingException;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.InvalidReplyException;
import io.fmware.OverloadedException;
import io.fmware.RejectedException;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exceptions that were recorded are again what they were. */
class RestoredFailuresTest {
    @TempDir
    private Path directory;

    static List<Exception> made() {
        IOException disk = new IOException("disk full");
        return List.of(
                disk,
                new OverloadedException("full", null),
                new AuthenticationException("no key"),
                new ContentFilteredException("filtered"),
                new HttpException(418, "teapot"),
                new InternalServerException("down", new HttpException(503, "down")),
                new InvalidRequestException("what?"),
                new LangChain4jException(disk),
                new ModelNotFoundException("no such model"),
                new NonRetriableException("never"),
                new RateLimitException("slow down", new HttpException(429, "slow down")),
                new RetriableException("again"),
                new TimeoutException("late", new java.net.http.HttpTimeoutException("late")),
                new ToolArgumentsException("no number", disk),
                new ToolExecutionException(disk),
                new UnresolvedModelServerException("where?"),
                new UnsupportedFeatureException("no tools"),
                new InputGuardrailException("bad"),
                new OutputGuardrailException("bad", disk),
                new ModelDisabledException("off"),
                new IllegalConfigurationException("twice"),
                new OutputParsingException("no date", disk),
                new AgentInvocationException("failed", disk),
                new AgentInvocationException(disk),
                new MissingArgumentException("claim"),
                new AgenticSystemConfigurationException("twice", disk),
                new OverloadedException("full", new RateLimitException("slow down")),
                new RejectedException("Pii", "an address: jane's"));
    }

    private Object thrownAgain(Exception failure) {
        Supplier<Object> application = () -> FmRun.cross(BoundaryKind.TOOL, "look", 1, in -> {
            throw failure instanceof RuntimeException unchecked ? unchecked : sneaky(failure);
        });
        Cassette cassette = new Flights(directory).recorded(() -> {
            try {
                return application.get();
            } catch (Exception e) {
                return e;
            }
        });
        try (FmRun run = Replay.of(cassette).open()) {
            return FmRun.cross(BoundaryKind.TOOL, "look", 1, in -> "executed");
        } catch (Exception e) {
            return e;
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> RuntimeException sneaky(Exception failure) throws E {
        throw (E) failure;
    }

    @ParameterizedTest
    @MethodSource("made")
    void an_exception_is_of_its_own_class_with_its_message_and_its_causes(Exception failure) {
        Throwable expected = failure;
        Throwable again = (Throwable) thrownAgain(failure);
        while (expected != null) {
            assertThat(again).isNotNull().hasSameClassAs(expected).hasMessage(expected.getMessage());
            expected = expected.getCause();
            again = again.getCause();
        }
        assertThat(again).isNull();
    }

    @Test
    void a_rejection_names_its_guard_and_its_reason() {
        assertThat(thrownAgain(new RejectedException("Pii", "an address: jane's")))
                .isInstanceOfSatisfying(RejectedException.class, again -> {
                    assertThat(again.guard()).isEqualTo("Pii");
                    assertThat(again.reason()).isEqualTo("an address: jane's");
                });
        assertThat(thrownAgain(new MissingArgumentException("claim")))
                .isInstanceOfSatisfying(
                        MissingArgumentException.class,
                        again -> assertThat(again.argumentName()).isEqualTo("claim"));
    }

    @Test
    void what_needs_more_than_was_recorded_is_told_as_what_it_was() {
        assertThat(thrownAgain(new ModerationException("flagged", Moderation.flagged("flagged"))))
                .isInstanceOf(ReplayedException.class)
                .hasToString(
                        ReplayedException.class.getName() + ": " + ModerationException.class.getName() + ": flagged");
    }

    @Test
    void invalid_replies_have_their_attempts_where_calls_are_answered_whole() {
        FmPipeline checked = FmPipeline.builder()
                .with(Reprompting.upTo(2).until(Replies.areJson()))
                .build();
        Supplier<Object> application =
                () -> checked.wrap(ScriptedChatModel.of(Script.of(Reply.text("no json"), Reply.text("none either"))))
                        .chat("json?");
        Object[] then = new Object[1];
        Cassette cassette = new Flights(directory).recorded(() -> {
            then[0] = Flights.attempt(application);
            return then;
        });
        Replay replay = Replay.builder(cassette).level(Replay.Level.CALL).build();

        Object again = Flights.replayed(replay, application);

        assertThat(again).isInstanceOf(InvalidReplyException.class).hasToString(String.valueOf(then[0]));
        List<InvalidReplyException.Attempt> attempts = ((InvalidReplyException) again).attempts();
        assertThat(attempts)
                .extracting(each -> each.response().aiMessage().text())
                .containsExactly("no json", "none either");
        assertThat(attempts.get(0).request().messages()).hasSize(1);
        assertThat(attempts.get(1).reason())
                .isEqualTo(((InvalidReplyException) then[0]).attempts().get(1).reason());
    }
}
