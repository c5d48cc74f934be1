package io.fmware.examples.support;

import io.fmware.load.Capacity;
import io.fmware.load.CapacityGate;
import io.fmware.load.LoadModel;
import io.fmware.load.ServiceTimes;
import io.fmware.load.Slo;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * How many questions a second the desk bears. What it does about failures is that of the desk, so that a change of its settings that
 * costs capacity fails the build; how the provider does is assumed.
 */
class DeskCapacityTest {
    private static final Slo PROMISED =
            Slo.percentile(95, Duration.ofSeconds(10)).unanswered(0.005);

    private static LoadModel desk() {
        return LoadModel.builder(
                        ServiceTimes.logNormal(Duration.ofSeconds(2), 0.5).withTail(0.01, 5))
                .slots(20)
                .failures(0.03)
                .attempts(SupportDesk.ATTEMPTS, SupportDesk.Patience.USUAL.backoff())
                .deadline(SupportDesk.Patience.USUAL.question())
                .build();
    }

    @Test
    void the_desk_bears_what_was_agreed() {
        Capacity capacity = desk().capacity(PROMISED);

        CapacityGate.at(Path.of("src/test/load/desk.json")).verify(capacity);
    }
}
