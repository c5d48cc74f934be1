package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.cache.RiskGate.Decision;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RiskGateStressTest {
    private static final int THREADS = 8;
    private static final int REQUESTS = 20_000;

    @Test
    void many_threads_lose_no_request_and_no_label() throws Exception {
        RiskGate gate = new RiskGate(0.02, Costs.ofCall(1), new SplittableRandom(1));
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Map<Decision, Long>>> counts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                counts.add(threads.submit(() -> {
                    start.await();
                    return ask(gate, random);
                }));
            }
            Map<Decision, Long> all = new EnumMap<>(Decision.class);
            for (Future<Map<Decision, Long>> count : counts) {
                count.get().forEach((decision, times) -> all.merge(decision, times, Long::sum));
            }

            SemanticStats state = gate.stats(0);
            assertThat(state.requests()).isEqualTo((long) THREADS * REQUESTS);
            assertThat(state.served()).isPositive().isEqualTo(all.get(Decision.SERVE));
            assertThat(state.verified()).isPositive().isEqualTo(all.get(Decision.VERIFY));
            assertThat(state.labels()).isEqualTo(all.get(Decision.VERIFY) + all.get(Decision.ASK));
            assertThat(state.upper()).isBetween(0.0, 0.02);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<Decision, Long> ask(RiskGate gate, SplittableRandom random) {
        Map<Decision, Long> counts = new EnumMap<>(Decision.class);
        for (int i = 0; i < REQUESTS; i++) {
            double score = random.nextDouble();
            Decision decision = gate.decide(score);
            counts.merge(decision, 1L, Long::sum);
            if (decision != Decision.SERVE) {
                gate.learn(score, decision, random.nextDouble() < score);
            }
            assertThat(gate.stats(0).risk()).isGreaterThanOrEqualTo(0);
        }
        return counts;
    }
}
