package io.fmware.observability.replay;

import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.agentic.scope.AgenticScopeStore;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import io.fmware.event.Redactor;
import io.fmware.observability.replay.Remembered.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of langchain4j's agents before one of them was called: the {@code AgenticScope}, with how far workflows were, and
 * the messages in chat memories. Taken by {@link Snapshots}. To go on from there:
 *
 * <pre>{@code
 * Snapshot snapshot = Snapshot.read(Path.of("before-letter.json"));
 * Desk desk = desk(snapshot.memoryStore());            // the same agents, their memories in that store
 * snapshot.resume(desk).handle(..);                    // only what was still to come is called
 * }</pre>
 *
 * <p>Sequences and loops go on where they were, as does any planner that keeps its place in the scope; agents in parallel are all
 * called again. Immutable and thread-safe.
 */
public final class Snapshot {
    private final String run;
    private final String path;
    private final String agent;
    private final String root;
    private final @Nullable String scope;
    private final List<Memory> memories;
    private final List<String> problems;

    Snapshot(
            String run,
            String path,
            String agent,
            String root,
            @Nullable String scope,
            List<Memory> memories,
            List<String> problems) {
        this.run = run;
        this.path = path;
        this.agent = agent;
        this.root = root;
        this.scope = scope;
        this.memories = List.copyOf(memories);
        this.problems = List.copyOf(problems);
    }

    /**
     * Reads a file. <b>Read only files that you trust</b>: langchain4j makes objects of the classes that are named in the state.
     *
     * @param file what {@link #write(Path)} has written
     * @return the snapshot
     * @throws IOException if it cannot be read, or is no snapshot; the message says what is wrong with it
     */
    public static Snapshot read(Path file) throws IOException {
        return SnapshotFile.read(file);
    }

    /**
     * Writes a file, as a whole or not at all, in which what {@link Redactor#standard()} finds is redacted: an agent that goes on
     * from it sees the marks.
     *
     * @param file the file, which is replaced; directories are made where they are not there
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        write(file, Redactor.standard());
    }

    /**
     * Writes a file, as a whole or not at all.
     *
     * @param file the file, which is replaced; directories are made where they are not there
     * @param redactor takes out of states and messages what is nobody's business
     * @throws IOException if it cannot be written
     */
    public void write(Path file, Redactor redactor) throws IOException {
        SnapshotFile.write(this, Objects.requireNonNull(redactor, "redactor"), file);
    }

    /**
     * In which run it was taken.
     *
     * @return the id of the run, empty outside of any
     */
    public String run() {
        return run;
    }

    /**
     * Where it was taken.
     *
     * @return the path of the agent that was going to be called; outside of any run its name
     */
    public String path() {
        return path;
    }

    /**
     * Before which agent it was taken.
     *
     * @return the name of the agent
     */
    public String agent() {
        return agent;
    }

    /**
     * What is not in it, and why: results that were still to come, streams, and values that cannot be written.
     *
     * @return a line for each, empty where all is there
     */
    public List<String> problems() {
        return problems;
    }

    /**
     * The messages in all memories. A memory that several agents share has those of the agent that saw most.
     *
     * @return by the id of the memory
     * @throws IllegalStateException if memories of two agents have the same id and other messages
     */
    public Map<String, List<ChatMessage>> memories() {
        Map<String, Memory> found = new LinkedHashMap<>();
        memories.forEach(each -> found.merge(each.id(), each, Snapshot::longer));
        return messages(List.copyOf(found.values()));
    }

    /**
     * The messages in the memories of an agent.
     *
     * @param owner the name of the agent
     * @return by the id of the memory, empty if it has none
     */
    public Map<String, List<ChatMessage>> memories(String owner) {
        return messages(
                memories.stream().filter(each -> each.agent().equals(owner)).toList());
    }

    /** Of a memory that two agents share, each knows what there was when it last looked. */
    private static Memory longer(Memory one, Memory other) {
        if (isBeginning(one.messages(), other.messages())) {
            return other;
        }
        if (isBeginning(other.messages(), one.messages())) {
            return one;
        }
        throw new IllegalStateException(
                "the memories " + one.id() + " of agents " + one.agent() + " and " + other.agent()
                        + " have other messages; say whose are meant, as in memories(\"" + other.agent() + "\")");
    }

    private static boolean isBeginning(List<ChatMessage> some, List<ChatMessage> all) {
        return some.size() <= all.size() && all.subList(0, some.size()).equals(some);
    }

    private static Map<String, List<ChatMessage>> messages(List<Memory> memories) {
        Map<String, List<ChatMessage>> messages = new LinkedHashMap<>();
        memories.forEach(each -> messages.put(each.id(), each.messages()));
        return messages;
    }

    /**
     * A new store that begins with the messages in all memories, and keeps what changes.
     *
     * @return the store, to be given to the memories of all agents
     * @throws IllegalStateException if memories of two agents have the same id and other messages
     */
    public ChatMemoryStore memoryStore() {
        return new RestoredMemories(memories());
    }

    /**
     * A new store that begins with the messages in the memories of an agent, and keeps what changes.
     *
     * @param owner the name of the agent
     * @return the store, to be given to the memories of that agent
     */
    public ChatMemoryStore memoryStore(String owner) {
        return new RestoredMemories(memories(owner));
    }

    /**
     * The state of the agents, a new one each time.
     *
     * @return the scope
     * @throws IllegalStateException if it could not be kept
     */
    public AgenticScope scope() {
        return Scopes.scope(json());
    }

    /**
     * A new store that begins with the state of the agents, and keeps what changes: for {@code AgenticScopePersister.setStore},
     * before the outermost agent is called for the first time. Only an agent whose method has a {@code @MemoryId} asks it.
     *
     * @return the store
     * @throws IllegalStateException if the state could not be kept
     */
    public AgenticScopeStore scopeStore() {
        return Scopes.store(root, json());
    }

    /**
     * Puts an agent into the state of the snapshot. The arguments of its method are written over that state; an
     * {@code UntypedAgent} may be called with an empty map. The agent itself is no boundary then, those in it are.
     *
     * @param <T> the type of the agent
     * @param outermost the outermost agent, made as it was then, with the same names
     * @return the agent, which goes on from there, for one call
     * @throws IllegalArgumentException if that is no agent of langchain4j's workflows
     * @throws IllegalStateException if the state could not be kept
     */
    public <T> T resume(T outermost) {
        return Scopes.resumed(outermost, json());
    }

    private String json() {
        if (scope == null) {
            throw new IllegalStateException("the " + this + " has no state: " + String.join("; ", problems));
        }
        return scope;
    }

    String root() {
        return root;
    }

    @Nullable
    String kept() {
        return scope;
    }

    List<Memory> remembered() {
        return memories;
    }

    @Override
    public String toString() {
        return "snapshot before " + path;
    }
}
