package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.observability.recorder.RecordedEvent;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Puts events into words, with all that is from the recording escaped. */
final class EventText {
    private final OnRecording how;
    private final @Nullable Contents contents;

    /** With contents, or {@code null} where they are not looked for. */
    EventText(OnRecording how, @Nullable Contents contents) {
        this.how = how;
        this.contents = contents;
    }

    /** What happened at a place, without what says where and when. */
    String of(RecordedEvent event) {
        JsonNode json = event.json();
        return switch (event.type()) {
            case "verdict" ->
                "verdict " + (event.isFailure() ? how.screen().bad("rejected") : "accepted") + " by "
                        + name(event, "by") + opt(", because ", json, "reason");
            case "cache" -> "cache " + name(event, "cache") + ": " + name(event, "outcome");
            case "decision" ->
                "decision" + opt(" ", json, "question") + opt(" -> ", json, "choice") + " of "
                        + json.path("options").size() + opt(", because ", json, "reason");
            case "plan" ->
                "plan of " + json.path("steps").size() + list(": ", json.path("steps"))
                        + opt(", because ", json, "reason");
            case "thinking" -> "thinking" + opt(" ", json, "text");
            case "question" -> "question" + opt(" ", json, "question");
            case "message" -> "message " + name(event, "from") + " -> " + name(event, "to") + opt(" ", json, "content");
            case "error" -> how.screen().bad("error " + error(event));
            case "boundary" ->
                name(event, "boundary") + " " + name(event, "name") + opt(" ", json, "output")
                        + (json.has("error") ? how.screen().bad(" failed: " + error(event)) : "");
            default -> how.name(event.type()) + fields(event);
        };
    }

    /** All that an event says. */
    String fields(RecordedEvent event) {
        StringBuilder out = new StringBuilder();
        Fields.plain(
                event.json(),
                (field, value) -> out.append(' ')
                        .append(how.name(field))
                        .append('=')
                        .append(value.isTextual() ? how.name(value.asText()) : how.name(value.toString())));
        for (Fields.Named each : Fields.contents(event.json())) {
            out.append(' ').append(how.name(each.field())).append('=').append(content(each));
        }
        return out.toString();
    }

    /** The error of an event, and what it says. */
    String error(RecordedEvent event) {
        return how.error(String.valueOf(event.text("error"))) + opt(": ", event.json(), "message");
    }

    private String name(RecordedEvent event, String field) {
        return how.name(String.valueOf(event.text(field)));
    }

    private String opt(String before, JsonNode event, String field) {
        JsonNode content = event.get(field);
        return content == null ? "" : before + shown(field, content);
    }

    private String shown(String field, JsonNode of) {
        return Fields.isContent(of) ? content(Fields.Named.of(field, of)) : how.name(of.asText());
    }

    private String list(String before, JsonNode contents) {
        StringJoiner out = new StringJoiner(", ", before, "");
        out.setEmptyValue("");
        for (JsonNode each : contents) {
            out.add(shown("", each));
        }
        return out.toString();
    }

    /** A content in a line: what it says, or how long it is. */
    String content(Fields.Named named) {
        if (contents == null) {
            return "<" + named.bytes() + " B>";
        }
        String text = contents.text(named.id());
        if (text != null) {
            return '"' + how.content(Contents.said(named, text).text()) + '"';
        }
        return "<" + named.bytes() + " B" + (contents.isRecorded(named.id()) ? ">" : ", not recorded>");
    }

    /** Who said a content. */
    String by(Fields.Named named) {
        String text = contents == null ? null : contents.text(named.id());
        return how.name(
                text == null ? named.field() : Contents.said(named, text).by());
    }
}
