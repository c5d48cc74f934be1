package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was recorded: what happened, when and where. Contents are named in it by their ids; those that were recorded are
 * had from the {@link Recording}. Immutable, as long as nobody changes the JSON.
 */
public final class RecordedEvent {
    private final String writer;
    private final JsonNode json;

    RecordedEvent(String writer, JsonNode json) {
        this.writer = writer;
        this.json = json;
    }

    /**
     * Which recorder has recorded it.
     *
     * @return 16 hexadecimal digits, drawn when the recorder was opened
     */
    public String writer() {
        return writer;
    }

    /**
     * The name of the kind of event, as in {@link io.fmware.event.FmEvent#type()}.
     *
     * @return the name; a newer version may have recorded kinds that are not known here
     */
    public String type() {
        return json.path("t").asText();
    }

    /**
     * The id of the run.
     *
     * @return the id
     */
    public String run() {
        return json.path("r").asText();
    }

    /**
     * Who in the run did it, such as {@code claim/fraud#1/tool:lookup#2}.
     *
     * @return the path
     */
    public String path() {
        return json.path("p").asText();
    }

    /**
     * The number of the event in its run, from 1.
     *
     * @return the number, 0 for a piece of a streamed answer, which has none
     */
    public long sequence() {
        return json.path("n").asLong();
    }

    /**
     * The time by the clock of the run, which may go back.
     *
     * @return the time, {@link Instant#EPOCH} where it cannot be read
     */
    public Instant at() {
        try {
            return Instant.parse(json.path("at").asText());
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /**
     * The monotonic clock of the process that recorded it, which never goes back.
     *
     * @return nanoseconds since some moment that is the same for all events of one process
     */
    public long nanos() {
        return json.path("ns").asLong();
    }

    /**
     * Whether it tells of something that failed, or was rejected.
     *
     * @return whether it has an error, or is a verdict that rejects
     */
    public boolean isFailure() {
        return json.has("error")
                || (type().equals("verdict") && !json.path("accepted").asBoolean(true));
    }

    /**
     * The ids of the contents that it names, in the order in which it names them.
     *
     * @return the ids
     */
    public List<String> contentIds() {
        List<String> ids = new ArrayList<>();
        for (JsonNode each : json.findValues("#")) {
            ids.add(each.asText());
        }
        return ids;
    }

    /**
     * A text of the skeleton.
     *
     * @param field its name
     * @return the text, {@code null} where there is none
     */
    public @Nullable String text(String field) {
        JsonNode value = json.get(field);
        return value == null || value.isContainerNode() ? null : value.asText();
    }

    /**
     * All of the skeleton.
     *
     * @return JSON; not to be changed
     */
    public JsonNode json() {
        return json;
    }

    /**
     * The event with contents in their places: JSON as JSON, texts as strings. That of an event all of whose contents are there is
     * what {@link EventJson#of} makes of the event itself, but for {@code ns}, {@code h} and {@code outer}.
     *
     * @param contents contents by their ids, as {@link Recording#contents(java.util.Set)} gives them; what is not among them stays
     *     named
     * @return the JSON, which belongs to the caller
     */
    public ObjectNode whole(Map<String, String> contents) {
        return References.replaced(json, contents) instanceof ObjectNode whole
                ? whole
                : JsonNodeFactory.instance.objectNode();
    }

    @Override
    public String toString() {
        return type() + " " + path() + " (" + run() + ", " + sequence() + ")";
    }
}
