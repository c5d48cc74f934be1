package io.fmware.observability.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.BoundaryKind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Cassettes as files: JSON that people read and compare. What was asked and what came back stands at its place; a message that
 * comes again is named by its id; the order of threads is written where it is not that of the steps.
 */
final class CassetteFile {
    private static final String FORMAT = "format";
    private static final String NAME = "fmware-cassette";
    private static final int VERSION = 1;

    private CassetteFile() {}

    static void write(Cassette cassette, Path file) throws IOException {
        ReadableJson.write(text(cassette), file, false);
    }

    static String text(Cassette cassette) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put(FORMAT, NAME + " " + VERSION);
        ObjectNode with = root.putObject("recordedWith");
        new TreeMap<>(cassette.recordedWith()).forEach(with::put);
        Repeated repeated = new Repeated();
        ArrayNode runs = root.putArray("runs");
        cassette.runs().forEach(each -> runs.add(run(each, repeated)));
        return ReadableJson.text(root) + "\n";
    }

    private static ObjectNode run(Taped run, Repeated repeated) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("run", run.name());
        if (run.outer() >= 0) {
            json.put("in", run.outer());
            json.put("number", run.number());
        }
        json.put("exact", run.exact());
        if (!run.attributes().isEmpty()) {
            ObjectNode attributes = json.putObject("attributes");
            new TreeMap<>(run.attributes()).forEach(attributes::put);
        }
        if (run.error() != null) {
            json.put("error", run.error());
        }
        ArrayNode steps = json.putArray("steps");
        run.steps().values().forEach(each -> steps.add(step(each, repeated)));
        if (!run.order().equals(Orders.natural(run.steps().values()))) {
            ArrayNode order = json.putArray("order");
            run.order().forEach(each -> order.add(each.toString()));
        }
        return json;
    }

    private static ObjectNode step(Step step, Repeated repeated) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("path", step.path());
        json.put("kind", step.kind().word());
        if (step.asked() != null) {
            json.set("asked", repeated.shortened(step.asked()));
        }
        if (step.given() != null) {
            json.set("given", repeated.shortened(step.given()));
        }
        if (!step.pieces().isEmpty()) {
            ArrayNode pieces = json.putArray("pieces");
            step.pieces().forEach(pieces::add);
        }
        return json;
    }

    static Cassette read(Path file) throws IOException {
        try {
            return cassette(ReadableJson.read(Files.readString(file)));
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is no cassette, or was damaged: it is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no cassette, or was damaged: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be read as a cassette: " + e.getMessage(), e);
        }
    }

    private static Cassette cassette(JsonNode root) {
        String format = root.path(FORMAT).asText();
        if (!format.equals(NAME + " " + VERSION)) {
            throw new IllegalArgumentException(
                    format.startsWith(NAME + " ")
                            ? "it is of format '" + format + "', and this version of FMware reads '" + NAME + " "
                                    + VERSION + "'; use a newer FMware, or record it again"
                            : "its \"" + FORMAT + "\" is not '" + NAME + " " + VERSION + "'");
        }
        Map<String, String> with = new TreeMap<>();
        root.path("recordedWith")
                .properties()
                .forEach(each -> with.put(each.getKey(), each.getValue().asText()));
        Repeated repeated = new Repeated();
        List<Taped> runs = new ArrayList<>();
        for (JsonNode each : root.path("runs")) {
            runs.add(run(each, repeated, runs.size()));
        }
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("it has no runs");
        }
        return new Cassette(runs, with, List.of());
    }

    private static Taped run(JsonNode json, Repeated repeated, int place) {
        Map<String, Step> steps = new LinkedHashMap<>();
        for (JsonNode each : json.path("steps")) {
            Step step = step(each, repeated);
            if (steps.put(step.path(), step) != null) {
                throw new IllegalArgumentException("step " + step.path() + " stands in it twice");
            }
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        json.path("attributes")
                .properties()
                .forEach(each -> attributes.put(each.getKey(), each.getValue().asText()));
        int outer = json.path("in").asInt(-1);
        if (outer >= place) {
            throw new IllegalArgumentException(
                    "run " + place + " is in run " + outer + ", which does not stand before it");
        }
        return new Taped(
                ReadableJson.text(json, "run"),
                json.path("number").asInt(1),
                outer,
                attributes,
                json.path("exact").asBoolean(),
                steps,
                order(json.path("order"), steps),
                json.path("error").isTextual() ? json.get("error").asText() : null);
    }

    private static List<Turn> order(JsonNode json, Map<String, Step> steps) {
        if (!json.isArray()) {
            return Orders.natural(steps.values());
        }
        List<Turn> order = new ArrayList<>();
        for (JsonNode each : json) {
            int space = each.asText().indexOf(' ');
            if (space < 0) {
                throw new IllegalArgumentException(
                        "'" + each.asText() + "' is no turn; one is 'open PATH' or 'close PATH'");
            }
            order.add(new Turn(each.asText().substring(space + 1), each.asText().substring(0, space)));
        }
        return order;
    }

    private static Step step(JsonNode json, Repeated repeated) {
        String path = ReadableJson.text(json, "path");
        String word = ReadableJson.text(json, "kind");
        BoundaryKind kind = Told.kind(word);
        if (kind == null) {
            throw new IllegalArgumentException("step " + path + " is of kind '" + word + "', which is not known");
        }
        List<ObjectNode> pieces = new ArrayList<>();
        for (JsonNode each : json.path("pieces")) {
            if (each instanceof ObjectNode piece) {
                pieces.add(piece);
            }
        }
        return new Step(path, kind, part(json, "asked", repeated), part(json, "given", repeated), pieces);
    }

    private static @Nullable ObjectNode part(JsonNode json, String name, Repeated repeated) {
        return json.get(name) instanceof ObjectNode part ? (ObjectNode) repeated.whole(part) : null;
    }
}
