package io.fmware.observability.replay;

import io.fmware.BoundaryKind;
import io.fmware.event.Redactor;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run met at its boundaries, and what they answered: enough to run it again without them. Made of a
 * {@linkplain #of recording}, kept in a {@linkplain #write file} that can be read and compared.
 *
 * <p>What it holds is redacted, as the recording is. Immutable and thread-safe.
 */
public final class Cassette {
    private final List<Taped> runs;
    private final Map<String, String> recordedWith;
    private final List<String> gaps;
    private final List<String> problems;

    /**
     * @param runs the outermost first, each before those in it
     * @param recordedWith versions, by what they are of
     * @param gaps what is wrong with them that they do not show, such as events that are missing
     */
    Cassette(List<Taped> runs, Map<String, String> recordedWith, List<String> gaps) {
        this.runs = List.copyOf(runs);
        this.recordedWith = Map.copyOf(recordedWith);
        this.gaps = List.copyOf(gaps);
        List<String> all = new ArrayList<>(gaps);
        all.addAll(Problems.of(this.runs));
        this.problems = List.copyOf(all);
    }

    /**
     * Takes a run out of a recording, with the runs inside of it.
     *
     * @param recording the recording
     * @param run the id of the run
     * @return the cassette
     * @throws IOException if the disk cannot be read
     * @throws IllegalArgumentException if the recording does not have that run
     */
    public static Cassette of(Recording recording, String run) throws IOException {
        return of(recording, run, Redactor.standard());
    }

    /**
     * Takes a run out of a recording that was made with a redactor of the application's own, with the runs inside of it.
     *
     * @param recording the recording
     * @param run the id of the run
     * @param used what the recorder was given, to be given to {@link Replay.Builder#redactor} too; its marks are known by it, and
     *     lose their hashes, which another process could not make again
     * @return the cassette
     * @throws IOException if the disk cannot be read
     * @throws IllegalArgumentException if the recording does not have that run
     */
    public static Cassette of(Recording recording, String run, Redactor used) throws IOException {
        return RecordingReader.read(recording, run, used);
    }

    /**
     * Reads a file.
     *
     * @param file what {@link #write} has written
     * @return the cassette
     * @throws IOException if it cannot be read, or is no cassette; the message says what is wrong with it
     */
    public static Cassette read(Path file) throws IOException {
        return CassetteFile.read(file);
    }

    /**
     * Writes a file, as a whole or not at all. Directories are made where they are not there.
     *
     * @param file the file, which is replaced
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        CassetteFile.write(this, file);
    }

    /**
     * What was executed.
     *
     * @return the name of the outermost run
     */
    public String name() {
        return runs.get(0).name();
    }

    /**
     * What the recorded run failed with.
     *
     * @return the class of the exception, {@code null} where it did not fail
     */
    public @Nullable String error() {
        return runs.get(0).error();
    }

    List<String> gaps() {
        return gaps;
    }

    /**
     * What cannot be replayed, or may go another way, and why: answers that were not recorded or were redacted, values of types
     * that cannot be made again, events that are missing, threads whose order is not known.
     *
     * @return a line for each, empty where all can be replayed
     */
    public List<String> problems() {
        return problems;
    }

    /**
     * The boundaries that were crossed. A path begins with the name of its run; that of a run inside of others, whose name an earlier
     * run had too, with all the runs around it: {@code claim/run:letter#2/call:gpt#1} is in the second run named {@code letter} of
     * those that were opened in the run {@code claim}.
     *
     * @return their paths, each another one, in the order in which they were opened, run by run
     */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < runs.size(); i++) {
            Taped run = runs.get(i);
            String place = names.add(run.name()) ? run.name() : Paths.ofRun(runs, i);
            run.steps()
                    .keySet()
                    .forEach(each -> paths.add(place + each.substring(run.name().length())));
        }
        return paths;
    }

    /**
     * What the run was recorded with.
     *
     * @return versions by name, such as {@code langchain4j}; empty where the recording does not say
     */
    public Map<String, String> recordedWith() {
        return recordedWith;
    }

    /** The names of the agents, in alphabetical order. */
    Set<String> agents() {
        return runs.stream()
                .flatMap(run -> run.steps().values().stream())
                .filter(step -> step.kind() == BoundaryKind.AGENT && step.asked() != null)
                .map(step -> step.asked().path("agent").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    List<Taped> runs() {
        return runs;
    }

    @Override
    public String toString() {
        return "cassette of " + name() + " with " + paths().size() + " steps";
    }
}
