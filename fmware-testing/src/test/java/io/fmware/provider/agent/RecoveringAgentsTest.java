package io.fmware.provider.agent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.agent.ErrorRecoveryResult;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.agent.Agents;
import io.fmware.testing.ScriptedChatModel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An error handler that always has a result: langchain4j then asks no planner what is next. */
class RecoveringAgentsTest {

    /** Stands for a strict replay that has diverged. */
    private static final BoundaryInterceptor DIVERGED = new BoundaryInterceptor() {
        @Override
        public @Nullable Object intercept(Boundary boundary, Crossing next) {
            if (boundary.kind() == BoundaryKind.CALL) {
                throw new ReplayDivergedException(boundary.path().toString(), "diverged");
            }
            return next.proceed(boundary.input());
        }
    };

    private final FmPipeline pipeline = FmPipeline.builder().build();

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
    void a_replay_that_has_diverged_is_not_recovered_from() {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
        UntypedAgent all = AgenticServices.sequenceBuilder()
                .name("all")
                .subAgents(AgenticServices.agentBuilder(RandomAgents.Worker.class)
                        .name("one")
                        .defaultKeyValue("last", "nothing")
                        .chatModel(pipeline.wrap((ChatModel) ScriptedChatModel.replying("1")))
                        .build())
                .errorHandler(context -> ErrorRecoveryResult.result("0"))
                .build();
        try (FmRun run = FmRun.builder("job").watch(DIVERGED).open()) {
            assertThatThrownBy(() -> all.invoke(Map.of())).hasStackTraceContaining("diverged");
            FmRun.cross(BoundaryKind.ID, run.name(), () -> "reached");
        }
    }
}
