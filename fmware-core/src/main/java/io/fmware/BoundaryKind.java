package io.fmware;

/**
 * The points at which a program meets what is not deterministic, and the scopes in which it does so. Each says what goes in
 * and what comes out; who replaces an output has to give that type.
 */
public enum BoundaryKind {
    /** A run: a scope, nothing goes in or comes out. */
    RUN("run", Object.class, Object.class),
    /** An agent: its arguments by name go in as a {@code Map}, its result comes out. Where it is opened by hand it is a scope. */
    AGENT("agent", Object.class, Object.class),
    /** A step that the application names: a scope. */
    STEP("step", Object.class, Object.class),
    /** A question to a chat model, once however many attempts it takes: {@link FmCall} and {@link FmReply}. */
    CALL("call", FmCall.class, FmReply.class),
    /** Texts to be embedded, once however many attempts it takes: {@link FmCall} and {@link FmReply}. */
    EMBEDDING("embedding", FmCall.class, FmReply.class),
    /** One call of a model, below all interceptors: {@link FmCall} and {@link FmReply}. */
    ATTEMPT("attempt", FmCall.class, FmReply.class),
    /** Segments to be scored: {@link ScoringRequest} and a {@code List<Double>}. */
    SCORING("scoring", Object.class, Object.class),
    /** Text to be moderated: {@code ModerationRequest} and {@code ModerationResponse}. */
    MODERATION("moderation", Object.class, Object.class),
    /** A tool: {@code ToolExecutionRequest} and {@code ToolExecutionResult}. */
    TOOL("tool", Object.class, Object.class),
    /** Documents for a query: {@code Query} and {@code List<Content>}. */
    RETRIEVAL("retrieval", Object.class, Object.class),
    /** A chat memory that is read: its id and a {@code List<ChatMessage>}. */
    MEMORY_READ("memory-read", Object.class, Object.class),
    /** A chat memory that is changed: a {@code List<ChatMessage>}, and nothing comes out. */
    MEMORY_WRITE("memory-write", Object.class, Object.class),
    /**
     * What to do next: the names of the agents that can be called go in as a {@code List<String>}, an {@link AgentPlan} comes out.
     */
    PLAN("plan", Object.class, Object.class),
    /** Work that goes on beside this: the names of the branches go in. */
    FORK("fork", Object.class, Object.class),
    /** The end of such work: the names of the branches in the order in which they ended come out. */
    JOIN("join", Object.class, Object.class),
    /** The time: nothing goes in, what comes out is as the name says. */
    CLOCK("clock", Object.class, Object.class),
    /** A random value. */
    RANDOM("random", Object.class, Object.class),
    /** An identifier that is made up, such as a UUID. */
    ID("id", Object.class, Object.class);

    private final String word;
    private final Class<?> input;
    private final Class<?> output;

    BoundaryKind(String word, Class<?> input, Class<?> output) {
        this.word = word;
        this.input = input;
        this.output = output;
    }

    /**
     * The word for the kind in paths and events; it never changes.
     *
     * @return the word, such as {@code tool}
     */
    public String word() {
        return word;
    }

    /**
     * Whether it is not for the program to decide what comes out: a model, a tool, the clock or chance does. A replay answers these; what
     * comes out of the others follows from them.
     *
     * @return whether a replay answers boundaries of this kind
     */
    public boolean isAnswered() {
        return switch (this) {
            case RUN, AGENT, STEP, PLAN, FORK, JOIN, MEMORY_WRITE -> false;
            default -> true;
        };
    }

    /** Whether it takes so little time, within the process, that others wait for it. */
    boolean isShort() {
        return switch (this) {
            case MEMORY_READ, MEMORY_WRITE, FORK, JOIN, CLOCK, RANDOM, ID -> true;
            default -> false;
        };
    }

    /** Whether somebody outside of the process may be asked, which may cost something. */
    boolean isOutside() {
        return isAnswered() && !isShort();
    }

    /** Whether FMware alone knows where this kind of boundary is. */
    boolean isOurs() {
        return this == RUN || input == FmCall.class;
    }

    Class<?> output() {
        return output;
    }
}
