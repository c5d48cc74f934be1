package io.fmware.observability.replay;

import dev.langchain4j.agentic.observability.AgentListener;
import dev.langchain4j.data.message.ChatMessage;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.event.RunPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@linkplain Snapshot snapshots} of the state of langchain4j's agents before one of them is called, to start from there
 * again.
 *
 * <pre>{@code
 * Snapshots snapshots = Snapshots.before("letter");
 * FmPipeline pipeline = FmPipeline.builder().watch(snapshots).build();       // sees memories
 * Desk desk = AgenticServices.sequenceBuilder(Desk.class)
 *         .listener(snapshots.listener())                                    // sees the AgenticScope
 *         ..
 * }</pre>
 *
 * <p>Of chat memories it knows those behind boundaries that the run has read or written, as they were read last, with what was
 * added since. What was set as a whole is known from the next read on. Thread-safe.
 */
public final class Snapshots implements BoundaryInterceptor {
    /** How many snapshots are kept; older ones are dropped. */
    public static final int MOST = 100;

    private final Predicate<String> wanted;
    private final Map<FmRun, Remembered> memories = new ConcurrentHashMap<>();
    private final Deque<Snapshot> taken = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();

    private Snapshots(Predicate<String> wanted) {
        if (!isThere()) {
            throw new IllegalStateException(
                    "snapshots are of langchain4j's agents, which are not on the class path; add dev.langchain4j:langchain4j-agentic");
        }
        this.wanted = wanted;
    }

    private static boolean isThere() {
        try {
            Class.forName("dev.langchain4j.agentic.scope.AgenticScope", false, Snapshots.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Takes a snapshot each time before one of these agents is called.
     *
     * @param agents their names
     * @return what takes them
     * @throws IllegalStateException if langchain4j-agentic is not on the class path
     * @throws IllegalArgumentException if no agent is named
     */
    public static Snapshots before(String... agents) {
        Set<String> names = Set.copyOf(List.of(agents));
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "name the agents before which a snapshot is taken, or use beforeEachAgent()");
        }
        return new Snapshots(names::contains);
    }

    /**
     * Takes a snapshot each time before any agent is called, which costs as much as to write all of the state as JSON and
     * to read it again.
     *
     * @return what takes them
     * @throws IllegalStateException if langchain4j-agentic is not on the class path
     */
    public static Snapshots beforeEachAgent() {
        return new Snapshots(name -> true);
    }

    /**
     * What listens to agents: to be given to the builder of the outermost one, and inherited by those in it. langchain4j tells of
     * no agent that is a plain object directly in the outermost one.
     *
     * @return the listener
     */
    public AgentListener listener() {
        return Scopes.listener(this);
    }

    /**
     * What was taken, the oldest first.
     *
     * @return the last {@value #MOST} snapshots
     */
    public List<Snapshot> taken() {
        lock.lock();
        try {
            return List.copyOf(taken);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The snapshot that was taken last.
     *
     * @return the snapshot
     * @throws IllegalStateException if none was taken
     */
    public Snapshot last() {
        List<Snapshot> all = taken();
        if (all.isEmpty()) {
            throw new IllegalStateException(
                    "no snapshot was taken: none of the agents was called, or listener() was not given to"
                            + " the builder of the outermost one");
        }
        return all.get(all.size() - 1);
    }

    boolean wants(String agent) {
        return wanted.test(agent);
    }

    /**
     * @param root the type of the outermost agent
     * @param scope the state as JSON, {@code null} where it cannot be kept
     */
    void take(String agent, String root, @Nullable String scope, List<String> problems) {
        FmRun run = FmRun.current();
        RunPath path = FmRun.currentPath();
        Remembered remembered = run == null ? null : memories.get(run);
        Snapshot snapshot = new Snapshot(
                run == null ? "" : run.id(),
                path == null ? agent : path.toString(),
                agent,
                root,
                scope,
                remembered == null ? List.of() : remembered.all(),
                problems);
        lock.lock();
        try {
            taken.addLast(snapshot);
            if (taken.size() > MOST) {
                taken.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        if (error != null || boundary.run().hasEnded()) {
            return;
        }
        if (boundary.kind() == BoundaryKind.MEMORY_READ) {
            of(boundary).read(agent(boundary.path()), boundary.name(), boundary.input(), messages(output));
        } else if (boundary.kind() == BoundaryKind.MEMORY_WRITE) {
            of(boundary).written(agent(boundary.path()), boundary.name(), messages(boundary.input()));
        }
    }

    @Override
    public void ended(FmRun run) {
        memories.remove(run);
    }

    private Remembered of(Boundary boundary) {
        return memories.computeIfAbsent(boundary.run(), run -> new Remembered());
    }

    /** The name of the innermost agent in a path; empty for none. */
    private static String agent(RunPath path) {
        for (RunPath at = path; at != null && at.depth() > 0; at = at.parent()) {
            if (at.segment().indexOf(':') < 0) {
                return at.segment();
            }
        }
        return "";
    }

    private static List<ChatMessage> messages(@Nullable Object given) {
        return given instanceof List<?> list
                ? list.stream()
                        .filter(ChatMessage.class::isInstance)
                        .map(ChatMessage.class::cast)
                        .toList()
                : List.of();
    }

    @Override
    public String toString() {
        return "snapshots";
    }
}
