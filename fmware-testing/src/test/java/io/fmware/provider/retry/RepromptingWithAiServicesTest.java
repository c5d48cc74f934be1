package io.fmware.provider.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.fmware.FmPipeline;
import io.fmware.InvalidReplyException;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asking again below AI services: their memory, tools, streams and structured answers never see a rejected answer. */
@Timeout(60)
class RepromptingWithAiServicesTest {

    record Order(String item, int quantity) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    interface Shape {}

    record Circle(double radius) implements Shape {}

    record Square(double width) implements Shape {}

    interface Talker {
        String talk(String question);
    }

    interface Taker {
        Order take(String order);

        List<Order> takeAll(String orders);

        Shape draw(String shape);
    }

    interface Streamer {
        TokenStream talk(String question);
    }

    private final MessageWindowChatMemory memory = MessageWindowChatMemory.withMaxMessages(10);
    private FmPipeline pipeline = FmPipeline.builder()
            .with(Reprompting.upTo(3).bufferStreams().until(Replies.beOneOf(List.of("yes", "no"))))
            .build();

    @AfterEach
    void close() {
        pipeline.close();
    }

    private ChatModel behind(Reprompting reprompting, ScriptedChatModel model) {
        pipeline.close();
        pipeline = FmPipeline.builder().with(reprompting).build();
        return pipeline.wrap(model);
    }

    @Test
    void the_question_is_not_lost_when_there_is_no_memory() {
        ScriptedChatModel model = ScriptedChatModel.replying("well", "yes");
        Talker talker = AiServices.builder(Talker.class)
                .chatModel(pipeline.wrap(model))
                .systemMessageProvider(id -> "Be brief.")
                .build();

        assertThat(talker.talk("Sure?")).isEqualTo("yes");
        assertThat(model.requests().get(1).messages())
                .startsWith(SystemMessage.from("Be brief."), UserMessage.from("Sure?"), AiMessage.from("well"))
                .hasSize(4);
    }

    @Test
    void a_memory_holds_the_questions_and_the_final_answers_alone() {
        ScriptedChatModel model = ScriptedChatModel.replying("well", "maybe", "yes", "hm", "no");
        Talker talker = AiServices.builder(Talker.class)
                .chatModel(pipeline.wrap(model))
                .chatMemory(memory)
                .build();

        assertThat(talker.talk("Sure?")).isEqualTo("yes");
        assertThat(talker.talk("Still?")).isEqualTo("no");

        assertThat(memory.messages())
                .containsExactly(
                        UserMessage.from("Sure?"),
                        AiMessage.from("yes"),
                        UserMessage.from("Still?"),
                        AiMessage.from("no"));
        assertThat(model.requests().get(3).messages())
                .containsExactly(UserMessage.from("Sure?"), AiMessage.from("yes"), UserMessage.from("Still?"));
    }

    @Test
    void a_rejected_answer_never_reaches_a_memory_also_when_the_attempts_are_used_up() {
        Talker talker = AiServices.builder(Talker.class)
                .chatModel(pipeline.wrap(ScriptedChatModel.replying("a", "b", "c")))
                .chatMemory(memory)
                .build();

        assertThatThrownBy(() -> talker.talk("Sure?")).isInstanceOf(InvalidReplyException.class);
        assertThat(memory.messages()).containsExactly(UserMessage.from("Sure?"));
    }

    static final class Clock {
        @Tool
        String time() {
            return "noon";
        }
    }

