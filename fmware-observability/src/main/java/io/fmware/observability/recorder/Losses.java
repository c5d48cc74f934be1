package io.fmware.observability.recorder;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What could not be recorded: counted, said in the log once for each kind of trouble, and kept until it can be told in the recording
 * itself. Guarded by the lock of its log, but for the count.
 */
final class Losses {
    private static final Logger log = LoggerFactory.getLogger(FlightRecorder.class);
    private static final int LONGEST_WHY = 200;

    private final AtomicLong count = new AtomicLong();
    private final Set<String> said = new HashSet<>();
    private long untold;
    private @Nullable String why;

    /** How many events and contents were lost so far. May be asked without the lock. */
    long count() {
        return count.get();
    }

    /** One more, of a log that is closed: there is nowhere to tell it. */
    void late() {
        count.incrementAndGet();
    }

    /** One more, for the same reason as the last one. */
    void again() {
        count.incrementAndGet();
        untold++;
    }

    void add(String reason, @Nullable Throwable cause) {
        add(reason, reason, cause);
    }

    /**
     * One more.
     *
     * @param kind the kind of trouble, of which there are few
     * @param reason what it was
     */
    void add(String kind, String reason, @Nullable Throwable cause) {
        again();
        why = reason;
        if (said.add(kind)) {
            log.warn(
                    "the flight recorder loses events: {}; the application goes on, and this is logged once",
                    reason,
                    cause);
        }
    }

    /** What is to be told, as JSON; {@code null} for nothing. */
    @Nullable
    String untold() {
        if (untold == 0) {
            return null;
        }
        String reason = String.valueOf(why);
        return "{\"records\":" + untold + ",\"why\":"
                + Json.quoted(reason.length() > LONGEST_WHY ? reason.substring(0, LONGEST_WHY) : reason) + "}";
    }

    /** It was told. */
    void told() {
        untold = 0;
    }
}
