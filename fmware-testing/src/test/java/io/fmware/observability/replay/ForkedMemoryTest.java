package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkedMemoryTest {
    private static final ChatMessage BEFORE = UserMessage.from("I am Ann.");
    private static final ChatMessage ANSWERED = AiMessage.from("Hello Ann.");

    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();

    /** Two turns of a conversation. */
    private Supplier<String> talking(ChatModel model, ChatMemory memory) {
        ChatModel wrapped = pipeline.wrap(model);
        ChatMemory watched = Boundaries.memory(memory);
        return () -> {
            for (String each : List.of("Who am I?", "And who are you?")) {
                watched.add(UserMessage.from(each));
                watched.add(wrapped.chat(watched.messages()).aiMessage());
            }
            return "done";
        };
    }

    @Test
    void behind_a_fork_a_memory_holds_what_it_held_then_also_from_before_the_run() {
        ChatMemory memory =
                MessageWindowChatMemory.builder().id("ann").maxMessages(20).build();
        memory.add(BEFORE);
        memory.add(ANSWERED);
        Cassette cassette = new Flights(directory)
                .recorded(talking(ScriptedChatModel.replying("You are Ann.", "A model."), memory));
        List<ChatMessage> asked = new ArrayList<>();
        ChatModel live = ScriptedChatModel.of(Script.answering(request -> {
            asked.addAll(request.messages());
            return Reply.text("Somebody.");
        }));

        Replay replay = Replay.builder(cassette)
                .forkAt("claim/call:ScriptedChatModel#2")
                .build();
        ChatMemory empty =
                MessageWindowChatMemory.builder().id("ann").maxMessages(20).build();
        Flights.replayed(replay, talking(live, empty));

        assertThat(asked)
                .containsExactly(
                        BEFORE,
                        ANSWERED,
                        UserMessage.from("Who am I?"),
                        AiMessage.from("You are Ann."),
                        UserMessage.from("And who are you?"));
        assertThat(empty.messages()).hasSize(6);
    }
}
