package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.DeadlineExceededException;
import io.fmware.FmPipeline;
import io.fmware.OverloadedException;
import io.fmware.retry.Deadlines;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that failed, or met a failure, go the same way when they are replayed. */
class FailuresReplayTest {
    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();

    interface Clerk {
        String ask(String question);
    }

    static final class Disk {
        private final List<Exception> failures;

        Disk(Exception failure) {
            this.failures = List.of(failure);
        }

        @Tool
        public String look() throws Exception {
            for (Exception each : failures) {
                throw each;
            }
            return "it is there";
        }
    }

    /** Makes its message by itself. */
    public static final class MissingClaim extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public MissingClaim(String claim) {
            super("no claim " + claim);
        }
    }

    private static ChatModel plays(Reply... replies) {
        return ScriptedChatModel.of(Script.of(replies));
    }

    private Object replayed(Supplier<?> recorded, Supplier<?> again) {
        Replay replay = Replay.of(new Flights(directory).recorded(recorded));
        Object given = Flights.replayed(replay, again);
        assertThat(replay.report()).matches(ReplayReport::isIdentical);
        return String.valueOf(given);
    }

    private Supplier<String> looking(ChatModel model, Exception failure) {
        return () -> Boundaries.service(Clerk.class)
                .chatModel(pipeline.wrap(model))
                .tools(new Disk(failure))
                .build()
                .ask("Is it there?");
    }

    @Test
    void the_model_reads_the_same_of_a_tool_that_failed_whatever_it_failed_with() {
        for (Exception each : new Exception[] {
            new IOException("disk full"), new MissingClaim("7"), new OverloadedException("full", null)
        }) {
            assertThat(replayed(
                            looking(plays(Reply.toolCall("look", "{}"), Reply.text("no")), each),
                            looking(plays(), new IllegalStateException("a tool was executed"))))
                    .isEqualTo("no");
        }
    }

    @Test
    void a_call_that_failed_with_what_cannot_be_made_again_fails_as_it_did() {
        assertThat(replayed(
                        () -> pipeline.wrap(plays(Reply.error(new MissingClaim("7"))))
                                .chat("hello"),
                        () -> pipeline.wrap(plays()).chat("hello")))
                .isEqualTo("io.fmware.observability.replay.ReplayedException: " + MissingClaim.class.getName()
                        + ": no claim 7");
    }

    @Test
    void the_end_of_a_deadline_is_the_exception_that_it_was() {
        FmPipeline hurried =
                FmPipeline.builder().with(Deadlines.of(Duration.ofMillis(1))).build();

        assertThat(replayed(
                        () -> hurried.wrap(plays(Reply.never())).chat("hello"),
                        () -> hurried.wrap(plays()).chat("hello")))
                .asString()
                .startsWith(DeadlineExceededException.class.getName() + ": the deadline of 1 ms passed");
    }
}
