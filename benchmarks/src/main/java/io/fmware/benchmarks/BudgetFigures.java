package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.BudgetExceededException;
import io.fmware.FmCall;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmStreamingChatModel;
import io.fmware.cost.Balance;
import io.fmware.cost.Budget;
import io.fmware.cost.TokenEstimator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Whether a budget holds, by what the model took and not by what the budget says of itself. */
final class BudgetFigures implements FigureGroup {
    private static final String OVERRUN = "budget.overrun";
    private static final int THREADS = 64;
    private static final int ROUNDS = 300;
    private static final int CALLS_PER_THREAD = 6;
    private static final int INPUT = 30;
    private static final int OUTPUT = 20;

    @Override
    public List<String> names() {
        return List.of(OVERRUN);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        long off = 0;
        long took = 0;
        ExecutorService users = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                long limit = 1_000 + round;
                Budget budget = Budget.ofTokens(limit).estimator(new Fixed()).build();
                Stub stub = new Stub();
                race(users, budget, stub);
                Balance balance = budget.balance("", Instant.now());
                took += stub.took.sum();
                off += Math.max(0, stub.took.sum() - limit)
                        + Math.max(0, stub.took.sum() - balance.spent().longValueExact())
                        + Math.abs(balance.reserved().longValueExact());
                if (round % 100 == 99) {
                    output.rest().println(OVERRUN + ": " + (round + 1) + " rounds");
                }
            }
        } finally {
            users.shutdownNow();
        }
        output.print(new Figure(
                OVERRUN,
                off,
                "tokens",
                ROUNDS + " rounds of " + THREADS
                        + " threads for the last tokens of a budget, a third of them each with chat,"
                        + " futures and streams, half of the latter two cancelled, half of the attempts failing or without"
                        + " usage; tokens that the stub took beyond the budget, that it took and the budget does not know of,"
                        + " that are left reserved; it took " + took + " in all"));
    }

    /** Returns when nothing is under way any more, on whatever thread. */
    private static void race(ExecutorService users, Budget budget, Stub stub) throws Exception {
        ExecutorService ours = Executors.newCachedThreadPool();
        try (FmPipeline pipeline =
                FmPipeline.builder().with(budget).executor(ours).build()) {
            FmChatModel chat = pipeline.wrap(stub.chat());
            FmStreamingChatModel stream = pipeline.wrap(stub.stream());
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> racing = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int way = i % 3;
                Random random = new Random(i);
                racing.add(users.submit(() -> {
                    start.await();
                    for (int call = 0; call < CALLS_PER_THREAD; call++) {
                        // 0 is at once, else the call may be anywhere when it is cancelled
                        long cancelAfter = random.nextBoolean() ? -1 : random.nextInt(4) * 50_000L;
                        switch (way) {
                            case 0 -> ask(chat);
                            case 1 -> askLater(chat, cancelAfter);
                            default -> listen(stream, cancelAfter);
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
            ours.shutdown();
        }
        if (!ours.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("calls hang");
        }
    }

    private static void ask(ChatModel model) {
        try {
            model.chat(Stubs.REQUEST);
        } catch (BudgetExceededException | RateLimitException | IllegalStateException e) {
            return; // refused, or planted
        }
    }

    private static void askLater(FmChatModel model, long cancelAfter) throws InterruptedException {
        CompletableFuture<ChatResponse> asked = model.chatAsync(Stubs.REQUEST);
        if (cancelAfter >= 0) {
            LockSupport.parkNanos(cancelAfter);
            asked.cancel(true);
        }
        try {
            asked.get();
        } catch (ExecutionException | CancellationException e) {
            return; // refused, planted, or cancelled
        }
    }

    private static void listen(FmStreamingChatModel model, long cancelAfter) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        StreamingHandle stream =
                model.stream(Stubs.REQUEST, ChatRequestOptions.EMPTY, new StreamingChatResponseHandler() {
                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        end.countDown();
                    }

                    @Override
                    public void onError(Throwable error) {
                        end.countDown();
                    }
                });
        if (cancelAfter >= 0) {
            LockSupport.parkNanos(cancelAfter);
            stream.cancel();
        }
        end.await();
    }

    /** Takes every call for equally long. */
    private record Fixed() implements TokenEstimator {
        @Override
        public long input(FmCall call) {
            return INPUT;
        }

        @Override
        public long output(FmCall call) {
            return OUTPUT;
        }
    }

    /** Answers with or without usage, fails, or refuses, and counts what it took, whoever still waits for it. */
    private static final class Stub {
        private final LongAdder took = new LongAdder();

        private ChatResponse answer() {
            int chance = ThreadLocalRandom.current().nextInt(6);
            if (chance == 0) {
                throw new RateLimitException("planted"); // which takes nothing
            }
            int input = INPUT * chance / 5;
            took.add(input + OUTPUT);
            LockSupport.parkNanos(chance * 10_000L);
            if (chance == 1) {
                throw new IllegalStateException("planted");
            }
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from("yes"))
                    .tokenUsage(chance == 2 ? null : new TokenUsage(input, OUTPUT))
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
                    } catch (RateLimitException | IllegalStateException e) {
                        handler.onError(e);
                    }
                }
            };
        }
    }
}
