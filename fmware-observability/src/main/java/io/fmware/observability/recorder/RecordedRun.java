package io.fmware.observability.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run, from the events of it that are in the recording. Immutable.
 */
public final class RecordedRun {
    private final String id;
    private final String writer;
    private final String name;
    private final Map<String, String> attributes;
    private final @Nullable String outer;
    private final boolean started;
    private final Instant begun;
    private final Duration duration;
    private final boolean ended;
    private final @Nullable String error;
    private final long events;
    private final long failures;
    private final long calls;
    private final long attempts;
    private final long tokensIn;
    private final long tokensOut;
    private final @Nullable String head;

    RecordedRun(
            String id,
            String writer,
            String name,
            Map<String, String> attributes,
            @Nullable String outer,
            boolean started,
            Instant begun,
            Duration duration,
            boolean ended,
            @Nullable String error,
            long events,
            long failures,
            long calls,
            long attempts,
            long tokensIn,
            long tokensOut,
            @Nullable String head) {
        this.id = id;
        this.writer = writer;
        this.name = name;
        this.attributes = Map.copyOf(attributes);
        this.outer = outer;
        this.started = started;
        this.begun = begun;
        this.duration = duration;
        this.ended = ended;
        this.error = error;
        this.events = events;
        this.failures = failures;
        this.calls = calls;
        this.attempts = attempts;
        this.tokensIn = tokensIn;
        this.tokensOut = tokensOut;
        this.head = head;
    }

    /**
     * {@return what identifies it}
     */
    public String id() {
        return id;
    }

    /**
     * {@return the recorder that has recorded it}
     */
    public String writer() {
        return writer;
    }

    /**
     * {@return what was executed}
     */
    public String name() {
        return name;
    }

    /**
     * {@return tenant, user, conversation and what else the application said of it}
     */
    public Map<String, String> attributes() {
        return attributes;
    }

    /**
     * {@return the run around it, {@code null} where there was none}
     */
    public @Nullable String outer() {
        return outer;
    }

    /**
     * {@return whether its beginning is in the recording; else its attributes are not known}
     */
    public boolean started() {
        return started;
    }

    /**
     * {@return the time of its first event}
     */
    public Instant begun() {
        return begun;
    }

    /**
     * {@return from its first event to its last}
     */
    public Duration duration() {
        return duration;
    }

    /**
     * {@return whether its end was recorded: else it goes on, or its process has died}
     */
    public boolean ended() {
        return ended;
    }

    /**
     * {@return the class of what it failed with, {@code null} where it did not}
     */
    public @Nullable String error() {
        return error;
    }

    /**
     * {@return how many events of it there are}
     */
    public long events() {
        return events;
    }

    /**
     * {@return how many of them tell of something that failed, in calls, tools and agents too}
     */
    public long failures() {
        return failures;
    }

    /**
     * {@return how many questions of the application to models}
     */
    public long calls() {
        return calls;
    }

    /**
     * {@return how many calls of models that were}
     */
    public long attempts() {
        return attempts;
    }

    /**
     * {@return how many tokens went into models, as far as they said so}
     */
    public long tokensIn() {
        return tokensIn;
    }

    /**
     * {@return how many came out}
     */
    public long tokensOut() {
        return tokensOut;
    }

    /**
     * {@return the hash of its last event, {@code null} where it is not linked}
     */
    public @Nullable String head() {
        return head;
    }

    @Override
    public String toString() {
        return name + " " + id;
    }
}
