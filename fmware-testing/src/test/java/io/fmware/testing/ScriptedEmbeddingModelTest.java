package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.store.embedding.CosineSimilarity;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptedEmbeddingModelTest {

    @Test
    void gives_the_vectors_of_the_script() {
        ScriptedEmbeddingModel model = ScriptedEmbeddingModel.of(Script.of(
                Reply.builder().vectors(new float[] {1, 2}, new float[] {3, 4}).build()));
        assertThat(model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b")))
                        .content())
                .containsExactly(Embedding.from(new float[] {1, 2}), Embedding.from(new float[] {3, 4}));
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void runs_the_same_script_as_the_chat_models() {
        Script script = Script.builder()
                .when("refund", Reply.error(new RateLimitException("slow down")))
                .reply("yes")
                .build();
        ScriptedEmbeddingModel embedding = ScriptedEmbeddingModel.of(script);
        ScriptedChatModel chat = ScriptedChatModel.of(script);
        assertThatThrownBy(() -> embedding.embed("refund")).hasMessage("slow down");
        assertThatThrownBy(() -> chat.chat("refund")).hasMessage("slow down");
        assertThat(embedding.embed("hello").content().dimension()).isEqualTo(64);
        assertThat(chat.chat("hello")).isEqualTo("yes");
        assertThatThrownBy(() -> embedding.embed("hello"))
                .isInstanceOf(ScriptExhaustedException.class)
                .hasMessageStartingWith("call 3 of ScriptedEmbeddingModel has no reply");
    }

    @Test
    void texts_that_share_words_are_closer() {
        ScriptedEmbeddingModel model = ScriptedEmbeddingModel.ofWords();
        Embedding question = model.embed("How long does card delivery take?").content();
        Embedding fitting = model.embed("Delivery of a card takes five days.").content();
        Embedding other = model.embed("Cash withdrawals abroad are free.").content();
        assertThat(CosineSimilarity.between(question, fitting))
                .isGreaterThan(CosineSimilarity.between(question, other) + 0.3);
    }

    @Test
    void refuses_a_dimension_of_zero() {
        assertThatThrownBy(() -> ScriptedEmbeddingModel.builder().dimension(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimension must be at least 1, was 0");
    }
}
