package io.fmware.provider.cassette;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.workflow.impl.WorkflowAgentsBuilderImpl;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.cassette.Recorded;
import io.fmware.testing.cassette.Samples;
import io.fmware.testing.cassette.Tried;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Cassettes of AI services with tools, retrieval and memory, and of agents. */
@Timeout(60)
class RecordedServicesTest {
    private static final AtomicInteger LOOKED_UP = new AtomicInteger();
    private static final AtomicInteger RETRIEVED = new AtomicInteger();
    private static volatile ChatModel model = ScriptedChatModel.of(Script.of());

    @TempDir
    Path directory;

    interface Assistant {
        String chat(String question);
    }

    public interface Writer {
        @Agent
        @UserMessage("write about {{topic}}")
        String write(@V("topic") String topic);
    }

    static final class Policies {
        @Tool
        String lookUpCover(String policy) {
            LOOKED_UP.incrementAndGet();
            return policy + " covers up to 1500 euros";
        }
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Desk {
        private final ChatModel wrapped = FmPipeline.builder().build().wrap(model);

        @Test
        void an_assistant_with_tools_retrieval_and_memory() {
            Assistant assistant = Boundaries.service(Assistant.class)
                    .chatModel(wrapped)
                    .chatMemory(MessageWindowChatMemory.withMaxMessages(20))
                    .tools(new Policies())
                    .contentRetriever(query -> {
                        RETRIEVED.incrementAndGet();
                        return List.of(Content.from("Claims are paid within 5 days."));
                    })
                    .build();

            assertThat(assistant.chat("Is P-1 covered?")).isEqualTo("Yes.");
            assertThat(assistant.chat("Sure?")).isEqualTo("Quite.");
        }

        @Test
        void agents_one_after_the_other_and_at_once() {
            Object both = AgenticServices.parallelBuilder()
                    .name("both")
                    .subAgents(writer("left"), writer("right"))
                    .build();
            var desk = AgenticServices.sequenceBuilder()
                    .name("desk")
                    .subAgents(writer("first"), both)
                    .outputKey("right")
                    .build();
            try (FmRun run = FmRun.builder("claim").open()) {
                assertThat(run.name()).isEqualTo("claim");
                assertThat(desk.invoke(Map.of("topic", "rain"))).isEqualTo("words");
            }
        }

        private Object writer(String name) {
            return AgenticServices.agentBuilder(Writer.class)
                    .name(name)
                    .outputKey(name)
                    .chatModel(wrapped)
                    .build();
        }
    }

    @BeforeEach
    void watchWorkflows() {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
    }

    @AfterEach
    void stopWatching() {
        AgenticServices.setWorkflowAgentsBuilder(WorkflowAgentsBuilderImpl.INSTANCE);
    }

    @Test
    void services_and_agents_are_replayed_without_model_tools_and_retrievers() {
        LOOKED_UP.set(0);
        RETRIEVED.set(0);
        model = ScriptedChatModel.of(Script.builder()
                .when("write about", Reply.text("words"))
                .reply(Reply.toolCall("lookUpCover", "{\"policy\": \"P-1\"}"))
                .reply("Yes.")
                .reply("Quite.")
                .build());
        assertThat(Tried.run(directory, Desk.class).failures()).isEmpty();
        assertThat(Tried.files(directory)).hasSize(2);
        assertThat(LOOKED_UP).hasValue(1);
        assertThat(RETRIEVED).hasValue(2);

        model = ScriptedChatModel.of(Script.of());
        Tried second = Tried.run(directory, "replay", Map.of(), Desk.class);
        assertThat(second.failures()).isEmpty();
        assertThat(second.succeeded()).isEqualTo(2);
        assertThat(LOOKED_UP).hasValue(1);
        assertThat(RETRIEVED).hasValue(2);
    }
}
