package io.fmware.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.BudgetExceededException;
import io.fmware.FmCall;
import io.fmware.FmPipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BudgetRaceTest {
    private static final int THREADS = 64;
    private static final int ROUNDS = 40;

    private static final TokenEstimator FIXED = new TokenEstimator() {
        @Override
        public long input(FmCall call) {
            return 30;
        }

        @Override
        public long output(FmCall call) {
            return 20;
        }
    };

    /** Answers with or without usage, or fails, and remembers what it took. */
    private static final class Unsteady implements ChatModel {
        private final AtomicLong took = new AtomicLong();

        @Override
        public ChatResponse doChat(ChatRequest request) {
            int chance = ThreadLocalRandom.current().nextInt(5);
            int in = Math.min(30, chance * 8); // at most what is reserved, and now and then all of it
            took.addAndGet(chance < 2 ? 50 : in + 20);
            Thread.onSpinWait();
            if (chance == 0) {
                throw new IllegalStateException("planted");
            }
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from("yes"))
                    .tokenUsage(chance == 1 ? null : new TokenUsage(in, 20))
                    .build();
        }
    }

    @Test
    void threads_that_race_for_the_last_tokens_never_spend_more_and_leave_nothing_reserved() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Budget budget = Budget.ofTokens(500 + round).estimator(FIXED).build();
                Unsteady model = new Unsteady();
                race(threads, budget, model);

                Balance balance = budget.balance();
                assertThat(balance.reserved()).isEqualByComparingTo("0");
                assertThat(balance.spent()).isLessThanOrEqualTo(balance.limit());
                assertThat(balance.spent().longValueExact()).isEqualTo(model.took.get());
                assertThat(balance.left().longValueExact())
                        .as("nothing more fitted")
                        .isLessThan(50);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void race(ExecutorService threads, Budget budget, ChatModel stub) throws Exception {
        try (FmPipeline pipeline = FmPipeline.builder().with(budget).build()) {
            ChatModel model = pipeline.wrap(stub);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> racing = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                racing.add(threads.submit(() -> {
                    start.await();
                    for (int call = 0; call < 10; call++) {
                        try {
                            model.chat("race");
                        } catch (BudgetExceededException | IllegalStateException e) {
                            Thread.onSpinWait(); // refused, or planted
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> each : racing) {
                each.get();
            }
        }
    }
}
