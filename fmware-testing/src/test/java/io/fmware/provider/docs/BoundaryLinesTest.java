package io.fmware.provider.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.planner.PlannerBasedService;
import dev.langchain4j.agentic.supervisor.SupervisorAgent;
import dev.langchain4j.agentic.supervisor.SupervisorAgentService;
import dev.langchain4j.agentic.workflow.WorkflowAgentsBuilder;
import dev.langchain4j.agentic.workflow.impl.SequentialPlanner;
import dev.langchain4j.agentic.workflow.impl.WorkflowAgentsBuilderImpl;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.ChatMemoryProvider;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.moderation.ModerationRequest;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.V;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderResult;
import dev.langchain4j.service.tool.ToolService;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.Sources;
import io.fmware.agent.Agents;
import io.fmware.provider.Told;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of docs/runs.md: each boundary is seen with its line, and not without it. */
class BoundaryLinesTest {

    interface Assistant {
        String chat(String question);
    }

    static final class Clock {
        @Tool
        String time() {
            return "noon";
        }
    }

    public static final class Stamp {
        @Agent(name = "stamp", outputKey = "stamp")
        public String stamp(@V("topic") String topic) {
            return "stamped " + topic;
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // its functions keep no state
    enum Line {
        CALL("pipeline.wrap(chatModel)", "call:ScriptedChatModel#1", (pipeline, with) -> {
            ChatModel model = ScriptedChatModel.replying("hello");
            (with ? pipeline.wrap(model) : model).chat("hello");
        }),
        EMBEDDING("pipeline.wrap(embeddingModel)", "embedding:ScriptedEmbeddingModel#1", (pipeline, with) -> {
            EmbeddingModel model = ScriptedEmbeddingModel.of(
                    Script.always(Reply.builder().vectors(new float[] {1}).build()));
            (with ? pipeline.wrap(model) : model).embed("hello");
        }),
        SERVICE(
                "Boundaries.service(Assistant.class)",
                "tool:time#1",
                (pipeline, with) -> (with ? Boundaries.service(Assistant.class) : AiServices.builder(Assistant.class))
                        .chatModel(asking())
                        .tools(new Clock())
                        .build()
                        .chat("what time is it?")),
        TOOLS(
                "Boundaries.tools(new Clock())",
                "tool:time#1",
                (pipeline, with) -> AiServices.builder(Assistant.class)
                        .chatModel(asking())
                        .tools(with ? Boundaries.tools(new Clock()) : ToolService.findTools(new Clock()))
                        .build()
                        .chat("what time is it?")),
        TOOL_PROVIDER("Boundaries.toolProvider(provider)", "tool:time#1", (pipeline, with) -> {
            ToolProvider provider = request -> new ToolProviderResult(ToolService.findTools(new Clock()));
            AiServices.builder(Assistant.class)
                    .chatModel(asking())
                    .toolProvider(with ? Boundaries.toolProvider(provider) : provider)
                    .build()
                    .chat("what time is it?");
        }),
        RETRIEVER("Boundaries.retriever(retriever)", "retrieval:retriever#1", (pipeline, with) -> {
            ContentRetriever retriever = query -> List.of();
            AiServices.builder(Assistant.class)
                    .chatModel(ScriptedChatModel.replying("hello"))
                    .contentRetriever(with ? Boundaries.retriever(retriever) : retriever)
                    .build()
                    .chat("hello");
        }),
        MEMORY("Boundaries.memory(memory)", "memory-read:default#1", (pipeline, with) -> {
            ChatMemory memory = MessageWindowChatMemory.withMaxMessages(10);
            AiServices.builder(Assistant.class)
                    .chatModel(ScriptedChatModel.replying("hello"))
                    .chatMemory(with ? Boundaries.memory(memory) : memory)
                    .build()
                    .chat("hello");
        }),
        MEMORIES("Boundaries.memories(provider)", "memory-write:default#1", (pipeline, with) -> {
            ChatMemoryProvider provider = id ->
                    MessageWindowChatMemory.builder().id(id).maxMessages(10).build();
            AiServices.builder(Assistant.class)
                    .chatModel(ScriptedChatModel.replying("hello"))
                    .chatMemoryProvider(with ? Boundaries.memories(provider) : provider)
                    .build()
                    .chat("hello");
        }),
        SCORING("Boundaries.scoring(model)", "scoring:scorer#1", (pipeline, with) -> {
            ScoringModel model = (segments, query) -> Response.from(List.of(1.0));
            (with ? Boundaries.scoring(model) : model).scoreAll(List.of(TextSegment.from("a")), "hello");
        }),
        MODERATION("Boundaries.moderation(model)", "moderation:unknown#1", (pipeline, with) -> {
            ModerationModel model = new ModerationModel() {
                @Override
                public ModerationResponse doModerate(ModerationRequest request) {
                    return ModerationResponse.builder()
                            .moderation(Moderation.notFlagged())
                            .build();
                }
            };
            (with ? Boundaries.moderation(model) : model).moderate("hello");
        }),
        WORKFLOW("AgenticServices.setWorkflowAgentsBuilder(Agents.workflows())", "desk#1/stamp#1", (pipeline, with) -> {
            WorkflowAgentsBuilder plain = WorkflowAgentsBuilderImpl.INSTANCE;
            AgenticServices.setWorkflowAgentsBuilder(with ? Agents.workflows() : plain);
            try {
                AgenticServices.sequenceBuilder()
                        .name("desk")
                        .subAgents(new Stamp())
                        .build()
                        .invoke(Map.of("topic", "rain"));
            } finally {
                AgenticServices.setWorkflowAgentsBuilder(plain);
            }
        }),
        SUPERVISOR("Agents.supervisorBuilder()", "boss#1/stamp#1", (pipeline, with) -> {
            SupervisorAgentService<SupervisorAgent> builder =
                    with ? Agents.supervisorBuilder() : AgenticServices.supervisorBuilder();
            builder.name("boss")
                    .chatModel(ScriptedChatModel.replying(
                            "{\"agentName\":\"stamp\",\"arguments\":{\"topic\":\"rain\"}}",
                            "{\"agentName\":\"done\",\"arguments\":{\"response\":\"ok\"}}"))
                    .subAgents(new Stamp())
                    .build()
                    .invoke("stamp something");
        }),
        PLANNER("Agents.plannerBuilder()", "own#1/stamp#1", (pipeline, with) -> {
            PlannerBasedService<UntypedAgent> builder =
                    with ? Agents.plannerBuilder() : AgenticServices.plannerBuilder();
            builder.name("own")
                    .planner(SequentialPlanner::new)
                    .subAgents(new Stamp())
                    .build()
                    .invoke(Map.of("topic", "rain"));
        }),
        CLOCK("Sources.clock(clock)", "clock:clock#1", (pipeline, with) -> {
            java.time.Clock clock = java.time.Clock.systemUTC();
            assertThat((with ? Sources.clock(clock) : clock).instant()).isNotNull();
        }),
        RANDOM("Sources.random(random)", "random:random#1", (pipeline, with) -> {
            RandomGenerator random = new Random(1);
            (with ? Sources.random(random) : random).nextInt();
        }),
        ID("Sources.ids(\"claim\", ids)", "id:claim#1", (pipeline, with) -> {
            Supplier<UUID> ids = UUID::randomUUID;
            assertThat((with ? Sources.ids("claim", ids) : ids).get()).isNotNull();
        });

        private final String line;
        private final String path;
        private final BiConsumer<FmPipeline, Boolean> use;

        Line(String line, String path, BiConsumer<FmPipeline, Boolean> use) {
            this.line = line;
            this.path = path;
            this.use = use;
        }

        private static ChatModel asking() {
            return ScriptedChatModel.of(Reply.toolCall("time", "{}"), Reply.text("noon"));
        }
    }

    private static List<String> crossed(Line line, boolean with) {
        Told told = new Told();
        try (FmPipeline pipeline = FmPipeline.builder().build();
                FmRun run = FmRun.builder("job").watch(told).open()) {
            line.use.accept(pipeline, with);
        }
        return told.crossed();
    }

    @ParameterizedTest
    @EnumSource
    void a_boundary_is_seen_with_its_line_and_not_without(Line line) {
        assertThat(crossed(line, true)).contains("job/" + line.path);
        assertThat(crossed(line, false)).isEqualTo(List.of("job"));
    }

    @Test
    void the_page_has_these_lines() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("docs/runs.md"))) {
            here = here.getParent();
        }
        String page = Files.readString(here.resolve("docs/runs.md"));
        for (Line line : Line.values()) {
            assertThat(page).contains("| `" + line.line + "` |");
        }
    }
}
