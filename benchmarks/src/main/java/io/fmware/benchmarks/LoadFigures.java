package io.fmware.benchmarks;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.FmPipeline;
import io.fmware.load.LoadModel;
import io.fmware.load.LoadResult;
import io.fmware.load.ServiceTimes;
import io.fmware.retry.Retrying;
import io.fmware.route.ConcurrencyLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** How near the load model comes to what a pipeline of the same settings really does, in real time. */
final class LoadFigures implements FigureGroup {
    private static final String ERROR = "load.model.error";
    private static final String UNANSWERED = "load.model.error.unanswered";

    private static final double MEDIAN_MILLIS = 100;
    private static final double SIGMA = 0.5;
    private static final double FAILURES = 0.05;
    private static final int ATTEMPTS = 3;
    private static final Duration BACKOFF = Duration.ofMillis(100);
    private static final int SLOTS = 20;
    private static final int QUEUE = 20;
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final double[] RATES = {80, 140, 220}; // slots bear some 167
    private static final int SECONDS = 60;
    private static final int WARM_UP_SECONDS = 5;

    /** Nothing was tuned on it. */
    private static final long SEED = Long.getLong("fmware.load.seed", 20_263);

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Is it so?")).build();

    /** What was seen of a load: milliseconds of the answers, in order, and how many got none. */
    private record Seen(double[] answered, int unanswered) {
        double percentile(double percent) {
            return answered[(int) Math.ceil(percent / 100 * answered.length) - 1];
        }

        double unansweredShare() {
            return (double) unanswered / (unanswered + answered.length);
        }
    }

    @Override
    public List<String> names() {
        return List.of(ERROR, UNANSWERED);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws InterruptedException {
        LoadModel model = LoadModel.builder(ServiceTimes.logNormal(Duration.ofMillis((long) MEDIAN_MILLIS), SIGMA))
                .slots(SLOTS)
                .queue(QUEUE)
                .longestWait(PATIENCE)
                .failures(FAILURES)
                .attempts(ATTEMPTS, BACKOFF)
                .build();
        double worst = 0;
        double worstShare = 0;
        List<String> times = new ArrayList<>();
        List<String> shares = new ArrayList<>();
        for (double rate : RATES) {
            output.rest().println("a load of " + rate + " requests/s");
            LoadResult said = model.at(rate);
            Seen seen = seen(rate);
            double measured = seen.percentile(95);
            double simulated = said.percentile(95).toNanos() / 1e6;
            worst = Math.max(worst, Math.abs(simulated / measured - 1));
            worstShare = Math.max(worstShare, Math.abs(said.unanswered() - seen.unansweredShare()));
            times.add(String.format(Locale.ROOT, "%.0f of %.0f ms at %.0f/s", simulated, measured, rate));
            shares.add(String.format(
                    Locale.ROOT,
                    "%.2f of %.2f %% at %.0f/s",
                    100 * said.unanswered(),
                    100 * seen.unansweredShare(),
                    rate));
        }
        String how = "; the simulation beside a pipeline with Retrying and ConcurrencyLimit of " + SLOTS
                + ", Poisson arrivals for " + SECONDS + " s each; log-normal, median 100 ms, sigma 0.5, 5 % fail; "
                + Jdk.running();
        if (wanted.contains(ERROR)) {
            output.print(new Figure(ERROR, 100 * worst, "%", "worst of p95: " + String.join(", ", times) + how));
        }
        if (wanted.contains(UNANSWERED)) {
            output.print(new Figure(
                    UNANSWERED, 100 * worstShare, "points", "worst of these: " + String.join(", ", shares) + how));
        }
    }

    private static Seen seen(double rate) throws InterruptedException {
        ExecutorService users = Executors.newCachedThreadPool();
        ConcurrentLinkedQueue<Double> answered = new ConcurrentLinkedQueue<>();
        AtomicInteger unanswered = new AtomicInteger();
        try (FmPipeline pipeline = FmPipeline.builder()
                .with(Retrying.upTo(ATTEMPTS).firstDelay(BACKOFF).build())
                .with(ConcurrencyLimit.builder()
                        .fixed(SLOTS)
                        .queue(QUEUE)
                        .longestWait(PATIENCE)
                        .build())
                .build()) {
            ChatModel model = pipeline.wrap(SlowModel.failing(SEED, MEDIAN_MILLIS, FAILURES));
            SplittableRandom random = new SplittableRandom(SEED);
            long start = System.nanoTime();
            long counted = start + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS);
            long end = counted + TimeUnit.SECONDS.toNanos(SECONDS);
            for (long at = start; at < end; at += (long) (-Math.log(1 - random.nextDouble()) / rate * 1e9)) {
                while (at - System.nanoTime() > 0) {
                    LockSupport.parkNanos(at - System.nanoTime());
                }
                long arrived = at;
                users.execute(() -> {
                    boolean isAnswered = isAnswered(model);
                    double millis = (System.nanoTime() - arrived) / 1e6;
                    if (arrived < counted) {
                        return;
                    }
                    if (isAnswered) {
                        answered.add(millis);
                    } else {
                        unanswered.incrementAndGet();
                    }
                });
            }
            users.shutdown();
            if (!users.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("calls did not end");
            }
        }
        return new Seen(
                answered.stream().mapToDouble(Double::doubleValue).sorted().toArray(), unanswered.get());
    }

    private static boolean isAnswered(ChatModel model) {
        try {
            model.chat(REQUEST);
            return true;
        } catch (RuntimeException e) { // a refusal, or the failure of the last attempt: both are counted
            return false;
        }
    }
}
