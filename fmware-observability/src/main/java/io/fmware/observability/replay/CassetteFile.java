package io.fmware.observability.replay;

import com.fasterxml.jackson.core.JsonLocation;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cassettes as files: JSON that people read and compare. What was asked and what came back stands at its place; a message that
 * comes again is named by its id; the order of threads is written where it is not that of the steps.
 */
final class CassetteFile {
    private static final String FORMAT = "format";
    private static final String NAME = "fmware-cassette";
    private static final int VERSION = 1;
    private static final int MOST_SHOWN = 60;
    private static final String CURE =
            ". Take the file as it was committed (git checkout), or delete it and record it again";
    private static final Pattern UNMERGED = Pattern.compile("^(<{7}|={7}|>{7}|\\|{7})( |\r?$)", Pattern.MULTILINE);

    private CassetteFile() {}

    static void write(Cassette cassette, Path file) throws IOException {
        ReadableJson.write(text(cassette), file, false);
    }

    static String text(Cassette cassette) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put(FORMAT, NAME + " " + VERSION);
        ObjectNode with = root.putObject("recordedWith");
        new TreeMap<>(cassette.recordedWith()).forEach(with::put);
        if (!cassette.gaps().isEmpty()) {
            ArrayNode problems = root.putArray("problems");
            cassette.gaps().forEach(problems::add);
        }
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
            json.set("asked", repeated.shortened(sorted(step, step.asked())));
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

    /** What went in; the inputs of an agent have an order only by chance, such as that of a hash map. */
    private static ObjectNode sorted(Step step, ObjectNode asked) {
        if (step.kind() == BoundaryKind.AGENT && asked.path("inputs").get("map") instanceof ObjectNode map) {
            ObjectNode sorted = asked.objectNode();
            new TreeMap<>(map.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                    .forEach(sorted::set);
            ObjectNode copy = asked.deepCopy();
            copy.putObject("inputs").set("map", sorted);
            return copy;
        }
        return asked;
    }

    static Cassette read(Path file) throws IOException {
        try {
            String text = Files.readString(file);
            refuseUnmerged(text);
            return cassette(ReadableJson.read(text));
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is no cassette, or was damaged: it is not UTF-8" + CURE, e);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no cassette, or was damaged: " + place(e) + CURE, e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be read as a cassette: " + e.getMessage() + CURE, e);
        }
    }

    /** Told without what stands there. */
    private static String place(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return e.getOriginalMessage() + (at == null ? "" : " (line " + at.getLineNr() + ")");
    }

    /** The marks that git puts into a file where two branches have changed it: no JSON begins a line so. */
    private static void refuseUnmerged(String text) {
        Matcher mark = UNMERGED.matcher(text);
        if (mark.find()) {
            throw new IllegalArgumentException("line "
                    + (1 + text.substring(0, mark.start()).lines().count())
                    + " is '" + mark.group(1)
                    + "': two branches have recorded it, and git has merged it half. Take one of"
                    + " them (git checkout --ours or --theirs)");
        }
    }

    private static Cassette cassette(JsonNode root) {
        refuseOtherFormat(root.path(FORMAT).asText());
        Map<String, String> with = new TreeMap<>();
        root.path("recordedWith")
                .properties()
                .forEach(each -> with.put(each.getKey(), each.getValue().asText()));
        Repeated repeated = new Repeated();
        List<Taped> runs = new ArrayList<>();
        for (JsonNode each : list(root, "runs", "it")) {
            runs.add(run(each, repeated, runs.size()));
        }
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("it has no runs");
        }
        List<String> problems = new ArrayList<>();
        root.path("problems").forEach(each -> problems.add(each.asText()));
        return new Cassette(runs, with, problems);
    }

    private static void refuseOtherFormat(String format) {
        Matcher version = Pattern.compile(NAME + " ([0-9]{1,9})").matcher(format);
        if (!version.matches()) {
            throw new IllegalArgumentException("its \"" + FORMAT + "\" is not '" + NAME + " " + VERSION + "'");
        }
        int is = Integer.parseInt(version.group(1));
        if (is != VERSION) {
            throw new IllegalArgumentException("it is of format '" + format + "', and this version of FMware reads '"
                    + NAME + " " + VERSION + "'" + (is > VERSION ? "; use a newer FMware" : ""));
        }
    }

    private static Taped run(JsonNode json, Repeated repeated, int place) {
        Map<String, Step> steps = new LinkedHashMap<>();
        for (JsonNode each : list(json, "steps", "run " + place)) {
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
        for (JsonNode each : list(json, "pieces", "step " + path)) {
            if (!(each instanceof ObjectNode piece)) {
                throw new IllegalArgumentException("piece " + (pieces.size() + 1) + " of step " + path + " is "
                        + shortly(each) + ", and has to be an object");
            }
            pieces.add(piece);
        }
        return new Step(path, kind, part(json, "asked", path, repeated), part(json, "given", path, repeated), pieces);
    }

    /** A field that is a list, or is not there. */
    private static JsonNode list(JsonNode json, String name, String of) {
        JsonNode list = json.path(name);
        if (!list.isArray() && !list.isMissingNode()) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" of " + of + " is " + shortly(list) + ", and has to be a list");
        }
        return list;
    }

    private static @Nullable ObjectNode part(JsonNode json, String name, String path, Repeated repeated) {
        JsonNode part = json.get(name);
        if (part == null) {
            return null;
        }
        if (!(part instanceof ObjectNode object)) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" of step " + path + " is " + shortly(part) + ", and has to be an object");
        }
        return (ObjectNode) repeated.whole(object);
    }

    private static String shortly(JsonNode json) {
        String text = json.toString();
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
    }
}
