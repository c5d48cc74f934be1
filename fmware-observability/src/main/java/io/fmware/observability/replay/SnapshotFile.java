package io.fmware.observability.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import io.fmware.event.Redactor;
import io.fmware.observability.replay.Remembered.Memory;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Snapshots as files: JSON that people read and compare. */
final class SnapshotFile {
    private static final String FORMAT = "format";
    private static final String NAME = "fmware-snapshot 1";

    /** Numbers stay what they are, to the last digit. */
    private static final ObjectMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private SnapshotFile() {}

    static void write(Snapshot snapshot, Redactor redactor, Path file) throws IOException {
        ReadableJson.write(text(snapshot, redactor), file, true);
    }

    private static String text(Snapshot snapshot, Redactor redactor) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put(FORMAT, NAME);
        root.put("run", snapshot.run());
        root.put("path", redactor.redact(snapshot.path()));
        root.put("agent", redactor.redact(snapshot.agent()));
        root.put("root", snapshot.root());
        String scope = snapshot.kept();
        if (scope != null) {
            root.set("scope", EXACT.readTree(redactor.redactJson(scope)));
        }
        ArrayNode memories = root.putArray("memories");
        for (Memory each : snapshot.remembered()) {
            ObjectNode memory = memories.addObject();
            memory.put("agent", redactor.redact(each.agent()));
            memory.put("id", redactor.redact(each.id()));
            ArrayNode messages = memory.putArray("messages");
            for (ChatMessage message : each.messages()) {
                messages.add(EXACT.readTree(redactor.redactJson(ChatMessageSerializer.messageToJson(message))));
            }
        }
        ArrayNode problems = root.putArray("problems");
        snapshot.problems().forEach(each -> problems.add(redactor.redact(each)));
        return ReadableJson.text(root) + "\n";
    }

    static Snapshot read(Path file) throws IOException {
        try {
            return snapshot(ReadableJson.unfolded(EXACT.readTree(Files.readString(file))));
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is no snapshot, or was damaged: it is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no snapshot, or was damaged: " + e.getOriginalMessage(), e);
        } catch (RuntimeException e) { // of langchain4j too, where a message was damaged or is of another version
            throw new IOException(file + " cannot be read as a snapshot: " + e.getMessage(), e);
        }
    }

    private static Snapshot snapshot(JsonNode root) {
        String format = root.path(FORMAT).asText();
        if (!format.equals(NAME)) {
            throw new IllegalArgumentException(
                    "its \"" + FORMAT + "\" is '" + format + "', and this version of FMware reads '" + NAME + "'");
        }
        List<Memory> memories = new ArrayList<>();
        for (JsonNode each : root.path("memories")) {
            List<ChatMessage> messages = new ArrayList<>();
            each.path("messages")
                    .forEach(message -> messages.add(ChatMessageDeserializer.messageFromJson(message.toString())));
            memories.add(new Memory(ReadableJson.text(each, "agent"), ReadableJson.text(each, "id"), messages));
        }
        List<String> problems = new ArrayList<>();
        root.path("problems").forEach(each -> problems.add(each.asText()));
        return new Snapshot(
                ReadableJson.text(root, "run"),
                ReadableJson.text(root, "path"),
                ReadableJson.text(root, "agent"),
                ReadableJson.text(root, "root"),
                scope(root.get("scope")),
                memories,
                problems);
    }

    private static @Nullable String scope(@Nullable JsonNode scope) {
        if (scope != null && !scope.isObject()) {
            throw new IllegalArgumentException("its \"scope\" is no object");
        }
        return scope == null ? null : scope.toString();
    }
}
