package io.fmware.observability.recorder;

import io.fmware.event.Redactor;
import io.fmware.event.RunPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of one event while it is written: fields of the skeleton, which are redacted, and contents, which are redacted and then
 * kept as {@link Contents} says. Not thread-safe.
 *
 * @param <C> a content as it is kept
 */
final class Skeleton<C> {
    /** What an event takes, most often. */
    private static final int USUAL = 512;

    final JsonWriter json = new JsonWriter(USUAL);

    private final Redactor redactor;
    private final Names names;
    private final Contents<C> contents;
    private final List<C> kept = new ArrayList<>();

    Skeleton(Redactor redactor, Names names, Contents<C> contents) {
        this.redactor = redactor;
        this.names = names;
        this.contents = contents;
        json.beginObject();
    }

    /** Ends the event. */
    byte[] bytes() {
        return json.endObject().bytes();
    }

    /** The contents so far. */
    List<C> kept() {
        return kept;
    }

    void head(String type, String run, RunPath path) {
        json.name("t").text(type);
        id("r", run);
        json.name("p").text(names.clean(path.toString()));
    }

    void time(String at) {
        json.name("at").text(at);
    }

    /** The id of a run. */
    void id(String field, String run) {
        json.name(field).text(names.id(run));
    }

    void number(String field, @Nullable Number value) {
        if (value instanceof Double real) {
            json.name(field).number(real);
        } else if (value != null) {
            json.name(field).number(value.longValue());
        }
    }

    /** A part of the skeleton that is text, and redacted like all text. */
    void text(String field, String value) {
        json.name(field).text(names.clean(value));
    }

    void textIfThere(String field, @Nullable String value) {
        if (value != null) {
            text(field, value);
        }
    }

    /** A text whose name is the application's. */
    void named(String name, String value) {
        text(names.clean(name), value);
    }

    /** An element of an array in the skeleton. */
    void text(String value) {
        json.text(names.clean(value));
    }

    /** A content that is text. */
    void content(String field, @Nullable String text) {
        if (text != null) {
            json.name(field);
            content(text);
        }
    }

    void contents(String field, List<String> texts) {
        json.name(field).beginArray();
        for (String each : texts) {
            content(each);
        }
        json.endArray();
    }

    void content(String text) {
        redacted(redactor.redact(text));
    }

    /** A content that is text, and was redacted. */
    void redacted(String text) {
        kept(contents.of(utf8(text)), false);
    }

    /** What somebody gave as JSON: it is taken for text where it is none. */
    void given(String field, @Nullable String text) {
        if (text != null) {
            json.name(field);
            String redacted = redactor.redactJson(text);
            kept(contents.of(utf8(redacted)), Json.isJson(redacted));
        }
    }

    /** A content that is JSON, and was redacted. */
    void json(byte[] content) {
        kept(contents.of(content), true);
    }

    void kept(C content, boolean isJson) {
        kept.add(content);
        contents.write(content, isJson, json);
    }

    static byte[] utf8(String text) {
        return WellFormed.text(text).getBytes(StandardCharsets.UTF_8);
    }
}
