package io.fmware.observability.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something in a run that took time, and what happened in it: a run, an agent, a step, a call of a model, an attempt, a tool, a
 * retrieval. Immutable.
 */
public final class RecordedSpan {
    private final String path;
    private final String kind;
    private final String name;
    private final @Nullable RecordedEvent begun;
    private final @Nullable RecordedEvent ended;
    private final List<RecordedEvent> events;
    private final List<RecordedSpan> children;

    RecordedSpan(
            String path,
            String kind,
            String name,
            @Nullable RecordedEvent begun,
            @Nullable RecordedEvent ended,
            List<RecordedEvent> events,
            List<RecordedSpan> children) {
        this.path = path;
        this.kind = kind;
        this.name = name;
        this.begun = begun;
        this.ended = ended;
        this.events = List.copyOf(events);
        this.children = List.copyOf(children);
    }

    /**
     * {@return who in the run did it}
     */
    public String path() {
        return path;
    }

    /**
     * {@return the first word of the types of its events, such as {@code agent} of {@code agent.started}; where there are none, the word before the colon in the last segment of the path; {@code place} where there is none either}
     */
    public String kind() {
        return kind;
    }

    /**
     * {@return the name of the run, the agent, the model, the tool}
     */
    public String name() {
        return name;
    }

    /**
     * {@return the event that tells of its beginning, {@code null} where that is not there}
     */
    public @Nullable RecordedEvent begun() {
        return begun;
    }

    /**
     * {@return the event that tells of its end, {@code null} where that is not there: it goes on, its process has died, or it has none}
     */
    public @Nullable RecordedEvent ended() {
        return ended;
    }

    /**
     * {@return what else happened at this place, in order}
     */
    public List<RecordedEvent> events() {
        return events;
    }

    /**
     * {@return what it is made of, in the order in which it began}
     */
    public List<RecordedSpan> children() {
        return children;
    }

    /**
     * Makes a tree of the events of a run.
     *
     * @param events events of one run that one recorder has recorded, in their order
     * @return the run
     * @throws IllegalArgumentException if there are no events
     */
    public static RecordedSpan of(List<RecordedEvent> events) {
        return new SpanTree(events).root();
    }

    /**
     * The time of the first thing that is known of it.
     *
     * @return the time, {@link Instant#EPOCH} where nothing is known
     */
    public Instant at() {
        RecordedEvent first = first();
        return first == null ? Instant.EPOCH : first.at();
    }

    /**
     * How long it took, by the monotonic clock of the process.
     *
     * @return the time, {@code null} where its beginning or its end is not known
     */
    public @Nullable Duration duration() {
        return begun == null || ended == null ? null : Duration.ofNanos(ended.nanos() - begun.nanos());
    }

    /**
     * The class of the error that it ended with.
     *
     * @return the name of the class, {@code null} where it did not fail
     */
    public @Nullable String error() {
        return ended == null ? null : ended.text("error");
    }

    /**
     * How many tokens went into models, in it and in what it is made of, as far as they said so.
     *
     * @return the sum over all attempts
     */
    public long tokensIn() {
        return tokens("tokensIn");
    }

    /**
     * How many tokens came out of models, in it and in what it is made of, as far as they said so.
     *
     * @return the sum over all attempts
     */
    public long tokensOut() {
        return tokens("tokensOut");
    }

    private long tokens(String field) {
        long own = kind.equals("attempt") && ended != null
                ? ended.json().path(field).asLong()
                : 0;
        for (RecordedSpan each : children) {
            own += each.tokens(field);
        }
        return own;
    }

    @Nullable
    RecordedEvent first() {
        RecordedEvent first = begun;
        if (first == null && !events.isEmpty()) {
            first = events.get(0);
        }
        if (first == null && !children.isEmpty()) {
            first = children.get(0).first();
        }
        return first == null ? ended : first;
    }

    @Override
    public String toString() {
        return kind + " " + path;
    }
}
