package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked where somebody does not see it who has to. */
class UnseenTest {
    private static final String WHY =
            " came on thread lost outside of any run while run claim is open, in which all is to be"
                    + " seen, and would really be asked. A thread that works for that run has to be told so: FmRun.carrying(executor),"
                    + " or FmRun.carrying(task). If this belongs to a test that runs at the same time, run one after the other"
                    + " (JUnit: @Isolated)";

    /** Has to see all. */
    private static final BoundaryInterceptor ALL = new BoundaryInterceptor() {
        @Override
        public boolean mustSeeAll() {
            return true;
        }
    };

    private final ExecutorService lost = Executors.newSingleThreadExecutor(task -> new Thread(task, "lost"));
    private final ScriptedChatModel model = ScriptedChatModel.replying("one", "two", "three");
    private final FmPipeline pipeline = FmPipeline.builder().build();

    @AfterEach
    void close() {
        lost.shutdown();
        pipeline.close();
    }

    private <T> T there(Callable<T> task) throws Exception {
        try {
            return lost.submit(task).get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private ChatModel wrapped() {
        return pipeline.wrap((ChatModel) model);
    }

    @Test
    void a_model_asked_by_a_thread_that_has_lost_the_run_is_refused() throws Exception {
        try (FmRun run = FmRun.builder("claim").watch(ALL).open()) {
            assertThatThrownBy(() -> there(() -> wrapped().chat("hello")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("call ScriptedChatModel" + WHY);
            assertThat(model.requests()).isEmpty();

            Callable<String> carried = FmRun.carrying(() -> wrapped().chat("hello"));
            assertThat(there(carried)).isEqualTo("one");
            assertThat(run.isImplied()).isFalse();
        }
        assertThat(there(() -> wrapped().chat("hello"))).isEqualTo("two");
    }

    @Test
    void so_is_an_embedding_model_and_a_call_that_would_get_a_run_for_itself() {
        EmbeddingModel embedding =
                pipeline.wrap((EmbeddingModel) ScriptedEmbeddingModel.of(io.fmware.testing.Script.of()));
        try (FmPipeline watched =
                        FmPipeline.builder().watch(new BoundaryInterceptor() {}).build();
                FmRun run = FmRun.builder("claim").watch(ALL).open()) {
            assertThatThrownBy(() -> there(() -> embedding.embed("hello")))
                    .hasMessage("embedding ScriptedEmbeddingModel" + WHY);
            assertThatThrownBy(() -> there(() -> watched.wrap((ChatModel) model).chat("hello")))
                    .hasMessage("call ScriptedChatModel" + WHY);
            assertThat(run.id()).isNotBlank();
        }
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void a_run_of_that_thread_does_not_help_unless_it_was_given_to_somebody() throws Exception {
        try (FmRun run = FmRun.builder("claim").watch(ALL).open()) {
            assertThatThrownBy(() -> there(() -> {
                        try (FmRun other = pipeline.run("job").open()) {
                            return other.name() + wrapped().chat("hello");
                        }
                    }))
                    .hasMessage("call ScriptedChatModel" + WHY.replace("outside of any run", "in run job"));
            assertThat(there(() -> {
                        try (FmRun other = pipeline.run("job")
                                .watch(new BoundaryInterceptor() {})
                                .open()) {
                            return other.name() + wrapped().chat("hello");
                        }
                    }))
                    .isEqualTo("jobone");
            assertThat(run.name()).isEqualTo("claim");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = BoundaryKind.class,
            names = {"TOOL", "RETRIEVAL", "SCORING", "MODERATION", "CLOCK", "RANDOM", "ID", "MEMORY_READ"})
    void what_is_outside_is_refused_and_what_is_not_is_not(BoundaryKind kind) throws Exception {
        try (FmRun run = FmRun.builder("claim").watch(ALL).open()) {
            Callable<String> crossing = () -> FmRun.cross(kind, "it", () -> "came");
            switch (kind) {
                case CLOCK, RANDOM, ID, MEMORY_READ ->
                    assertThat(there(crossing)).isEqualTo("came");
                default -> assertThatThrownBy(() -> there(crossing)).hasMessage(kind.word() + " it" + WHY);
            }
            assertThat(run.name()).isEqualTo("claim");
        }
    }

    @Test
    void what_comes_after_the_end_of_the_run_is_refused() {
        Callable<String> late;
        Callable<String> lateTool;
        try (FmRun run = FmRun.builder("claim").watch(ALL).open()) {
            late = FmRun.carrying(() -> wrapped().chat("hello"));
            RunScope place =
                    java.util.Objects.requireNonNull(FmRun.currentScope()).reserve(BoundaryKind.TOOL, "lookUp");
            lateTool = () -> place.cross(BoundaryKind.TOOL, "lookUp", "P-1", policy -> "covered");
            assertThat(run.name()).isEqualTo("claim");
        }
        String why =
                " came on thread lost after the end of run claim, in which all is to be seen, and would really be asked."
                        + " Wait for all work of a run before it ends";
        assertThatThrownBy(() -> there(late)).hasMessage("call ScriptedChatModel" + why);
        assertThatThrownBy(() -> there(lateTool)).hasMessage("tool lookUp" + why);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void what_is_asked_without_waiting_takes_the_run_along() {
        try (FmRun run = FmRun.builder("claim").watch(ALL).open()) {
            assertThat(((FmChatModel) wrapped())
                            .chatAsync(dev.langchain4j.model.chat.request.ChatRequest.builder()
                                    .messages(dev.langchain4j.data.message.UserMessage.from("hello"))
                                    .build())
                            .join()
                            .aiMessage()
                            .text())
                    .isEqualTo("one");
            assertThat(run.name()).isEqualTo("claim");
        } catch (CompletionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    @Test
    void up_to_a_point_is_refused_what_comes_before_it() throws Exception {
        AtomicBoolean before = new AtomicBoolean(true);
        BoundaryInterceptor some = new BoundaryInterceptor() {
            @Override
            public boolean mustSeeAll() {
                return true;
            }

            @Override
            public boolean mustSeeAll(FmRun run) {
                return before.get() && run.name().equals("claim");
            }
        };
        Callable<String> late;
        try (FmRun run = FmRun.builder("claim").watch(some).open()) {
            assertThatThrownBy(() -> there(() -> wrapped().chat("hello"))).hasMessage("call ScriptedChatModel" + WHY);
            before.set(false);
            assertThat(there(() -> wrapped().chat("hello"))).isEqualTo("one");
            late = FmRun.carrying(() -> wrapped().chat("hello"));
            assertThat(run.name()).isEqualTo("claim");
        }
        before.set(true); // it has ended, and is asked no more
        assertThat(there(late)).isEqualTo("two");
    }
}
