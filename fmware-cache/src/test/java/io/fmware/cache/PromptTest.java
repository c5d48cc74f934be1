package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromptTest {
    private static final String QUESTION = "What does it cost?";

    private static @Nullable ChatRequest rest(String prompt, String... retrieved) {
        return Prompt.without(
                ChatRequest.builder().messages(UserMessage.from(prompt)).build(), QUESTION, List.of(retrieved));
    }

    @Test
    void instructions_that_differ_in_a_word_that_was_retrieved_stay_different() {
        assertThat(rest("Answer in prose. " + QUESTION, "in", "prose", "verse"))
                .isNotEqualTo(rest("Answer in verse. " + QUESTION, "in", "prose", "verse"));
    }

    @Test
    void passages_that_were_retrieved_do_not_count() {
        String one = "Transfers to other banks are free of charge since May.";
        String other = "Cards are replaced within five days, and cost nothing.";

        assertThat(rest(one + " " + QUESTION, one)).isNotNull().isEqualTo(rest(other + " " + QUESTION, other));
        assertThat(rest(one + " " + QUESTION, one)).isNotEqualTo(rest(other + " " + QUESTION));
    }

    @Test
    void a_prompt_without_the_question_has_no_rest() {
        assertThat(rest("How long does it take?")).isNull();
    }
}
