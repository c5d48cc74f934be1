package io.fmware.provider.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.workflow.impl.WorkflowAgentsBuilderImpl;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.V;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.Sources;
import io.fmware.agent.Agents;
import io.fmware.provider.Told;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of the page on runs and boundaries. */
class RunsSnippetsTest {

    interface Assistant {
        String chat(String question);
    }

    static final class Orders {
        @Tool
        String state(String order) {
            return "lost";
        }
    }

    public static final class Intake {
        @Agent(name = "intake", outputKey = "facts")
        public String intake(@V("letter") String letter) {
            return "a hit";
        }
    }

    private final Told watcher = new Told();

    @AfterEach
    void restore() {
        AgenticServices.setWorkflowAgentsBuilder(WorkflowAgentsBuilderImpl.INSTANCE);
    }

    @Test
    void a_service_in_a_run() {
        ChatModel model = ScriptedChatModel.of(
                Reply.toolCall("state", "{\"order\":\"17\",\"arg0\":\"17\"}"), Reply.text("It is lost."));
        // docs:start runs-service
        FmPipeline pipeline = FmPipeline.builder().watch(watcher).build();
        Assistant assistant = Boundaries.service(Assistant.class)
                .chatModel(pipeline.wrap(model))
                .chatMemory(MessageWindowChatMemory.withMaxMessages(20))
                .tools(new Orders())
                .build();

        try (FmRun run = pipeline.run("order").tenant("acme").user("u17").open()) {
            assistant.chat("Where is order 17?");
        }
        // docs:end runs-service
        pipeline.close();

        assertThat(watcher.crossed()).contains("order/tool:state#1", "order/memory-read:default#1");
    }

    @Test
    void agents_in_a_run() {
        FmPipeline pipeline = FmPipeline.builder().watch(watcher).build();
        Object intake = new Intake();
        // docs:start runs-agents
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows()); // once, before agents are built

        var desk =
                AgenticServices.sequenceBuilder().name("desk").subAgents(intake).build();
        try (FmRun run = pipeline.run("claim").open()) {
            desk.invoke(Map.of("letter", "My car was hit."));
        }
        // docs:end runs-agents
        pipeline.close();

        assertThat(watcher.crossed()).containsExactly("claim", "claim/desk#1", "claim/desk#1/intake#1");
    }

    private record Claim(UUID id, Instant at) {}

    @Test
    void time_chance_and_ids_are_boundaries() {
        try (FmRun run = FmRun.builder("claim").watch(watcher).open()) {
            // docs:start runs-sources
            Clock clock = Sources.clock(Clock.systemUTC());
            Supplier<UUID> ids = Sources.ids("claim", UUID::randomUUID);

            Claim claim = new Claim(ids.get(), clock.instant());
            // docs:end runs-sources
            assertThat(claim.id()).isNotNull();
        }

        assertThat(watcher.crossed()).containsExactly("claim", "claim/id:claim#1", "claim/clock:clock#1");
    }

    // docs:start runs-replace
    static final class Delivered implements BoundaryInterceptor {
        @Override
        public Object intercept(Boundary boundary, Crossing next) {
            return boundary.kind() == BoundaryKind.TOOL && boundary.name().equals("state")
                    ? ToolExecutionResult.builder().resultText("delivered").build()
                    : next.proceed(boundary.input());
        }
    }
    // docs:end runs-replace

    @Test
    void a_tool_is_replaced() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Reply.toolCall("state", "{\"order\":\"17\",\"arg0\":\"17\"}"), Reply.text("It is here."));
        Assistant assistant = Boundaries.service(Assistant.class)
                .chatModel(model)
                .tools(new Orders())
                .build();
        try (FmRun run = FmRun.builder("order").watch(new Delivered()).open()) {
            assistant.chat("Where is order 17?");
        }
        assertThat(model.requests().get(1).messages().toString())
                .contains("delivered")
                .doesNotContain("lost");
    }
}
