package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtractiveToolsTest {

    private static final ToolSpecification BALANCE = ToolSpecification.builder()
            .name("accountBalance")
            .description("Returns the current balance of an account")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("accountNumber")
                    .required("accountNumber")
                    .build())
            .build();

    private static final ToolSpecification TRANSFER = ToolSpecification.builder()
            .name("transfer_money")
            .description("Transfers an amount of money to another account")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("account")
                    .addNumberProperty("amount")
                    .addStringProperty("currency")
                    .addStringProperty("date", "day of execution")
                    .required("account", "amount")
                    .build())
            .build();

    private final ExtractiveChatModel model = ExtractiveChatModel.create();

    @Test
    void calls_the_tool_that_the_question_asks_for() {
        ChatResponse response = chat(UserMessage.from("What is the balance of account DE-4711?"));
        assertThat(call(response)).isEqualTo("accountBalance{\"accountNumber\":\"DE-4711\"}");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    }

    @Test
    void fills_arguments_by_name_and_type() {
        assertThat(call(chat(UserMessage.from(
                        "Please transfer an amount of 1,250.50 EUR from my money to account AT99 on 2026-02-03."))))
                .isEqualTo("transfer_money{\"account\":\"AT99\",\"amount\":1250.50,\"currency\":\"EUR\","
                        + "\"date\":\"2026-02-03\"}");
    }

    @Test
    void finds_arguments_in_what_the_user_said_before() {
        ChatResponse response = chat(
                UserMessage.from("My account number is 12345678."),
                AiMessage.from("Thank you."),
                UserMessage.from("What is the balance of my account?"));
        assertThat(call(response)).isEqualTo("accountBalance{\"accountNumber\":\"12345678\"}");
    }

    @Test
    void does_not_call_a_tool_that_is_not_asked_for_or_lacks_an_argument() {
        assertThat(chat(UserMessage.from("How do I open an account?"))
                        .aiMessage()
                        .text())
                .isEqualTo("I do not know.");
        assertThat(chat(UserMessage.from("What is the balance of my account?"))
                        .aiMessage()
                        .text())
                .isEqualTo("I do not know.");
    }

    @Test
    void calls_some_tool_if_it_must_and_none_if_it_must_not() {
        ChatRequest.Builder request = ChatRequest.builder()
                .messages(UserMessage.from("What is the balance of account 4711?"))
                .toolSpecifications(BALANCE);
        assertThat(model.chat(request.toolChoice(ToolChoice.NONE).build())
                        .aiMessage()
                        .hasToolExecutionRequests())
                .isFalse();
        ChatRequest.Builder other =
                ChatRequest.builder().messages(UserMessage.from("Good morning")).toolSpecifications(BALANCE);
        assertThat(call(model.chat(other.toolChoice(ToolChoice.REQUIRED).build())))
                .isEqualTo("accountBalance{\"accountNumber\":\"Good morning\"}");
    }

    @Test
    void answers_from_the_result_of_the_tool() {
        UserMessage question = UserMessage.from("What is the balance of account DE-4711?");
        AiMessage calling = chat(question).aiMessage();
        ToolExecutionRequest request = calling.toolExecutionRequests().get(0);
        assertThat(chat(question, calling, ToolExecutionResultMessage.from(request, "1,000.00 EUR"))
                        .aiMessage()
                        .text())
                .isEqualTo("1,000.00 EUR");
        assertThat(chat(
                                question,
                                calling,
                                ToolExecutionResultMessage.from(
                                        request, "{\"owner\":\"Ada\",\"currentBalance\":1000.0,\"limits\":[1,2]}"))
                        .aiMessage()
                        .text())
                .isEqualTo("current Balance: 1000.0");
    }

    private ChatResponse chat(ChatMessage... messages) {
        return model.chat(ChatRequest.builder()
                .messages(new ArrayList<>(List.of(messages)))
                .toolSpecifications(BALANCE, TRANSFER)
                .build());
    }

    private static String call(ChatResponse response) {
        ToolExecutionRequest call = response.aiMessage().toolExecutionRequests().get(0);
        return call.name() + call.arguments();
    }
}
