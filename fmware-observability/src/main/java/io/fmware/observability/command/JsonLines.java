package io.fmware.observability.command;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.observability.recorder.Fault;
import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.Recording;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Writes events as lines of JSON, with the texts of contents where they are wanted: then events wait until there are many, since
 * for each such batch all contents are read. Not thread-safe.
 */
final class JsonLines {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final ObjectMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final int MOST_EVENTS = 50_000;
    private static final long MOST_BYTES = 64L << 20;

    private final Recording recording;
    private final Predicate<RecordedEvent> wanted;
    private final boolean texts;
    private final Progress progress;
    private final Function<IOException, RuntimeException> gone;
    private final List<byte[]> waiting = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private long bytes;

    JsonLines(
            Recording recording,
            Predicate<RecordedEvent> wanted,
            boolean texts,
            Progress progress,
            Function<IOException, RuntimeException> gone) {
        this.recording = recording;
        this.wanted = wanted;
        this.texts = texts;
        this.progress = progress;
        this.gone = gone;
    }

    /** Makes a file that only this user may read, where the file system knows such a thing. */
    void write(Path file, Consumer<Fault> faults) throws IOException {
        Set<OpenOption> how = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] own = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
                }
                : new FileAttribute<?>[0];
        try (OutputStream to =
                new BufferedOutputStream(Channels.newOutputStream(Files.newByteChannel(file, how, own)), 1 << 16)) {
            write(to, false, faults);
        }
    }

    /** Writes; in ASCII where it may be seen on a terminal. */
    void write(OutputStream to, boolean ascii, Consumer<Fault> faults) throws IOException {
        ObjectMapper mapper = ascii ? ASCII : JSON;
        recording.events(
                event -> {
                    progress.step();
                    if (wanted.test(event)) {
                        try {
                            take(event, mapper, to);
                        } catch (IOException e) {
                            throw gone.apply(e);
                        }
                    }
                },
                faults);
        try {
            flush(mapper, to);
        } catch (IOException e) {
            throw gone.apply(e);
        }
    }

    private void take(RecordedEvent event, ObjectMapper mapper, OutputStream to) throws IOException {
        byte[] line = mapper.writeValueAsBytes(event.json());
        if (!texts) {
            line(line, to);
            return;
        }
        waiting.add(line);
        for (Fields.Named each : Fields.contents(event.json())) {
            bytes += ids.add(each.id()) ? Math.max(0, each.bytes()) : 0;
        }
        if (waiting.size() >= MOST_EVENTS || bytes >= MOST_BYTES) {
            flush(mapper, to);
        }
    }

    private void flush(ObjectMapper mapper, OutputStream to) throws IOException {
        Map<String, String> found = ids.isEmpty() ? Map.of() : recording.contents(ids);
        for (byte[] each : waiting) {
            JsonNode event = JSON.readTree(each);
            put(event, found);
            line(mapper.writeValueAsBytes(event), to);
        }
        waiting.clear();
        ids.clear();
        bytes = 0;
        to.flush();
    }

    private static void put(JsonNode value, Map<String, String> found) {
        if (value instanceof ObjectNode content && Fields.isContent(content)) {
            String text = found.get(content.path("#").asText());
            if (text != null) {
                content.put("text", text);
            }
            return;
        }
        for (JsonNode each : value) {
            if (each.isContainerNode()) {
                put(each, found);
            }
        }
    }

    private static void line(byte[] json, OutputStream to) throws IOException {
        to.write(json);
        to.write('\n');
    }
}