    @Test
    void tools_are_called_as_without_it_and_the_final_answer_is_checked() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Reply.builder().text("Let me look.").toolCall("time", "{}").build(),
                Reply.text("It is noon"),
                Reply.text("yes"));
        Talker talker = AiServices.builder(Talker.class)
                .chatModel(pipeline.wrap(model))
                .chatMemory(memory)
                .tools(new Clock())
                .build();

        assertThat(talker.talk("Is it noon?")).isEqualTo("yes");
        assertThat(memory.messages())
                .extracting(ChatMessage::type)
                .extracting(Enum::name)
                .containsExactly("USER", "AI", "TOOL_EXECUTION_RESULT", "AI");
        assertThat(model.requests().get(2).messages())
                .as("question, tool call, result, rejected answer, complaint")
                .hasSize(5);
    }

    @Test
    void a_token_stream_gets_the_pieces_of_the_valid_answer_alone() throws Exception {
        StreamingChatModel model = pipeline.wrap(ScriptedStreamingChatModel.of(Script.replying("well well", "yes")));
        Streamer streamer = AiServices.builder(Streamer.class)
                .streamingChatModel(model)
                .chatMemory(memory)
                .build();
        List<String> pieces = new CopyOnWriteArrayList<>();
        CompletableFuture<ChatResponse> complete = new CompletableFuture<>();

        streamer.talk("Sure?")
                .onPartialResponse(pieces::add)
                .onCompleteResponse(complete::complete)
                .onError(complete::completeExceptionally)
                .start();

        assertThat(complete.get(10, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("yes");
        assertThat(pieces).containsExactly("yes");
        assertThat(memory.messages()).containsExactly(UserMessage.from("Sure?"), AiMessage.from("yes"));
    }

    @Test
    void a_token_stream_ends_in_an_error_when_the_attempts_are_used_up() {
        StreamingChatModel model = pipeline.wrap(ScriptedStreamingChatModel.of(Script.replying("a", "b", "c")));
        Streamer streamer = AiServices.builder(Streamer.class)
                .streamingChatModel(model)
                .chatMemory(memory)
                .build();
        CompletableFuture<ChatResponse> complete = new CompletableFuture<>();

        streamer.talk("Sure?")
                .onPartialResponse(piece -> {})
                .onCompleteResponse(complete::complete)
                .onError(complete::completeExceptionally)
                .start();

        assertThatThrownBy(() -> complete.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InvalidReplyException.class);
        assertThat(memory.messages()).containsExactly(UserMessage.from("Sure?"));
    }

    @Test
    void a_structured_answer_can_always_be_read_once_it_fits_the_schema_of_its_class() {
        Reprompting reprompting = Reprompting.upTo(4).until(Replies.matchSchema(Order.class));
        ScriptedChatModel model = ScriptedChatModel.replying(
                "Two teas!",
                "{\"item\":\"tea\",\"quantity\":\"two\"}",
                "{\"item\":\"tea\",\"quantity\":2,\"colour\":\"green\"}",
                "{\"item\":\"tea\",\"quantity\":2}");
        Taker taker = AiServices.create(Taker.class, behind(reprompting, model));

        assertThat(taker.take("Two teas, please")).isEqualTo(new Order("tea", 2));
        assertThat(model.requests()).hasSize(4);
    }

    @Test
    void the_response_format_that_langchain4j_asks_for_can_be_the_check_whatever_the_type() {
        Reprompting reprompting = Reprompting.upTo(2).until(Replies.matchResponseFormat());
        ScriptedChatModel model = ScriptedChatModel.builder()
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .script(Script.replying(
                        "{\"item\":3}",
                        "{\"item\":\"tea\",\"quantity\":2}",
                        "[]",
                        "{\"values\":[{\"item\":\"tea\",\"quantity\":2}]}",
                        "{\"kind\":\"circle\",\"radius\":1}",
                        "{\"value\":{\"kind\":\"circle\",\"radius\":1}}"))
                .build();
        Taker taker = AiServices.create(Taker.class, behind(reprompting, model));

        assertThat(taker.take("Two teas")).isEqualTo(new Order("tea", 2));
        assertThat(taker.takeAll("Two teas")).containsExactly(new Order("tea", 2));
        assertThat(taker.draw("A circle")).isEqualTo(new Circle(1));
        assertThat(model.requests()).hasSize(6);
    }
}
