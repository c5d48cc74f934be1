package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.cost.Money;
import io.fmware.load.Capacity;
import io.fmware.load.CapacityGate;
import io.fmware.load.LoadModel;
import io.fmware.load.ServiceTimes;
import io.fmware.load.Slo;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What docs/load-model.md shows. */
class LoadModelSnippetsTest {
    private static final Logger log = LoggerFactory.getLogger(LoadModelSnippetsTest.class);

    private static LoadModel checkout() {
        // docs:start load-model
        LoadModel checkout = LoadModel.builder(
                        ServiceTimes.logNormal(Duration.ofMillis(900), 0.5).withTail(0.01, 10))
                .cached(0.25)
                .requestsPerMinute(500)
                .tokensPerMinute(200_000, 900)
                .slots(20)
                .queue(20)
                .longestWait(Duration.ofSeconds(2))
                .failures(0.02)
                .attempts(3, Duration.ofMillis(500))
                .hedgeAfter(Duration.ofSeconds(3))
                .costPerAttempt(Money.usd("0.0012"))
                .build();
        // docs:end load-model
        return checkout;
    }

    @Test
    void a_load_model_tells_what_users_would_see() {
        LoadModel checkout = checkout();
        // docs:start load-model-capacity
        Slo slo = Slo.percentile(95, Duration.ofSeconds(4)).unanswered(0.005);
        Capacity capacity = checkout.capacity(slo);

        log.info("at 4 requests a second: {}", checkout.at(4));
        log.info("{}", capacity); // how many it can bear, at what cost, and what breaks first
        // docs:end load-model-capacity
        assertThat(capacity.perSecond()).isBetween(3.0, 8.0);
        assertThat(capacity.limit()).isNotEmpty();
    }

    @Test
    void the_gate_of_the_page_passes() {
        Capacity capacity = checkout().capacity(Slo.percentile(95, Duration.ofSeconds(4)));
        // docs:start load-model-gate
        CapacityGate.at(Path.of("src/test/load/checkout.json")).verify(capacity);
        // docs:end load-model-gate
    }
}
