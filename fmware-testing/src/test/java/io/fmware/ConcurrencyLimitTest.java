package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import io.fmware.retry.Deadlines;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.RateLimit;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ConcurrencyLimitTest {
    private static final List<Priority> PRIORITIES = List.of(Priority.values());

    private final ManualClock clock = ManualClock.create();
    private final Held model = new Held();

    private Rig rig(Caller caller, Interceptor... interceptors) {
        return Rig.of(caller, model, model, builder -> {
            builder.time(clock);
            List.of(interceptors).forEach(builder::with);
            return builder;
        });
    }

    private static ConcurrencyLimit one(int queue) {
        return ConcurrencyLimit.builder().fixed(1).queue(queue).build();
    }

    private static Rig.Running start(Rig rig, Priority priority) {
        return rig.start(Rig.request(priority.name()), CallOptions.priority(priority), new RecordingHandler());
    }

    private static void awaitActions(Rig rig, String action, int count) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> rig.metrics().actions().stream()
                                .filter(("concurrencyLimit: " + action)::equals)
                                .count()
                        == count);
    }

    /** Proves that the permit is free: a call gets through. */
    private void assertFree(Rig rig) {
        Rig.Running running = rig.start();
        model.awaitAsked().answer("free");
        assertThat(running.await().text()).isEqualTo("free");
    }

    // Waiting

    @ParameterizedTest
    @EnumSource
    void a_call_waits_for_the_permit_of_another(Caller caller) {
        try (Rig rig = rig(caller, one(5))) {
            Rig.Running first = rig.start();
            Held.Asked asked = model.awaitAsked();
            Rig.Running second = rig.start();
            awaitActions(rig, "queued", 1);
            assertThat(model.isAskedAgain()).isFalse();
            asked.answer("first");
            model.awaitAsked().answer("second");

            assertThat(first.await().text()).isEqualTo("first");
            assertThat(second.await().text()).isEqualTo("second");
        }
    }

    @Test
    void it_says_how_things_stand() {
        ConcurrencyLimit limit = one(5);
        try (Rig rig = rig(Caller.CHAT, limit)) {
            String name = "Held";
            assertThat(limit.limit(name)).as("before anybody asked").isEqualTo(1);
            assertThat(limit.inFlight(name)).isZero();
            assertThat(limit.queued(name)).isZero();
            Rig.Running first = rig.start();
            Held.Asked asked = model.awaitAsked();
            Rig.Running second = rig.start();
            awaitActions(rig, "queued", 1);

            assertThat(limit.limit(name)).isEqualTo(1);
            assertThat(limit.inFlight(name)).isEqualTo(1);
            assertThat(limit.queued(name)).isEqualTo(1);

            asked.answer("first");
            first.await();
            model.awaitAsked().answer("second");
            second.await();
            assertThat(limit.inFlight(name)).isZero();
            assertThat(limit.queued(name)).isZero();
        }
        assertThat(ConcurrencyLimit.adaptive().limit("never asked")).isEqualTo(10);
        assertThat(ConcurrencyLimit.builder().adaptive(4).build().limit("never asked"))
                .isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_holds_its_permit_to_the_end(Caller caller) {
        try (Rig rig = rig(caller, one(0))) {
            Rig.Running first = rig.start();
            Held.Asked asked = model.awaitAsked();
            asked.emit("a ");
            assertThat(rig.call().error()).isInstanceOf(OverloadedException.class);
            asked.answer("b");
            first.await();
            assertFree(rig);
        }
    }

    @ParameterizedTest
    @EnumSource
    void those_that_matter_more_are_served_first(Caller caller) {
        try (Rig rig = rig(caller, one(5))) {
            Rig.Running running = rig.start();
            Held.Asked asked = model.awaitAsked();
            List<Rig.Running> waiting = new ArrayList<>();
            for (Priority each : List.of(Priority.BACKGROUND, Priority.NORMAL, Priority.CRITICAL)) {
                waiting.add(start(rig, each));
                awaitActions(rig, "queued", waiting.size());
            }
            asked.answer("first");
            running.await();
            for (int i = 2; i >= 0; i--) {
                model.awaitAsked().answer("next");
                assertThat(waiting.get(i).await().text()).isEqualTo("next");
            }
        }
    }

    // Refusing

    @ParameterizedTest
    @EnumSource
    void a_full_queue_refuses_and_says_why(Caller caller) {
        try (Rig rig = rig(caller, one(0))) {
            Rig.Running running = rig.start();
            Held.Asked asked = model.awaitAsked();

            assertThat(rig.call().error(OverloadedException.class))
                    .hasMessage(
                            "interceptor 'concurrencyLimit' refused this NORMAL call of model Held: 1 calls are in flight,"
                                    + " the limit is 1, and 0 of 0 places in the queue are taken; ask later, ask another model, allow"
                                    + " more with ConcurrencyLimit.builder(), or say with CallOptions.priority(..) which calls matter"
                                    + " more");
            assertThat(rig.metrics().actions()).containsExactly("concurrencyLimit: refused");
            asked.answer("first");
            running.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void in_a_full_queue_one_that_matters_more_displaces_one_that_matters_less(Caller caller) {
        try (Rig rig = rig(caller, one(1))) {
            Rig.Running running = rig.start();
            Held.Asked asked = model.awaitAsked();
            Rig.Running low = start(rig, Priority.BACKGROUND);
            awaitActions(rig, "queued", 1);
            Rig.Running high = start(rig, Priority.CRITICAL);

            assertThat(low.await().error(OverloadedException.class))
                    .hasMessageStartingWith(
                            "interceptor 'concurrencyLimit' gave the place of this BACKGROUND call to one that"
                                    + " matters more of model Held: 1 calls are in flight, the limit is 1, and 1 of 1 places");
            asked.answer("first");
            running.await();
            model.awaitAsked().answer("high");
            assertThat(high.await().text()).isEqualTo("high");
            assertThat(rig.metrics().actions()).contains("concurrencyLimit: displaced");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobody_waits_longer_than_the_longest_wait(Caller caller) {
        try (Rig rig = rig(caller, one(5))) {
            Rig.Running first = rig.start();
            Held.Asked asked = model.awaitAsked();
            Rig.Running second = rig.start();
            awaitActions(rig, "queued", 1);
            clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
            clock.advance(Duration.ofSeconds(10));

            assertThat(second.await().error(OverloadedException.class))
                    .hasMessageStartingWith(
                            "interceptor 'concurrencyLimit' let this NORMAL call wait for 10 s, the longest"
                                    + " wait, of model Held: 1 calls are in flight, the limit is 1, and 0 of 5 places");
            asked.answer("first");
            first.await();
            assertFree(rig);
        }
    }

    // Giving up

    @ParameterizedTest
    @EnumSource
    void who_cancels_in_the_queue_leaves_no_permit_behind(Caller caller) {
        try (Rig rig = rig(caller, one(5))) {
            Rig.Running first = rig.start();
            Held.Asked asked = model.awaitAsked();
            Rig.Running second = rig.start();
            awaitActions(rig, "queued", 1);
            Awaitility.await().until(() -> clock.waiters() > 0);
            second.cancel();
            assertThat(second.await().error()).isNotNull();
            asked.answer("first");
            first.await();
            assertFree(rig);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_that_passes_in_the_queue_leaves_no_permit_behind(Caller caller) {
        try (Rig rig = rig(caller, one(5))) {
            Rig.Running first = rig.start();
            Held.Asked asked = model.awaitAsked();
            Rig.Running second = rig.start(
                    Rig.request("hurry"), CallOptions.deadline(Duration.ofSeconds(1)), new RecordingHandler());
            awaitActions(rig, "queued", 1);
            clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
            clock.advance(Duration.ofSeconds(1));

            assertThat(second.await().error(DeadlineExceededException.class))
                    .hasMessage("the deadline of 1 s passed while waiting for one of 1 permits of Held in interceptor"
                            + " 'concurrencyLimit'; allow more time with Deadlines, or ask for less");
            asked.answer("first");
            first.await();
            assertFree(rig);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_fails_gives_its_permit_back(Caller caller) {
        try (Rig rig = rig(caller, one(0))) {
            Rig.Running running = rig.start();
            model.awaitAsked().fail(new RateLimitException("no"));
            running.await().error(RateLimitException.class);
            assertFree(rig);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_is_given_up_gives_its_permit_back(Caller caller) {
        try (Rig rig = rig(caller, Deadlines.of(Duration.ofSeconds(1)), one(0))) {
            Rig.Running running = rig.start();
            model.awaitAsked();
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(1));
            running.await().error(DeadlineExceededException.class);
            rig.threads().awaitIdle();
            assertFree(rig);
        }
    }

    @Test
    void one_limit_in_two_pipelines_one_around_the_other_takes_one_permit() {
        ConcurrencyLimit one = ConcurrencyLimit.builder().fixed(1).queue(0).build();
        try (FmPipeline inner = FmPipeline.builder().with(one).build();
                FmPipeline outer = FmPipeline.builder().with(one).build()) {
            ScriptedChatModel named = ScriptedChatModel.builder()
                    .script(Script.always(Reply.text("yes")))
                    .defaultRequestParameters(
                            ChatRequestParameters.builder().modelName("m").build())
                    .build();
            assertThat(outer.wrap((ChatModel) inner.wrap(named)).chat("Hi")).isEqualTo("yes");
            assertThat(inner.wrap(named).chat("Hi")).isEqualTo("yes");
        }
    }

    @Test
    void embeddings_are_limited_too() {
        ScriptedEmbeddingModel embedding = ScriptedEmbeddingModel.of(Script.always(Reply.never()));
        try (FmPipeline pipeline = FmPipeline.builder().with(one(0)).build()) {
            FmEmbeddingModel wrapped = pipeline.wrap(embedding);
            var first =
                    wrapped.embedAsync(EmbeddingRequest.builder().input("hello").build());
            Awaitility.await().until(() -> !embedding.requests().isEmpty());
            assertThatThrownBy(() -> wrapped.embed("hello"))
                    .isInstanceOf(OverloadedException.class)
                    .hasMessageContaining("the limit is 1");
            first.cancel(true);
        }
    }

    // Stress

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"})
    void under_random_cancels_deadlines_and_errors_no_permit_is_lost_and_the_limit_holds(Caller caller) {
        int limit = 4;
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Interceptor counting = Interceptor.of("counting", Phase.LIMIT, (call, next) -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            try {
                return next.proceed(call);
            } finally {
                inFlight.decrementAndGet();
            }
        });
        Random random = new Random(3);
        Script script = Script.answering(request -> switch (Math.floorMod(
                request.messages().hashCode(), 5)) {
            case 0 -> Reply.error(new RateLimitException("no"));
            case 1 -> Reply.never();
            case 2 ->
                Reply.builder().text("slow").firstDelay(Duration.ofMillis(2)).build();
            default -> Reply.text("yes");
        });
        ConcurrencyLimit limiting =
                ConcurrencyLimit.builder().fixed(limit).queue(6).build();
        try (Rig rig = Rig.of(caller, script, limiting, counting)) {
            List<Rig.Running> running = new ArrayList<>();
            for (int i = 0; i < 4_000; i++) {
                Priority priority = PRIORITIES.get(random.nextInt(3));
                ChatRequestOptions options = CallOptions.deadline(
                        CallOptions.priority(priority), Duration.ofNanos(1 + random.nextInt(5_000_000)));
                Rig.Running each = rig.start(Rig.request("call " + i), options, new RecordingHandler());
                running.add(each);
                if (random.nextInt(3) == 0) {
                    running.get(random.nextInt(running.size())).cancel();
                }
                if (running.size() > 32) {
                    running.remove(0).await();
                }
            }
            running.forEach(Rig.Running::await);
            rig.threads().awaitIdle();

            assertThat(most.get()).isBetween(1, limit);
            assertThat(inFlight).hasValue(0);
            assertThat(rig.metrics().actions()).contains("concurrencyLimit: queued", "concurrencyLimit: displaced");
            running.clear();
            for (int i = 0; i < limit; i++) { // as many as there are permits, and all at once
                running.add(rig.start(Rig.request(textOfKind(1)), ChatRequestOptions.EMPTY, new RecordingHandler()));
            }
            Awaitility.await().until(() -> inFlight.get() == limit);
            running.forEach(Rig.Running::cancel);
            running.forEach(Rig.Running::await);
        }
    }

    private static String textOfKind(int kind) {
        for (int i = 0; ; i++) {
            String text = "find " + i;
            if (Math.floorMod(Rig.request(text).messages().hashCode(), 5) == kind) {
                return text;
            }
        }
    }

    // Bad input

    @Test
    void company_that_cannot_work_is_refused() {
        assertThatThrownBy(() -> FmPipeline.builder()
                        .with(one(1))
                        .with(ConcurrencyLimit.builder().named("mine").build())
                        .build())
                .hasMessage(
                        "interceptors 'concurrencyLimit' and 'mine' both bound the calls in flight in one pipeline, and only"
                                + " the lower limit would ever hold; keep one");
        assertThatThrownBy(() -> FmPipeline.builder()
                        .with(one(1))
                        .with(RateLimit.requestsPerMinute(5))
                        .build())
                .hasMessage(
                        "interceptor 'rateLimit' stands behind 'concurrencyLimit', so that calls would hold a permit while"
                                + " they wait for their rate; add it first");
        FmPipeline.builder()
                .with(RateLimit.requestsPerMinute(5))
                .with(one(1))
                .build()
                .close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 100_001, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void a_limit_that_makes_no_sense_is_refused(int calls) {
        String message = "the calls of a model in flight must be from 1 to 100,000, but are " + calls;
        assertThatThrownBy(() -> ConcurrencyLimit.of(calls)).hasMessage(message);
        assertThatThrownBy(() -> ConcurrencyLimit.builder().adaptive(calls)).hasMessage(message);
    }

    @Test
    void other_settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> ConcurrencyLimit.builder().queue(-1))
                .hasMessage("the calls of a model that wait must be from 0 to 100,000, but are -1");
        assertThatThrownBy(() -> ConcurrencyLimit.builder().longestWait(Duration.ZERO))
                .hasMessage("the longest wait must be positive, but is PT0S");
        ConcurrencyLimit.builder()
                .longestWait(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
    }
}
