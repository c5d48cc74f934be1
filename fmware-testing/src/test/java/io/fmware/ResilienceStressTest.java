package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.cost.Budget;
import io.fmware.cost.TokenEstimator;
import io.fmware.retry.AdaptiveThrottle;
import io.fmware.retry.Breaker;
import io.fmware.retry.Retrying;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.Hedging;
import io.fmware.route.RateLimit;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All that guards a model at once, around one that fails, dawdles and says nothing of what it took, for callers who give up. */
@Timeout(60)
class ResilienceStressTest {
    private static final int USERS = 8;
    private static final int CALLS = 25;
    private static final int INPUT = 30;
    private static final int OUTPUT = 20;
    private static final int RESERVED = INPUT + OUTPUT;
    private static final Duration STEP = Duration.ofMillis(100);

    private final ManualClock clock = ManualClock.create();
    private final RateLimit rate = RateLimit.builder()
            .requestsPerMinute(20)
            .tokensPerMinute(900)
            .longestWait(Duration.ofSeconds(5))
            .estimator(new Fixed())
            .build();
    private final ConcurrencyLimit limit =
            ConcurrencyLimit.builder().fixed(3).queue(5).build();
    private final Budget budget =
            Budget.ofTokens(1_000_000).estimator(new Fixed()).build();
    private final Unsteady model = new Unsteady();
    private final Attempts attempts = new Attempts();
    private final Queue<Cancel> cancels = new ConcurrentLinkedQueue<>();

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

    /** A call that its user cancels as soon as the clock has reached a time. */
    private record Cancel(Rig.Running call, long due) {}

    /** What the model was asked, by the number of the attempt, and what it took for those that it answered. */
    private static final class Unsteady {
        private final Set<String> asked = ConcurrentHashMap.newKeySet();
        private final Map<String, Integer> took = new ConcurrentHashMap<>();
        private final AtomicInteger twice = new AtomicInteger();

        Reply answer(ChatRequest request) {
            String attempt = text(request);
            if (!asked.add(attempt)) {
                twice.incrementAndGet();
            }
            SplittableRandom random = new SplittableRandom(attempt.hashCode());
            Reply.Builder reply = Reply.builder()
                    .chunks("one ", "two ", "three")
                    .firstDelay(Duration.ofMillis(random.nextInt(400)))
                    .chunkDelay(Duration.ofMillis(random.nextInt(150)));
            switch (random.nextInt(14)) {
                case 0 -> reply.error(new InternalServerException("down"));
                case 1 -> reply.error(new RateLimitException("too many"));
                case 2 -> reply.error(new TimeoutException("slow"));
                case 3 -> reply.failAfter(2, new IllegalStateException("broken off"));
                case 4 -> {
                    took.put(attempt, RESERVED); // it does not say what it took
                    reply.truncateAfter(2);
                }
                case 5 -> {
                    took.put(attempt, OUTPUT);
                    reply.usage(0, OUTPUT).firstDelay(Duration.ofSeconds(3));
                }
                default -> {
                    int input = random.nextInt(INPUT + 1);
                    took.put(attempt, input + OUTPUT);
                    reply.usage(input, OUTPUT);
                }
            }
            return reply.build();
        }

        private static String text(ChatRequest request) {
            return ((UserMessage) request.messages().get(0)).singleText();
        }
    }

    /** Stands below the budget: numbers the attempts, and says what each is to be charged by the rules of docs/budgets.md. */
    private final class Attempts implements Interceptor {
        private final AtomicInteger number = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicLong charged = new AtomicLong();
        private final Set<String> sent = ConcurrentHashMap.newKeySet();

        @Override
        public FmReply intercept(FmCall call, Chain next) {
            String attempt = "attempt " + number.incrementAndGet();
            int before = call.timesAsked();
            try {
                FmReply reply = next.proceed(call.withRequest(Rig.request(attempt)));
                charged.addAndGet(model.took.get(attempt));
                answered.incrementAndGet();
                return reply;
            } catch (RateLimitException | InternalServerException e) {
                throw e; // refused by the provider, who charges nothing
            } catch (Throwable t) {
                charged.addAndGet(call.timesAsked() > before ? RESERVED : 0);
                throw t;
            } finally {
                if (call.timesAsked() > before) {
                    sent.add(attempt);
                }
            }
        }

