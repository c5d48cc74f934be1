package io.fmware.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.BudgetExceededException;
import io.fmware.CancelledException;
import io.fmware.FmCall;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmStreamingChatModel;
import io.fmware.retry.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class BudgetRaceTest {
    private static final int THREADS = 64;
    private static final int ROUNDS = 15;
    private static final int RESERVED = 50;
    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("race")).build();

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
    private static final class Unsteady {
        private final AtomicLong took = new AtomicLong();

        private ChatResponse answer() {
            int chance = ThreadLocalRandom.current().nextInt(5);
            int in = Math.min(30, chance * 8); // at most what is reserved, and now and then all of it
            took.addAndGet(chance < 2 ? RESERVED : in + 20);
            Thread.onSpinWait();
            if (chance == 0) {
                throw new IllegalStateException("planted");
            }
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from("yes"))
                    .tokenUsage(chance == 1 ? null : new TokenUsage(in, 20))
                    .build();
        }

        private ChatModel chat() {
            return new ChatModel() {
                @Override
                public ChatResponse doChat(ChatRequest request) {
                    return answer();
                }
            };
        }

        private StreamingChatModel stream() {
            return new StreamingChatModel() {
                @Override
                public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                    try {
                        ChatResponse answer = answer();
                        handler.onPartialResponse("yes");
                        handler.onCompleteResponse(answer);
                    } catch (IllegalStateException e) {
                        handler.onError(e);
                    }
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void threads_that_race_for_the_last_tokens_never_spend_more_and_leave_nothing_reserved(Way way) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Budget budget = Budget.ofTokens(500 + round).estimator(FIXED).build();
            Unsteady model = new Unsteady();
            race(way, 10, 0, budget, model);

            Balance balance = budget.balance();
            assertThat(balance.reserved()).isEqualByComparingTo("0");
            assertThat(balance.spent()).isLessThanOrEqualTo(balance.limit());
            assertThat(balance.spent().longValueExact()).isEqualTo(model.took.get());
            assertThat(balance.left().longValueExact())
                    .as("nothing more fitted")
                    .isLessThan(RESERVED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_the_model_took_for_calls_that_were_cancelled_is_spent_too(Way way) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Budget budget = Budget.ofTokens(500 + round).estimator(FIXED).build();
            Unsteady model = new Unsteady();
            race(way, 10, 0.5, budget, model);

            Balance balance = budget.balance();
            assertThat(balance.reserved()).isEqualByComparingTo("0");
            assertThat(balance.spent()).isLessThanOrEqualTo(balance.limit());
            assertThat(balance.spent().longValueExact())
                    .as("what is spent, of a cancelled call all that was reserved")
                    .isGreaterThanOrEqualTo(model.took.get());
        }
    }

    /** Returns when nothing is under way any more, on whatever thread. */
    private static void race(Way way, int calls, double cancelled, Budget budget, Unsteady stub) throws Exception {
        ExecutorService ours = Executors.newCachedThreadPool();
        ExecutorService users = Executors.newFixedThreadPool(THREADS);
        try (FmPipeline pipeline =
                FmPipeline.builder().with(budget).executor(ours).build()) {
            FmChatModel chat = pipeline.wrap(stub.chat());
            FmStreamingChatModel stream = pipeline.wrap(stub.stream());
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> racing = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                racing.add(users.submit(() -> {
                    start.await();
                    for (int call = 0; call < calls; call++) {
                        boolean cancel = random.nextDouble() < cancelled;
                        switch (way) {
                            case CHAT -> ask(chat, cancel);
                            case ASYNC -> askLater(chat, cancel);
                            case STREAM -> listen(stream, cancel);
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> each : racing) {
                each.get();
            }
        } finally {
            users.shutdown();
            ours.shutdown();
        }
        assertThat(ours.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void ask(ChatModel model, boolean cancel) {
        try {
            if (cancel) {
                Thread.currentThread().interrupt();
            }
            model.chat("race");
        } catch (BudgetExceededException | IllegalStateException | CancelledException e) {
            Thread.onSpinWait(); // refused, planted, or cancelled
        } finally {
            Thread.interrupted();
        }
    }

    private static void askLater(FmChatModel model, boolean cancel) throws InterruptedException {
        CompletableFuture<ChatResponse> asked = model.chatAsync(REQUEST);
        if (cancel) {
            asked.cancel(true);
        }
        try {
            asked.get();
        } catch (ExecutionException | CancellationException e) {
            Thread.onSpinWait();
        }
    }

    private static void listen(FmStreamingChatModel model, boolean cancel) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        StreamingHandle stream = model.stream(REQUEST, ChatRequestOptions.EMPTY, new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.countDown();
            }

            @Override
            public void onError(Throwable error) {
                end.countDown();
            }
        });
        if (cancel) {
            stream.cancel();
        }
        end.await();
    }
}
