package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static final String[] PIECES = {
        "name",
        " ",
        "\"",
        "\\",
        "\n",
        "\r",
        "\t",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u00e9",
        "\u2028",
        "\u4e2d",
        "\uD83D\uDE00",
        "\uD83D",
        "\uDE00",
        "{[:,"
    };

    private static final double[] DOUBLES = {
        0,
        -0.0,
        1,
        0.7,
        -1e-7,
        1e21,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };

    /** Writes the same drawn JSON with both. */
    private static final class Both {
        private final Random random;
        private final JsonWriter ours = new JsonWriter(1);
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final JsonGenerator theirs = new JsonFactory().createGenerator(out);

        Both(long seed) throws IOException {
            random = new Random(seed);
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(9); left > 0; left--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            return WellFormed.text(text.toString());
        }

        void object(int depth) throws IOException {
            ours.beginObject();
            theirs.writeStartObject();
            for (int left = random.nextInt(6); left > 0; left--) {
                String name = text();
                ours.name(name);
                theirs.writeFieldName(name);
                value(depth);
            }
            ours.endObject();
            theirs.writeEndObject();
        }

        private void array(int depth) throws IOException {
            ours.beginArray();
            theirs.writeStartArray();
            for (int left = random.nextInt(6); left > 0; left--) {
                value(depth);
            }
            ours.endArray();
            theirs.writeEndArray();
        }

        private void value(int depth) throws IOException {
            switch (random.nextInt(depth > 3 ? 5 : 7)) {
                case 0 -> {
                    String text = text();
                    ours.text(text);
                    theirs.writeString(text);
                }
                case 1 -> {
                    long number = random.nextLong() >> random.nextInt(64);
                    ours.number(number);
                    theirs.writeNumber(number);
                }
                case 2 -> {
                    double number =
                            random.nextBoolean() ? random.nextDouble() : DOUBLES[random.nextInt(DOUBLES.length)];
                    ours.number(number);
                    theirs.writeNumber(number);
                }
                case 3 -> {
                    boolean flag = random.nextBoolean();
                    ours.flag(flag);
                    theirs.writeBoolean(flag);
                }
                case 4 -> {
                    byte[] id = new byte[16];
                    random.nextBytes(id);
                    BlobId drawn = BlobId.of(id);
                    ours.hex(drawn.high(), drawn.low());
                    theirs.writeString(HexFormat.of().formatHex(id));
                }
                case 5 -> object(depth + 1);
                default -> array(depth + 1);
            }
        }

        String written() throws IOException {
            theirs.close();
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void json_is_written_as_jackson_does_it() throws IOException {
        for (int seed = 0; seed < 3_000; seed++) {
            Both both = new Both(seed);
            both.object(0);
            assertThat(new String(both.ours.bytes(), StandardCharsets.UTF_8))
                    .as("seed %d", seed)
                    .isEqualTo(both.written());
            assertThat(both.ours.bytes()).isEqualTo(both.out.toByteArray());
        }
    }
}
