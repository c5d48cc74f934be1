package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads what flight recorders have written into a directory, also while they write. Whatever has happened to the files, all
 * events are given that are whole; what is not is told.
 *
 * <p>Reads from the disk each time, and holds nothing of it in memory. Thread-safe.
 */
public final class Recording {
    private final Path directory;

    private Recording(Path directory) {
        this.directory = directory;
    }

    /**
     * The recording in a directory.
     *
     * @param directory the directory that recorders were opened with
     * @return the recording
     * @throws IOException if there is no such directory
     */
    public static Recording in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory)
                    ? new NotDirectoryException(directory.toString())
                    : new NoSuchFileException(directory.toString(), null, "there is no such directory");
        }
        return new Recording(directory);
    }

    /**
     * Reads all events, in the order in which each process has recorded them.
     *
     * @param events told of each event
     * @param faults told of each part that cannot be read, or is not there
     * @throws IOException if the disk cannot be read
     */
    public void events(Consumer<? super RecordedEvent> events, Consumer<? super Fault> faults) throws IOException {
        scan(segment -> new EventScan(segment, events, faults));
    }

    /**
     * All runs, in the order in which they began.
     *
     * @param faults told of each part that cannot be read, or is not there
     * @return what is known of each, without its events
     * @throws IOException if the disk cannot be read
     */
    public List<RecordedRun> runs(Consumer<? super Fault> faults) throws IOException {
        return runs(event -> {}, faults);
    }

    /**
     * All runs, in the order in which they began, and all events on the way.
     *
     * @param events told of each event
     * @param faults told of each part that cannot be read, or is not there
     * @return what is known of each run, without its events
     * @throws IOException if the disk cannot be read
     */
    public List<RecordedRun> runs(Consumer<? super RecordedEvent> events, Consumer<? super Fault> faults)
            throws IOException {
        RunCounts runs = new RunCounts();
        events(
                event -> {
                    runs.count(event);
                    events.accept(event);
                },
                faults);
        return runs.all();
    }

    /**
     * Whether a recorder still writes. Runs of it that have no end go on; those of one that does not write any more never ended.
     *
     * @param writer the recorder, as in {@link RecordedEvent#writer()}
     * @return whether it is open, in this process or another one of this machine
     * @throws IOException if the disk cannot be read
     */
    public boolean isWriting(String writer) throws IOException {
        return WriterLock.isHeld(directory, writer);
    }

    /**
     * All contents that were recorded, by their ids; one that is in several segments comes several times.
     *
     * @param contents told of each
     * @throws IOException if the disk cannot be read
     */
    public void contents(BiConsumer<String, String> contents) throws IOException {
        scan(segment ->
                new SegmentScan(segment, fault -> {}) { // told with the events
                    @Override
                    void content(Blob content) {
                        contents.accept(content.id().toString(), content.text());
                    }
                });
    }

    /**
     * Contents by their ids, as far as they were recorded.
     *
     * @param ids the ids, as in an event
     * @return those that were found
     * @throws IOException if the disk cannot be read
     */
    public Map<String, String> contents(Set<String> ids) throws IOException {
        Map<String, String> found = new HashMap<>();
        contents((id, text) -> {
            if (ids.contains(id)) {
                found.put(id, text);
            }
        });
        return found;
    }

    /**
     * Follows the recording: gives what has come since the last look.
     *
     * @return a follower that begins with the first event there is
     */
    public RecordingFollower follow() {
        return new RecordingFollower(directory);
    }

    /**
     * Checks that all is as it was written: the files, the hashes that link the events of each run, and the contents against
     * their ids. What was changed by who could write the whole directory, and made all hashes of a run anew, shows only beside
     * hashes that are known from elsewhere.
     *
     * @param heads the hashes of the last events of runs, by the ids of the runs, as {@link FlightRecorder.Builder#anchor} gave
     *     them; empty where none are known
     * @return what was checked, and what is wrong
     * @throws IOException if the disk cannot be read
     */
    public Verification verify(Map<String, String> heads) throws IOException {
        Verifier verifier = new Verifier(heads);
        scan(verifier::scan);
        return verifier.result();
    }

    /**
     * Takes runs out of the recording, with the contents that no other run names: where a person asks for what is known of them
     * to be erased, say. Runs inside a run go with it. Other runs stay as they are, and as verifiable as they were.
     *
     * <p>Attributes are compared as they were recorded, that is, redacted. What a recorder is writing right now can be erased by
     * itself alone, see {@link FlightRecorder#erase}; the result says what is left. What the disk keeps of files that were deleted
     * is not reached.
     *
     * @param which which runs, such as {@code run -> "u17".equals(run.attributes().get("user"))}
     * @return what was erased, and what was not
     * @throws IOException if the disk cannot be read or written, or somebody else erases from the directory right now; what was
     *     not erased then is found again by the next call
     */
    public Erasure erase(Predicate<? super RecordedRun> which) throws IOException {
        return new Eraser(directory, TimeSource.system()).erase(which);
    }

    /** Reads all segments, the oldest first. */
    void scan(Function<SegmentFile, SegmentScan> reading) throws IOException {
        for (SegmentFile each : SegmentFile.in(directory)) {
            reading.apply(each).read();
        }
    }

    /** Reads the events of a segment. */
    static final class EventScan extends SegmentScan {
        private final Consumer<? super RecordedEvent> events;

        EventScan(SegmentFile segment, Consumer<? super RecordedEvent> events, Consumer<? super Fault> faults) {
            super(segment, faults);
            this.events = events;
        }

        @Override
        void event(byte[] data, long offset) {
            JsonNode json = parsed(data, offset);
            if (json != null) {
                events.accept(new RecordedEvent(segment().writer(), json));
            }
        }
    }
}
