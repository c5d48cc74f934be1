package io.fmware.testing.cassette;

import io.fmware.event.Redactor;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Replay;
import java.time.Duration;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * How a test wants to be replayed.
 *
 * @param how what it says
 * @param redactor what removes secrets from what it asks
 */
record Replaying(Recorded how, Redactor redactor) {

    static Replaying of(Recorded how) {
        return new Replaying(how, redactor(how));
    }

    private static Redactor redactor(Recorded how) {
        if (how.keep().length == 0) {
            return ReflectionSupport.newInstance(how.redactor()).get();
        }
        if (how.redactor() != StandardRedactor.class) {
            throw new IllegalArgumentException(
                    "@Recorded has both keep and redactor; leave out of the redactor what is to be kept, with"
                            + " Redactor.Builder.without(kind)");
        }
        Redactor.Builder redactor = Redactor.builder();
        for (String kind : how.keep()) {
            redactor.without(kind);
        }
        return redactor.build();
    }

    Replay.Builder of(Cassette cassette) {
        return Replay.builder(cassette)
                .level(how.level())
                .answering(how.answering())
                .patience(Duration.ofMillis(how.patienceMillis()))
                .redactor(redactor);
    }
}
