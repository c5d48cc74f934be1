package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.InvalidReplyException;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.route.Fallback;
import io.fmware.testing.ScriptedChatModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The code of the README. */
class ReadmeSnippetsTest {

    record Order(String item, int quantity) {}

    @Test
    void a_model_is_wrapped_in_a_few_lines() {
        ChatModel openAi = ScriptedChatModel.replying("Two teas, please.", "{\"item\": \"tea\", \"quantity\": 2}");
        ChatModel smallModel = ScriptedChatModel.replying("unused");

        // docs:start readme-wrap
        FmPipeline pipeline = FmPipeline.builder()
                .with(Deadlines.of(Duration.ofSeconds(20)))
                .with(Fallback.to(smallModel))
                .with(Reprompting.upTo(3).until(Replies.matchSchema(Order.class)))
                .build();

        ChatModel model = pipeline.wrap(openAi); // a langchain4j ChatModel: AiServices, agents and RAG take it
        // docs:end readme-wrap

        assertThat(pipeline).hasToString("deadlines(fallback(reprompting(model)))");
        assertThat(model.chat("Order two teas")).isEqualTo("{\"item\": \"tea\", \"quantity\": 2}");
        pipeline.close();
    }

    @Test
    void the_first_steps_print_the_answer_and_what_the_model_was_told() {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            FirstSteps.main(new String[0]);
        } finally {
            System.setOut(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSize(2).satisfies(lines -> {
            assertThat(lines.get(0)).isEqualTo("{\"item\": \"tea\", \"quantity\": 2}");
            assertThat(lines.get(1)).contains("Your last answer was rejected. The answer is not JSON");
        });
    }

    @Test
    void an_answer_that_is_never_valid_is_not_returned() {
        ChatModel stubborn = ScriptedChatModel.replying("no", "no");
        FmPipeline pipeline = FmPipeline.builder()
                .with(Reprompting.upTo(2).until(Replies.matchSchema(Order.class)))
                .build();
        ChatModel model = pipeline.wrap(stubborn);

        assertThatThrownBy(() -> model.chat(UserMessage.from("Order two teas")))
                .isInstanceOfSatisfying(
                        InvalidReplyException.class,
                        e -> assertThat(e.attempts()).hasSize(2));
        pipeline.close();
    }
}
