package io.fmware.observability.recorder;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Writes JSON as UTF-8 and without spaces, byte for byte as Jackson's generator does, but without setting a generator up for each
 * event. Texts must be {@linkplain WellFormed well-formed}. Not thread-safe.
 */
final class JsonWriter {
    private static final HexFormat HEX_ESCAPE = HexFormat.of().withUpperCase();
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    JsonWriter(int room) {
        bytes = new byte[room];
    }

    JsonWriter beginObject() {
        return begin('{');
    }

    JsonWriter endObject() {
        return add('}');
    }

    JsonWriter beginArray() {
        return begin('[');
    }

    JsonWriter endArray() {
        return add(']');
    }

    private JsonWriter begin(char bracket) {
        separate();
        return add(bracket);
    }

    /** The name of the value that comes next. */
    JsonWriter name(String name) {
        return text(name).add(':');
    }

    JsonWriter text(String text) {
        separate();
        room(text.length() + 2);
        byte[] into = bytes;
        int at = length;
        into[at++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Json.isPlain(c)) {
                return escaped(text);
            }
            into[at++] = (byte) c;
        }
        into[at++] = '"';
        length = at;
        return this;
    }

    /** A text that is not plain ASCII; what takes two characters of Java is written as two escapes. */
    private JsonWriter escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (char c : JsonStringEncoder.getInstance().quoteAsString(text)) {
            if (Character.isSurrogate(c)) {
                escaped.append("\\u").append(HEX_ESCAPE.toHexDigits(c));
            } else {
                escaped.append(c);
            }
        }
        byte[] utf8 = escaped.toString().getBytes(StandardCharsets.UTF_8);
        return add('"').bytes(utf8).add('"');
    }

    /** A text of UTF-8. */
    JsonWriter utf8(byte[] text) {
        separate();
        return add('"').bytes(Json.escaped(text)).add('"');
    }

    /** JSON as it is. */
    JsonWriter json(byte[] json) {
        separate();
        return bytes(json);
    }

    private JsonWriter bytes(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    JsonWriter number(long number) {
        separate();
        return ascii(Long.toString(number));
    }

    /** A number; what JSON has no number for becomes a text. */
    JsonWriter number(double number) {
        if (!Double.isFinite(number)) {
            return text(Double.toString(number));
        }
        separate();
        return ascii(Double.toString(number));
    }

    JsonWriter flag(boolean flag) {
        separate();
        return ascii(Boolean.toString(flag));
    }

    /** A text of 32 hexadecimal digits. */
    JsonWriter hex(long high, long low) {
        separate();
        room(2 * Long.BYTES * 2 + 2);
        add('"');
        digits(high);
        digits(low);
        return add('"');
    }

    private void digits(long number) {
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (number >>> shift) & 0xf];
        }
    }

    private JsonWriter ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    private JsonWriter add(char c) {
        room(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** A comma, where this is not the first one here. */
    private void separate() {
        if (length > 0 && "{[:".indexOf(bytes[length - 1]) < 0) {
            add(',');
        }
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.addExact(length, Math.max(length, more)));
        }
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }
}
