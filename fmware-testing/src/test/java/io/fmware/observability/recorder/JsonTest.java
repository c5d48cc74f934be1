package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final String[] PIECES = {
        "a line of prose",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "\t",
        "\b",
        "\f",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u0080",
        "\u00e9",
        "\u2028",
        "\u4e2d\u6587",
        "\uD83D\uDE00",
        "\uFFFF",
        "/",
        "'"
    };

    @Test
    void text_is_escaped_as_jackson_does_it() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(12); left > 0; left--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String drawn = text.toString();
            assertThat(Json.escaped(drawn.getBytes(StandardCharsets.UTF_8)))
                    .as(drawn)
                    .isEqualTo(JsonStringEncoder.getInstance().quoteAsUTF8(drawn));
        }
    }

    @Test
    void each_character_is_escaped_as_jackson_does_it() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (Character.getType(c) != Character.SURROGATE) {
                String text = Character.toString(c);
                assertThat(Json.escaped(text.getBytes(StandardCharsets.UTF_8)))
                        .isEqualTo(JsonStringEncoder.getInstance().quoteAsUTF8(text));
            }
        }
    }

    @Test
    void text_with_nothing_to_escape_is_not_copied() {
        byte[] plain = "A transfer of 12 € arrives tomorrow.".getBytes(StandardCharsets.UTF_8);
        assertThat(Json.escaped(plain)).isSameAs(plain);
    }
}
