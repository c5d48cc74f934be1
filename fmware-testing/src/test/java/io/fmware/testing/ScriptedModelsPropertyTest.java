package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;

class ScriptedModelsPropertyTest {

    @Property(tries = 200)
    void chunks_are_the_text_however_it_is_split(@ForAll String text, @ForAll @IntRange(min = 0, max = 7) int size) {
        Reply.Builder reply = Reply.builder().text(text);
        Heard heard = new Heard();
        ScriptedStreamingChatModel.of(
                        size == 0 ? reply.build() : reply.chunkSize(size).build())
                .chat("hello", heard);
        assertThat(heard.events.stream()
                        .filter(event -> event.startsWith("+"))
                        .map(event -> event.substring(1))
                        .collect(Collectors.joining()))
                .isEqualTo(text);
        assertThat(heard.events.get(heard.events.size() - 1)).isEqualTo("complete");
    }

    @Property(tries = 200)
    void every_vector_has_length_one(
            @ForAll @NotBlank String text, @ForAll @IntRange(min = 1, max = 100) int dimension) {
        ScriptedEmbeddingModel model = ScriptedEmbeddingModel.builder()
                .script(Script.always(Reply.text("")))
                .dimension(dimension)
                .build();
        double squares = 0;
        for (float value : model.embed(text).content().vector()) {
            squares += value * value;
        }
        assertThat(squares).isCloseTo(1, within(1e-4));
        assertThat(model.dimension()).isEqualTo(dimension);
    }
}
