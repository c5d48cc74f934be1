package io.fmware.observability.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run, from the events of it that are in the recording. Immutable.
 *
 * @param id what identifies it
 * @param writer the recorder that has recorded it
 * @param name what was executed
 * @param attributes tenant, user, conversation and what else the application said of it
 * @param outer the run around it, {@code null} where there was none
 * @param started whether its beginning is in the recording; else its attributes are not known
 * @param begun the time of its first event
 * @param duration from its first event to its last
 * @param ended whether its end was recorded: else it goes on, or its process has died
 * @param error the class of what it failed with, {@code null} where it did not
 * @param events how many events of it there are
 * @param failures how many of them tell of something that failed, in calls, tools and agents too
 * @param calls how many questions of the application to models
 * @param attempts how many calls of models that were
 * @param tokensIn how many tokens went into models, as far as they said so
 * @param tokensOut how many came out
 * @param head the hash of its last event, {@code null} where it is not linked
 */
public record RecordedRun(
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

    /**
     * Copies what could change.
     *
     * @param id what identifies it
     * @param writer the recorder that has recorded it
     * @param name what was executed
     * @param attributes tenant, user, conversation and what else the application said of it
     * @param outer the run around it, {@code null} where there was none
     * @param started whether its beginning is in the recording; else its attributes are not known
     * @param begun the time of its first event
     * @param duration from its first event to its last
     * @param ended whether its end was recorded: else it goes on, or its process has died
     * @param error the class of what it failed with, {@code null} where it did not
     * @param events how many events of it there are
     * @param failures how many of them tell of something that failed, in calls, tools and agents too
     * @param calls how many questions of the application to models
     * @param attempts how many calls of models that were
     * @param tokensIn how many tokens went into models, as far as they said so
     * @param tokensOut how many came out
     * @param head the hash of its last event, {@code null} where it is not linked
     */
    public RecordedRun {
        attributes = Map.copyOf(attributes);
    }
}
