package io.fmware.benchmarks;

import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.CallOptions;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.OverloadedException;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.Hedging;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** What hedging takes from the slowest calls, and what a limit on concurrency keeps of a model that is asked for too much. */
final class LatencyFigures implements FigureGroup {
    private static final String HEDGE = "hedge.p99";
    private static final String HEDGE_NONE = "hedge.p99.base.none";
    private static final String HEDGE_WITH = "hedge.p99.with";
    private static final String EXTRA = "hedge.extra";
    private static final String GOODPUT = "limit.goodput";
    private static final String P99 = "limit.p99";
    private static final List<String> PEERS = List.of(
            ".base.none", ".peer.resilience4j", ".peer.resilience4j.10", ".peer.resilience4j.100", ".peer.netflix");

    private static final int HEDGED_CALLS = 20_000;
    private static final int CALLERS = 400;
    private static final int SLOTS = 20;
    private static final long SERVICE_MILLIS = 100;
    private static final double CAPACITY = SLOTS * 1000.0 / SERVICE_MILLIS;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int SECONDS = 60;
    private static final int DEFAULT_BULKHEAD = 25;

    /** Nothing was tuned on it. */
    private static final long SEED = Long.getLong("fmware.latency.seed", 20_261);

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Is it so?")).build();

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(HEDGE, HEDGE_NONE, HEDGE_WITH, EXTRA, GOODPUT, P99));
        PEERS.forEach(peer -> names.add(GOODPUT + peer));
        PEERS.forEach(peer -> names.add(P99 + peer));
        return names;
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        if (wanted.stream().anyMatch(name -> name.startsWith("hedge."))) {
            hedge(wanted, output);
        }
        if (wanted.contains(GOODPUT) || wanted.contains(P99)) {
            limit(wanted, output);
        }
        for (String peer : PEERS) {
            if (wanted.contains(GOODPUT + peer) || wanted.contains(P99 + peer)) {
                peer(peer, wanted, output);
            }
        }
    }

    // Hedging

    private static void hedge(Set<String> wanted, Output output) throws InterruptedException {
        String how = Jdk.running() + "; " + HEDGED_CALLS + " calls, " + CALLERS
                + " at once; log-normal, median 400 ms, sigma 0.5, 3 % ten times slower; defaults";
        output.rest().println("calls without hedging");
        SlowModel plain = SlowModel.heavyTailed(SEED);
        double without = p99(plain);
        output.rest().println("calls with hedging");
        SlowModel model = SlowModel.heavyTailed(SEED + 1);
        AtomicInteger refused = new AtomicInteger();
        double with;
        try (FmPipeline pipeline = FmPipeline.builder()
                .with(Hedging.afterP95())
                .metrics(new ActionCounter(Hedging.REFUSED, refused))
                .build()) {
            with = p99(pipeline.wrap(model));
        }
        double extra = 100.0 * (model.asked() - HEDGED_CALLS) / HEDGED_CALLS;
        print(wanted, output, new Figure(HEDGE, 100 * (1 - with / without), "%", "lower; " + how));
        print(wanted, output, new Figure(HEDGE_NONE, without, "ms", "p99; " + how));
        print(wanted, output, new Figure(HEDGE_WITH, with, "ms", "p99; " + how));
        print(
                wanted,
                output,
                new Figure(
                        EXTRA,
                        extra,
                        "%",
                        "extra calls of the model; due but beyond the share " + refused + "; " + how));
    }

    private static double p99(ChatModel model) throws InterruptedException {
        long[] nanos = new long[HEDGED_CALLS];
        AtomicInteger next = new AtomicInteger();
        Thread[] callers = new Thread[CALLERS];
        for (int i = 0; i < CALLERS; i++) {
            callers[i] = new Thread(() -> {
                for (int at = next.getAndIncrement(); at < HEDGED_CALLS; at = next.getAndIncrement()) {
                    long start = System.nanoTime();
                    model.chat(REQUEST);
                    nanos[at] = System.nanoTime() - start;
                }
            });
            callers[i].start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return quantile(nanos, 0.99);
    }

    private static double quantile(long[] nanos, double quantile) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(quantile * sorted.length) - 1] / 1e6;
    }

    // Limiting

    private static void limit(Set<String> wanted, Output output) throws Exception {
        output.rest().println("twice the capacity, with a limit that finds itself");
        overload("", List.of(ConcurrencyLimit.adaptive()), model -> model, wanted, output);
    }

    private static void peer(String peer, Set<String> wanted, Output output) throws Exception {
        output.rest().println("twice the capacity, " + peer);
        Function<ChatModel, ChatModel> wrap = switch (peer) {
            case ".base.none" -> model -> model;
            case ".peer.resilience4j" -> model -> bulkhead(model, DEFAULT_BULKHEAD);
            case ".peer.resilience4j.10" -> model -> bulkhead(model, 10);
            case ".peer.resilience4j.100" -> model -> bulkhead(model, 100);
            default -> LatencyFigures::simpleLimiter;
        };
        overload(peer, List.of(), wrap, wanted, output);
    }

    private static ChatModel bulkhead(ChatModel model, int calls) {
        Bulkhead bulkhead = Bulkhead.of(
                "model", BulkheadConfig.custom().maxConcurrentCalls(calls).build());
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return bulkhead.executeSupplier(() -> model.chat(request));
            }
        };
    }

    private static ChatModel simpleLimiter(ChatModel model) {
        SimpleLimiter<Void> limiter = SimpleLimiter.<Void>newBuilder()
                .limit(Gradient2Limit.newDefault())
                .build();
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                Limiter.Listener permit =
                        limiter.acquire(null).orElseThrow(() -> new OverloadedException("no permit", null));
                try {
                    ChatResponse answer = model.chat(request);
                    permit.onSuccess();
                    return answer;
                } catch (RuntimeException e) {
                    permit.onDropped();
                    throw e;
                }
            }
        };
    }

    /** Calls come at twice the rate that the model can serve, each from a caller who gives up after a second. */
    private static void overload(
            String who,
            List<Interceptor> interceptors,
            Function<ChatModel, ChatModel> wrap,
            Set<String> wanted,
            Output output)
            throws InterruptedException {
        ChatRequestOptions patience = CallOptions.deadline(PATIENCE);
        int calls = (int) (2 * CAPACITY * SECONDS);
        long[] nanos = new long[calls]; // 0 where there was no answer
        FmPipeline.Builder builder = FmPipeline.builder();
        interceptors.forEach(builder::with);
        ExecutorService callers = Executors.newCachedThreadPool();
        CountDownLatch done = new CountDownLatch(calls);
        Random arrivals = new Random(SEED);
        try (FmPipeline pipeline = builder.build()) {
            var model = pipeline.wrap(wrap.apply(SlowModel.ofSlots(SLOTS, SERVICE_MILLIS)));
            long due = System.nanoTime();
            long end = due + TimeUnit.SECONDS.toNanos(SECONDS);
            for (int i = 0; i < calls; i++) {
                due += (long) (-Math.log(1 - arrivals.nextDouble()) * 1e9 / (2 * CAPACITY));
                LockSupport.parkNanos(due - System.nanoTime());
                int at = i;
                callers.execute(() -> {
                    long start = System.nanoTime();
                    try {
                        model.chat(REQUEST, patience);
                        if (System.nanoTime() <= end) {
                            nanos[at] = System.nanoTime() - start;
                        }
                    } catch (RuntimeException refused) {
                        // counted as not served
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
        } finally {
            callers.shutdown();
        }
        long[] served = Arrays.stream(nanos).filter(each -> each > 0).toArray();
        String how = Jdk.running() + "; " + calls + " calls in " + SECONDS + " s, random arrivals, twice what " + SLOTS
                + " slots of " + SERVICE_MILLIS + " ms can serve; callers wait 1 s; start included; served "
                + served.length;
        print(wanted, output, new Figure(GOODPUT + who, 100 * served.length / (CAPACITY * SECONDS), "%", how));
        double p99 = served.length == 0 ? Double.POSITIVE_INFINITY : quantile(served, 0.99) / SERVICE_MILLIS;
        print(
                wanted,
                output,
                new Figure(P99 + who, p99, "x", "of " + SERVICE_MILLIS + " ms, queueing included; " + how));
    }

    private static void print(Set<String> wanted, Output output, Figure figure) {
        if (wanted.contains(figure.name())) {
            output.print(figure);
        }
    }
}
