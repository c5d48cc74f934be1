package io.fmware.benchmarks;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Requests at a fixed rate to models that answer, fail for a time, and answer again. */
final class Outage {
    static final String CONDITIONS =
            "200 requests/s for each, answers after 50 ms, but HTTP 503 after 10 ms for 60 s and, a minute later, for 20.4 s;"
                    + " all ways at once";

    private static final long EVERY = Duration.ofMillis(5).toNanos();
    private static final Fault FIRST = Fault.of(10_000, 60_000);
    /** Of another length, since a breaker that is open for a time of its own may be lucky once. */
    private static final Fault SECOND = Fault.of(132_000, 20_400);

    private static final long OBSERVED = Duration.ofSeconds(62).toNanos();
    private static final long ALL = SECOND.end + OBSERVED;
    private static final long WINDOW = Duration.ofSeconds(1).toNanos();
    private static final long STEP = Duration.ofMillis(10).toNanos();
    private static final double ENOUGH = 0.99;
    private static final Duration ANSWER = Duration.ofMillis(50);
    private static final Duration FAILURE = Duration.ofMillis(10);

    private long started;

    /**
     * A time in which the models fail.
     *
     * @param begin when it begins, in nanoseconds from the start
     * @param end when they answer again
     */
    private record Fault(long begin, long end) {
        static Fault of(long beginMillis, long lengthMillis) {
            return new Fault(beginMillis * 1_000_000, (beginMillis + lengthMillis) * 1_000_000);
        }

        boolean includes(long at) {
            return at >= begin && at < end;
        }
    }

    /** Makes one request, with its retries. */
    interface Way {
        void request();
    }

    private long now() {
        return System.nanoTime() - started;
    }

    Run prepare(Function<ChatModel, Way> way) {
        return new Run(way);
    }

    /** Makes the requests of all ways, and waits for their ends. */
    void run(Collection<Run> runs) throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        started = System.nanoTime();
        for (long due = 0; due < ALL; due += EVERY) {
            while (now() < due) {
                LockSupport.parkNanos(due - now());
            }
            for (Run run : runs) {
                threads.execute(run::request);
            }
        }
        threads.shutdown();
        if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("requests hang");
        }
    }

    /**
     * A request.
     *
     * @param at when it was made
     * @param answered whether it succeeded in the end
     */
    private record Request(long at, boolean answered) {}

    /** One way of retrying, and what became of its requests. */
    final class Run implements ChatModel {
        private final Way way;
        private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
        private final LongAdder callsInOutage = new LongAdder();

        private Run(Function<ChatModel, Way> way) {
            this.way = way.apply(this);
        }

        private void request() {
            long at = now();
            boolean answered = true;
            try {
                way.request();
            } catch (RuntimeException e) {
                answered = false;
            }
            requests.add(new Request(at, answered));
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return Stubs.plainParameters();
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            long at = now();
            boolean down = FIRST.includes(at) || SECOND.includes(at);
            if (FIRST.includes(at)) {
                callsInOutage.increment();
            }
            LockSupport.parkNanos((down ? FAILURE : ANSWER).toNanos());
            if (down) {
                throw new InternalServerException(new HttpException(503, "down"));
            }
            return Stubs.RESPONSE;
        }

        long callsInOutage() {
            return callsInOutage.sum();
        }

        long requestsInOutage() {
            return requests.stream().filter(r -> FIRST.includes(r.at)).count();
        }

        double amplification() {
            return callsInOutage() / (double) requestsInOutage();
        }

        boolean hasRecovered() {
            return recovery().compareTo(Duration.ofNanos(OBSERVED - WINDOW)) < 0;
        }

        /** From the end of a fault to the begin of the first second of whose requests enough succeed; the longer of two. */
        Duration recovery() {
            Duration first = recovery(FIRST);
            Duration second = recovery(SECOND);
            return first.compareTo(second) > 0 ? first : second;
        }

        private Duration recovery(Fault fault) {
            long after = 0;
            while (after < OBSERVED - WINDOW && !isHealthy(fault.end + after)) {
                after += STEP;
            }
            return Duration.ofNanos(after);
        }

        private boolean isHealthy(long from) {
            long made = 0;
            long answered = 0;
            for (Request each : requests) {
                if (each.at >= from && each.at < from + WINDOW) {
                    made++;
                    answered += each.answered ? 1 : 0;
                }
            }
            return made > 0 && answered >= ENOUGH * made;
        }
    }
}
