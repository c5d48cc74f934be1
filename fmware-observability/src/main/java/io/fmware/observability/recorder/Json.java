package io.fmware.observability.recorder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What this package writes as JSON by hand. */
final class Json {
    private static final int DEEPEST = 400;
    private static final int DIGITS = 1_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(limits().maxNestingDepth(DEEPEST).build())
            .build();
    private static final JsonMapper EVENTS = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(limits().maxNestingDepth(4 * DEEPEST).build())
                    .build())
            .build();

    /** How the characters of ASCII that cannot stand in a string are written, {@code null} for the others. */
    private static final byte[][] ESCAPES = new byte[128][];

    /** Whether a byte of UTF-8 can stand in a string as it is; a table, since each byte of a prompt is asked for. */
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int c = 0; c < PLAIN.length; c++) {
            PLAIN[c] = c >= ' ' && c != '"' && c != '\\';
            if (!PLAIN[c]) {
                String escape = String.valueOf(JsonStringEncoder.getInstance().quoteAsString(Character.toString(c)));
                ESCAPES[c] = escape.getBytes(StandardCharsets.US_ASCII);
            }
        }
    }

    private Json() {}

    /** What is too long to be read is not recorded either. */
    private static StreamReadConstraints.Builder limits() {
        return StreamReadConstraints.builder()
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxNumberLength(DIGITS);
    }

    /** Whether a text is one JSON value, and not nested so deeply that it could not stand inside of an event. */
    static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Reads JSON that was checked, or that this package has written. */
    static JsonNode read(byte[] json) throws IOException {
        return EVENTS.readTree(json);
    }

    static JsonNode read(String json) throws IOException {
        return EVENTS.readTree(json);
    }

    static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /**
     * Text as it stands between the quotes of a string. What is not ASCII stays as it is, and most text is copied a line at a
     * time.
     *
     * @return the very same bytes where there is nothing to escape
     */
    static byte[] escaped(byte[] utf8) {
        int end = plainEnd(utf8, 0);
        if (end == utf8.length) {
            return utf8;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(utf8.length + utf8.length / 16 + 16);
        int from = 0;
        while (end < utf8.length) {
            out.write(utf8, from, end - from);
            out.writeBytes(ESCAPES[utf8[end]]);
            from = end + 1;
            end = plainEnd(utf8, from);
        }
        out.write(utf8, from, end - from);
        return out.toByteArray();
    }

    /** Whether a character is ASCII and can stand in a string as it is. */
    static boolean isPlain(char c) {
        return c < ESCAPES.length && PLAIN[c];
    }

    private static int plainEnd(byte[] utf8, int from) {
        int end = from;
        while (end < utf8.length && PLAIN[utf8[end] & 0xff]) {
            end++;
        }
        return end;
    }
}
