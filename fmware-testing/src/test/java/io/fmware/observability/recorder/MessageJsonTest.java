package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.fmware.event.Redactor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageJsonTest {
    private final MessageJson<Blob> messages =
            new MessageJson<>(Redactor.standard(), new NamedContents(new ContentIds(new byte[16])));

    private String json(ChatMessage message) {
        return messages.of(message).text();
    }

    static List<ChatMessage> messages() {
        String hostile = "\u001b[31m<script>\"\\\n\u0000 \uD83D\uDE00 \u00e9";
        return List.of(
                SystemMessage.from("Answer from the handbook."),
                SystemMessage.from(hostile),
                UserMessage.from("What are the fees?"),
                UserMessage.from(hostile),
                UserMessage.from("ada", "What are the fees?"),
                UserMessage.from(TextContent.from("What is this?"), ImageContent.from("https://example.com/a.png")),
                AiMessage.from("They are low."),
                AiMessage.from(hostile),
                AiMessage.builder().text("They are low.").thinking("hm").build(),
                AiMessage.from(ToolExecutionRequest.builder()
                        .id("t1")
                        .name("fees")
                        .arguments("{\"of\":\"card\"}")
                        .build()),
                ToolExecutionResultMessage.from("t1", "fees", "12 EUR"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_message_is_read_back_by_langchain4j_as_it_was(ChatMessage message) {
        assertThat(ChatMessageDeserializer.messageFromJson(json(message))).isEqualTo(message);
    }

    static Stream<ChatMessage> withSecrets() {
        String secret = "my key is sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4, keep it";
        return Stream.of(
                SystemMessage.from(secret),
                UserMessage.from(secret),
                AiMessage.from(secret),
                ToolExecutionResultMessage.from("t1", "keys", secret));
    }

    @ParameterizedTest
    @MethodSource("withSecrets")
    void secrets_do_not_come_into_it(ChatMessage message) {
        assertThat(json(message)).contains("my key is [openai-key:").doesNotContain("sk-proj");
    }

    @Test
    void half_a_character_is_replaced() {
        assertThat(json(UserMessage.from("a\uD83Db"))).contains("a\ufffdb");
        assertThat(json(UserMessage.from("\uDE00"))).contains("\ufffd");
    }

    @Test
    void a_message_that_comes_again_is_the_very_same_content() {
        UserMessage message = UserMessage.from("What are the fees?");
        assertThat(messages.of(message)).isSameAs(messages.of(message));
        assertThat(messages.of(UserMessage.from("What are the fees?")).id())
                .isEqualTo(messages.of(message).id());
    }
}