        @Override
        public Phase phase() {
            return Phase.LIMIT;
        }

        @Override
        public String name() {
            return "attempts";
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_held_or_lost_whatever_fails_is_late_or_is_given_up(Caller caller) {
        Script script = Script.answering(model::answer);
        Rig rig = Rig.of(
                caller,
                ScriptedChatModel.builder().script(script).timeSource(clock),
                ScriptedStreamingChatModel.builder().script(script).timeSource(clock),
                this::guarded);
        try (rig) {
            List<Thread> users = new ArrayList<>();
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            for (int user = 0; user < USERS; user++) {
                Random random = new Random(user);
                Thread thread = new Thread(() -> use(rig, caller, random), "user " + user);
                thread.setUncaughtExceptionHandler((of, failure) -> failures.add(failure));
                thread.start();
                users.add(thread);
            }
            passTimeUntilEnded(users);
            assertThat(failures).isEmpty();
        }
        String name = rig.modelName();
        assertThat(limit.inFlight(name)).as("permits in flight").isZero();
        assertThat(limit.queued(name)).as("calls in the queue").isZero();
        assertThat(budget.balance().reserved()).as("reserved").isEqualByComparingTo("0");
        assertThat(budget.balance().spent().longValueExact()).as("spent").isEqualTo(attempts.charged.get());
        assertThat(attempts.sent)
                .as("attempts that are known to have reached the model")
                .containsAll(model.asked);
        assertThat(model.twice).as("attempts that reached the model twice").hasValue(0);
        assertThat(attempts.answered.get()).as("answers").isPositive();
        assertThat(Set.copyOf(rig.metrics().actions()))
                .as("what came about")
                .contains("retrying: retried", "hedging: hedged", "rateLimit: waited", "concurrencyLimit: queued");
    }

    private FmPipeline.Builder guarded(FmPipeline.Builder builder) {
        return builder.time(clock)
                .with(Retrying.upTo(3).random(new Random(1)).build())
                .with(Hedging.builder()
                        .after(Duration.ofMillis(300))
                        .atMost(0.5)
                        .build())
                .with(Breaker.builder()
                        .failureRate(0.8)
                        .openFor(Duration.ofMillis(500))
                        .build())
                .with(AdaptiveThrottle.builder()
                        .k(10)
                        .window(Duration.ofSeconds(5))
                        .random(new Random(2))
                        .build())
                .with(budget)
                .with(attempts)
                .with(rate)
                .with(limit);
    }

    private void use(Rig rig, Caller caller, Random random) {
        for (int i = 0; i < CALLS; i++) {
            int fate = random.nextInt(6);
            boolean bounded = caller != Caller.CHAT && random.nextBoolean();
            ChatRequestOptions options = bounded
                    ? CallOptions.deadline(Duration.ofMillis(300 + random.nextInt(4_000)))
                    : ChatRequestOptions.EMPTY;
            RecordingHandler handler = new RecordingHandler();
            if (fate == 0) {
                handler.onText((text, handle) -> handle.cancel());
            }
            Rig.Running call = rig.start(Rig.request("hello"), options, handler);
            if (fate == 1) {
                call.cancel();
            } else if (fate == 2) {
                cancels.add(new Cancel(
                        call,
                        clock.nanoTime()
                                + Duration.ofMillis(random.nextInt(1_000)).toNanos()));
            }
            call.await();
        }
    }

    /** Moves the clock step by step, and cancels what is due. */
    private void passTimeUntilEnded(List<Thread> users) {
        Awaitility.await("all users to have had their answers")
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    clock.advance(STEP);
                    cancels.removeIf(cancel -> {
                        boolean due = cancel.due() - clock.nanoTime() <= 0;
                        if (due) {
                            cancel.call().cancel();
                        }
                        return due;
                    });
                    return users.stream().noneMatch(Thread::isAlive);
                });
    }
}
