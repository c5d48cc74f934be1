package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtractiveChatModelTest {

    private static final JsonArraySchema TEXTS =
            JsonArraySchema.builder().items(new JsonStringSchema()).build();

    private final ExtractiveChatModel model = ExtractiveChatModel.create();

    @Test
    void answers_with_the_sentence_that_fits_the_question() {
        assertThat(answer("How long until my new card is delivered?"))
                .isEqualTo("Card delivery. A new card is delivered within 5 working days.");
        assertThat(answer("What does a replacement for a lost card cost?"))
                .isEqualTo("If your card was lost or stolen, freeze it in the app at once. A replacement card costs 6"
                        + " EUR.");
        assertThat(answer("Is there a weekend fee?")).isEqualTo("At weekends a fee of 0.5 % is added.");
    }

    @Test
    void says_that_it_does_not_know_when_nothing_overlaps() {
        assertThat(answer("Who won the football match?")).isEqualTo("I do not know.");
        assertThat(model.chat("How long until my card is delivered?")).isEqualTo("I do not know.");
        assertThat(model.chat("   ")).isEqualTo("I do not know.");
    }

    @Test
    void says_that_it_does_not_know_below_the_confidence_asked_for() {
        ExtractiveChatModel strict = ExtractiveChatModel.builder()
                .minConfidence(0.9)
                .unknownAnswer("No idea.")
                .build();
        assertThat(text(strict, Bank.asked("Does the card come in a purple edition made of titanium?")))
                .isEqualTo("No idea.");
        assertThatThrownBy(() -> ExtractiveChatModel.builder().minConfidence(1.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minConfidence must be from 0 to 1, was 1.1");
    }

    @Test
    void finds_question_and_context_in_any_text() {
        assertThat(model.chat("A new card comes within 5 days. Cash is free. How long until a card comes?"))
                .isEqualTo("A new card comes within 5 days.");
        assertThat(model.chat("Context: A new card comes within 5 days.\nQuestion: When does a new card come"))
                .isEqualTo("A new card comes within 5 days.");
        assertThat(model.chat("Tell me about cash\n\nCards come by letter today.\n\nCash is free at our machines."))
                .isEqualTo("Cash is free at our machines.");
    }

    @Test
    void answers_the_question_again_when_an_answer_was_rejected() {
        UserMessage question = Bank.asked("Is there a weekend fee?");
        ChatRequest again = ChatRequest.builder()
                .messages(
                        SystemMessage.from("Be brief."),
                        question,
                        AiMessage.from("Yes, of 3 %."),
                        UserMessage.from("The answer was rejected: 3 % is not in the information. Answer again."))
                .build();
        assertThat(model.chat(again).aiMessage().text()).isEqualTo("At weekends a fee of 0.5 % is added.");
    }

    @Test
    void answers_the_question_again_when_the_rejected_answer_was_empty_and_is_not_there() {
        UserMessage complaint = UserMessage.from("Your last answer was rejected. The answer is empty. Answer again.");
        assertThat(model.chat(Bank.asked("Is there a weekend fee?"), complaint)
                        .aiMessage()
                        .text())
                .isEqualTo("At weekends a fee of 0.5 % is added.");
    }

    @Test
    void does_not_take_a_question_about_something_rejected_for_a_rejection() {
        UserMessage first = Bank.asked("Is there a weekend fee?");
        UserMessage second = Bank.asked("My lost card was not accepted, what does a replacement cost?");
        assertThat(model.chat(first, AiMessage.from("Yes."), second).aiMessage().text())
                .isEqualTo("A replacement card costs 6 EUR.");
    }

    @Test
    void lets_earlier_sources_count_more_and_a_later_one_win_that_fits_much_better() {
        String context =
                "\n\nContext:\n[source: tea]\nTea is served until noon.\n\n[source: coffee]\nCoffee is served until"
                        + " noon today in the kitchen.";
        assertThat(text(model, UserMessage.from("What is served until noon today?" + context)))
                .isEqualTo("Tea is served until noon.");
        assertThat(text(model, UserMessage.from("Is coffee in the kitchen?" + context)))
                .isEqualTo("Coffee is served until noon today in the kitchen.");
    }

    @Test
    void reports_usage_in_words_finish_reason_and_name() {
        ChatResponse response =
                model.chat(SystemMessage.from("Be brief."), UserMessage.from("Cash is always free. Is cash free?"));
        assertThat(response.aiMessage().text()).isEqualTo("Cash is always free.");
        assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(9);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(4);
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.modelName()).isEqualTo("extractive");
    }

    @Test
    void fills_a_schema_by_names_and_types() throws Exception {
        JsonNode json = json(
                Bank.asked("What does express delivery cost?"),
                JsonObjectSchema.builder()
                        .addStringProperty("answer")
                        .addProperty("sources", TEXTS)
                        .addNumberProperty("confidence")
                        .addEnumProperty("topic", List.of("EXCHANGE_RATES", "CARD_DELIVERY", "OTHER"))
                        .addBooleanProperty("answered")
                        .addNumberProperty("amount")
                        .addStringProperty("source")
                        .build());
        assertThat(json.get("answer").asText()).isEqualTo("Express delivery takes 2 days and costs 9.90 EUR.");
        assertThat(json.get("sources")).hasToString("[\"card-delivery\"]");
        assertThat(json.get("confidence").asDouble()).isEqualTo(1.0);
        assertThat(json.get("topic").asText()).isEqualTo("CARD_DELIVERY");
        assertThat(json.get("answered").asBoolean()).isTrue();
        assertThat(json.get("amount").asInt()).isEqualTo(2);
        assertThat(json.get("source").asText()).isEqualTo("card-delivery");
    }

    @Test
    void fills_a_schema_when_it_does_not_know() throws Exception {
        JsonNode json = json(
                Bank.asked("Who won the football match?"),
                JsonObjectSchema.builder()
                        .addStringProperty("answer")
                        .addProperty("sources", TEXTS)
                        .addNumberProperty("confidence")
                        .addBooleanProperty("found")
                        .build());
        assertThat(json)
                .hasToString("{\"answer\":\"I do not know.\",\"sources\":[],\"confidence\":0.0,\"found\":false}");
    }

    @Test
    void gives_answer_sources_and_confidence_for_json_without_a_schema() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .messages(Bank.asked("Is there a weekend fee?"))
                .responseFormat(ResponseFormat.JSON)
                .build();
        JsonNode json =
                new ObjectMapper().readTree(model.chat(request).aiMessage().text());
        assertThat(json.get("answer").asText()).isEqualTo("At weekends a fee of 0.5 % is added.");
        assertThat(json.get("sources")).hasToString("[\"exchange-rates\"]");
    }

    @Test
    void reads_what_the_injector_of_langchain4j_writes_with_metadata() throws Exception {
        JsonObjectSchema schema = JsonObjectSchema.builder()
                .addStringProperty("answer")
                .addProperty("sources", TEXTS)
                .build();
        JsonNode json = json(Bank.injected("How are cards sent?"), schema);
        assertThat(json).hasToString("{\"answer\":\"Cards are sent by letter.\",\"sources\":[\"delivery.md\"]}");
    }

    @Test
    void the_streaming_twin_gives_the_same_answer() {
        Heard heard = new Heard();
        ChatRequest request = ChatRequest.builder()
                .messages(Bank.asked("Is there a weekend fee?"))
                .build();
        ExtractiveStreamingChatModel.create().chat(request, heard);
        assertThat(heard.events)
                .containsExactly(
                        "+At ", "+weekends ", "+a ", "+fee ", "+of ", "+0.5 ", "+% ", "+is ", "+added.", "complete");
        assertThat(heard.response).isEqualTo(model.chat(request));
    }

    private JsonNode json(UserMessage message, JsonObjectSchema schema) throws Exception {
        ChatRequest request = ChatRequest.builder()
                .messages(message)
                .responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder()
                                .name("Answer")
                                .rootElement(schema)
                                .build())
                        .build())
                .build();
        return new ObjectMapper().readTree(model.chat(request).aiMessage().text());
    }

    private String answer(String question) {
        return text(model, Bank.asked(question));
    }

    private static String text(ExtractiveChatModel model, UserMessage message) {
        return model.chat(message).aiMessage().text();
    }
}
