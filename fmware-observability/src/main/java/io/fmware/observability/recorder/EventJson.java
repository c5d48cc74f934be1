package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * An event as one JSON object, redacted: what is recorded of it, with its contents in their places. So an event that happens can be
 * compared with one that was recorded ({@link RecordedEvent#whole}), but for what says where and when: {@code ns}, {@code h} and
 * {@code outer} stand in recorded events alone.
 *
 * <p>Marks of the redactor are equal for equal values only where both were redacted under one key. Thread-safe.
 */
public final class EventJson {
    /** The fields that any event may have: its type, its run and where and when in that, its hash and its key. */
    public static final Set<String> HEAD = Set.of("t", "r", "p", "n", "k", "at", "ns", "h");

    private final EventWriter<byte[]> writer;

    private EventJson(Redactor redactor) {
        this.writer = new EventWriter<>(redactor, new PlacedContents());
    }

    /**
     * Makes JSON of events.
     *
     * @param redactor what removes secrets and personal data
     * @return what makes the JSON
     */
    public static EventJson redacting(Redactor redactor) {
        return new EventJson(Objects.requireNonNull(redactor, "redactor"));
    }

    /**
     * Makes JSON of an event.
     *
     * @param event what happened
     * @return the JSON, which belongs to the caller
     */
    public ObjectNode of(FmEvent event) {
        Skeleton<byte[]> skeleton = writer.begin();
        EventFields<byte[]> fields = new EventFields<>(writer, skeleton);
        fields.head(event);
        fields.write(event);
        try {
            return (ObjectNode) Json.read(skeleton.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("an event of type " + event.type() + " did not become JSON", e);
        }
    }

    /**
     * What an event tells, without where and when: equal events of two runs give equal bytes, as long as what is redacted in them is.
     * Cheaper than {@link #of}, which reads it.
     *
     * @param event what happened
     * @return a JSON object in UTF-8, without type, run, path, number and times
     */
    public byte[] fields(FmEvent event) {
        Skeleton<byte[]> skeleton = writer.begin();
        new EventFields<>(writer, skeleton).write(event);
        return skeleton.bytes();
    }

    /**
     * A path or a name as it stands in events.
     *
     * @param text the path
     * @return the path, redacted
     */
    public String clean(String text) {
        return writer.names().clean(text);
    }

    /**
     * Whether all contents are in their places.
     *
     * @param json an event, or a part of it
     * @return whether nothing in it is named only, because it was not recorded
     */
    public static boolean isWhole(JsonNode json) {
        if (References.isOne(json)) {
            return false;
        }
        for (JsonNode each : json) {
            if (each.isContainerNode() && !isWhole(each)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether something was removed from an event before it was recorded: whether a text or a name in it has a mark as a
     * {@link Redactor} leaves it.
     *
     * @param json an event, or a part of it
     * @return whether there is a mark
     */
    public static boolean isRedacted(JsonNode json) {
        if (json.isTextual()) {
            return Redactor.MARK.matcher(json.textValue()).find();
        }
        for (Map.Entry<String, JsonNode> each : json.properties()) {
            if (Redactor.MARK.matcher(each.getKey()).find()) {
                return true;
            }
        }
        for (JsonNode each : json) {
            if (isRedacted(each)) {
                return true;
            }
        }
        return false;
    }
}
