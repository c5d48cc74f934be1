package io.fmware;

import io.fmware.event.RunPath;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A boundary as it is crossed, or a scope as it is open. Immutable; what goes in is what the application made. */
public final class Boundary {
    private final BoundaryKind kind;
    private final String name;
    private final RunScope place;
    private final @Nullable Object input;

    Boundary(BoundaryKind kind, String name, RunScope place, @Nullable Object input) {
        this.kind = kind;
        this.name = name;
        this.place = place;
        this.input = input;
    }

    /**
     * What kind of boundary this is.
     *
     * @return the kind
     */
    public BoundaryKind kind() {
        return kind;
    }

    /**
     * The name at the boundary: of a model, a tool, an agent.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The run in which this happens.
     *
     * @return the run
     */
    public FmRun run() {
        return place.run();
    }

    /**
     * Who in the run does this.
     *
     * @return the path, which ends in this boundary
     */
    public RunPath path() {
        return place.path();
    }

    /**
     * What this is for, in the words of who set it up: the description of an agent.
     *
     * @return the description, {@code null} where there is none
     */
    public @Nullable String description() {
        return place.description();
    }

    /**
     * What goes in; see {@link BoundaryKind} for its type.
     *
     * @return the input, {@code null} where there is none
     */
    public @Nullable Object input() {
        return input;
    }

    /**
     * What goes in, by its type.
     *
     * @param <T> the type
     * @param type the class of the input
     * @return the input
     * @throws ClassCastException if it is of another type
     */
    public <T> T input(Class<T> type) {
        return type.cast(Objects.requireNonNull(input, "this boundary has no input"));
    }

    Boundary with(@Nullable Object changed) {
        return changed == input ? this : new Boundary(kind, name, place, changed);
    }

    /** Names the boundary; its input is left out, so that it never reaches a log by accident. */
    @Override
    public String toString() {
        return "Boundary[" + kind.word() + " " + place + "]";
    }
}
