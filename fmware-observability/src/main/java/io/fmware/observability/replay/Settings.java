package io.fmware.observability.replay;

import io.fmware.observability.recorder.EventJson;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a cassette is replayed.
 *
 * @param asking tells of what is asked as a recording does
 * @param marks those that the redactor leaves
 * @param known what was found to be as recorded before
 * @param mode what happens where the run leaves its path
 * @param level what is answered of a question to a model
 * @param answered the names of agents that are answered as a whole
 * @param patience how long a turn is waited for
 * @param fork the first step that is real, {@code null} for none
 * @param pinning whether models behind the fork have their features pinned
 */
record Settings(
        Asking asking,
        Marks marks,
        Known known,
        Replay.Mode mode,
        Replay.Level level,
        Set<String> answered,
        Duration patience,
        @Nullable Fork fork,
        boolean pinning) {

    static Settings of(Replay.Builder builder) {
        return new Settings(
                new Asking(EventJson.redacting(builder.redactor)),
                Marks.of(builder.redactor),
                new Known(),
                builder.mode,
                builder.level,
                builder.answered,
                builder.patience,
                builder.fork,
                builder.pinning);
    }

    boolean isStrict() {
        return mode == Replay.Mode.STRICT;
    }
}
