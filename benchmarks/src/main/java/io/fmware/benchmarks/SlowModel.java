package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/** A model that takes its time in real time, and counts how often it was asked. */
final class SlowModel implements ChatModel {
    private static final ChatResponse ANSWER =
            ChatResponse.builder().aiMessage(AiMessage.from("yes")).build();
    private static final double MEDIAN_MILLIS = 400;
    private static final double SIGMA = 0.5;
    private static final double SLOW = 0.03;
    private static final double SLOWER = 10;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong asked = new AtomicLong();
    private final IntToLongFunction micros;
    private final IntPredicate fails; // given the number of the call

    private SlowModel(IntToLongFunction micros, IntPredicate fails) {
        this.micros = micros;
        this.fails = fails;
    }

    /** Latency is log-normal with a median of 400 ms and a sigma of 0.5; 3 % of the calls take ten times as long. */
    static SlowModel heavyTailed(long seed) {
        return new SlowModel(logNormal(seed, MEDIAN_MILLIS, SLOW), number -> false);
    }

    /** Latency is log-normal with a sigma of 0.5; a share of the calls fails, after their time. */
    static SlowModel failing(long seed, double medianMillis, double share) {
        long base = seed * GOLDEN;
        return new SlowModel(
                logNormal(seed, medianMillis, 0),
                number -> new SplittableRandom(base + number * GOLDEN).nextDouble() < share);
    }

    private static IntToLongFunction logNormal(long seed, double medianMillis, double slow) {
        SplittableRandom seeds = new SplittableRandom(seed);
        AtomicLong number = new AtomicLong();
        long base = seeds.nextLong();
        return inFlight -> {
            SplittableRandom random = new SplittableRandom(base + number.incrementAndGet() * GOLDEN);
            double normal =
                    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
            double millis = medianMillis * Math.exp(SIGMA * normal) * (random.nextDouble() < slow ? SLOWER : 1);
            return (long) (millis * 1000);
        };
    }

    /** Takes 100 ms as long as no more than its slots are busy, and beyond that in proportion to how many are in flight. */
    static SlowModel ofSlots(int slots, long serviceMillis) {
        return new SlowModel(inFlight -> serviceMillis * 1000 * Math.max(slots, inFlight) / slots, number -> false);
    }

    long asked() {
        return asked.get();
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        long number = asked.incrementAndGet();
        long time = micros.applyAsLong(inFlight.incrementAndGet());
        try {
            Thread.sleep(time / 1000, (int) (time % 1000) * 1000);
            if (fails.test((int) number)) {
                throw new InternalServerException("down");
            }
            return ANSWER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the call was given up", e);
        } finally {
            inFlight.decrementAndGet();
        }
    }
}
