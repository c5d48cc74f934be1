package io.fmware.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveLimitTest {
    private static final long MILLI = 1_000_000;
    private final AtomicReference<String> named = new AtomicReference<>("");

    private record Call(long begun, long ends, int inFlight) {}

    /** Keeps as many calls in flight as allowed; a call takes longer in proportion beyond the slots. */
    private static long saturate(AdaptiveLimit limit, long from, long nanos, int slots, long service, double noise) {
        Random random = new Random(7);
        PriorityQueue<Call> flying = new PriorityQueue<>(Comparator.comparingLong(Call::ends));
        long now = from;
        while (now - from < nanos) {
            while (flying.size() < limit.get()) {
                int inFlight = flying.size() + 1;
                double takes =
                        service * Math.max(1.0, (double) inFlight / slots) * Math.exp(noise * random.nextGaussian());
                flying.add(new Call(now, now + (long) takes, inFlight));
            }
            Call ended = flying.remove();
            now = ended.ends;
            limit.answered(ended.begun, ended.ends - ended.begun, ended.inFlight);
        }
        return now;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 60, 200})
    void the_limit_finds_about_as_many_slots_as_there_are(int slots) {
        AdaptiveLimit limit = new AdaptiveLimit(1_000);
        saturate(limit, 0, 120_000 * MILLI, slots, 100 * MILLI, 0);

        assertThat(limit.get()).isBetween((int) (slots * 0.95), slots * 2 + 5);
    }

    /** What it has never seen it cannot know: that ten calls at once are too many for five slots. */
    @Test
    void a_model_of_few_slots_that_is_overloaded_from_its_first_call_on_is_taken_for_a_slow_one() {
        AdaptiveLimit limit = new AdaptiveLimit(1_000);
        saturate(limit, 0, 120_000 * MILLI, 5, 100 * MILLI, 0);
        assertThat(limit.get()).isBetween(10, 25);

        AdaptiveLimit bounded = new AdaptiveLimit(5);
        saturate(bounded, 0, 120_000 * MILLI, 5, 100 * MILLI, 0);
        assertThat(bounded.get()).isEqualTo(5);
    }

    @Test
    void latencies_that_differ_widely_do_not_starve_a_model() {
        AdaptiveLimit limit = new AdaptiveLimit(1_000);
        saturate(limit, 0, 600_000 * MILLI, 50, 2_000 * MILLI, 0.5);

        assertThat(limit.get()).isBetween(40, 120);
    }

    @Test
    void a_clock_below_zero_is_as_good_as_any() {
        AdaptiveLimit limit = new AdaptiveLimit(1_000);
        saturate(limit, -50_000_000 * MILLI, 60_000 * MILLI, 20, 100 * MILLI, 0);

        assertThat(limit.get()).isBetween(19, 45);
    }

    @Test
    void refusals_lower_it_once_a_second_and_answers_raise_it_again() {
        AdaptiveLimit limit = new AdaptiveLimit(1_000);
        long now = saturate(limit, 0, 60_000 * MILLI, 60, 100 * MILLI, 0);
        int before = limit.get();

        for (int i = 0; i < 50; i++) {
            limit.refused(now, before);
        }
        int once = (int) (before * 0.9);
        assertThat(limit.get()).isEqualTo(once);
        limit.refused(now + 1_000 * MILLI, before);
        int lowered = (int) (once * 0.9);
        assertThat(limit.get()).isEqualTo(lowered);
        limit.answered(now + 1_000 * MILLI, 999 * MILLI, 1);
        assertThat(limit.get()).isEqualTo(lowered);
        limit.answered(now + 1_000 * MILLI, 1_001 * MILLI, 1);
        assertThat(limit.get()).isBetween(lowered, lowered + 1);
        limit.answered(now + 3_000 * MILLI, 10 * MILLI, 1);
        assertThat(limit.get()).isBetween(lowered + 1, lowered + 2);
    }

    /** Whoever asks for one call after the other would be down to one permit after the first bad minute of a provider. */
    @Test
    void a_refusal_while_less_than_half_of_the_limit_is_in_flight_says_nothing_of_it() {
        AdaptiveLimit limit = new AdaptiveLimit(1_000);
        for (int i = 0; i < 100; i++) {
            limit.refused(i * 1_000L * MILLI, 1 + i % 4);
        }
        assertThat(limit.get()).isEqualTo(10);

        limit.refused(100_000 * MILLI, 5);
        assertThat(limit.get()).as("nine tenths of the limit").isEqualTo(9);
        limit.refused(101_000 * MILLI, 4);
        assertThat(limit.get()).isEqualTo(9);
    }

    @Test
    void a_high_limit_falls_with_refusals_of_many_though_these_are_less_than_half_of_it() {
        AdaptiveLimit limit = new AdaptiveLimit(1_000);
        long now = 0;
        for (int i = 0; i < 20_000 && limit.get() < 100; i++) {
            limit.answered(now, 100 * MILLI, limit.get());
            now += 10 * MILLI;
        }
        assertThat(limit.get()).isGreaterThanOrEqualTo(100);
        limit.refused(now, 9);
        assertThat(limit.get()).as("nine say nothing").isGreaterThanOrEqualTo(100);
        limit.refused(now, 20);
        assertThat(limit.get()).isEqualTo(36);
    }

    @Test
    void a_refusal_that_says_nothing_does_not_keep_the_next_one_from_being_heard() {
        AdaptiveLimit limit = new AdaptiveLimit(1_000);
        limit.refused(0, 1);
        limit.refused(0, 10);

        assertThat(limit.get()).isEqualTo(9);
    }

    @Test
    void the_queue_has_room_for_as_many_as_at_the_start_however_low_the_limit_falls() {
        ModelPermits permits = new ModelPermits(0, 1_000, -1);
        assertThat(permits.capacity()).isEqualTo(5);
        for (int i = 0; i < 100; i++) {
            permits.refused(i * 1_000L * MILLI, 1_000);
        }
        assertThat(permits.queue().limit()).isEqualTo(1);
        assertThat(permits.capacity()).isEqualTo(5);

        assertThat(new ModelPermits(0, 4, -1).capacity()).isEqualTo(2);
        assertThat(new ModelPermits(0, 1_000, 0).capacity()).isZero();
        assertThat(new ModelPermits(1, 1_000, -1).capacity()).isEqualTo(1);
        assertThat(new ModelPermits(40, 1_000, -1).capacity()).isEqualTo(20);
    }

    @Test
    void it_never_falls_below_one_nor_rises_above_the_most() {
        AdaptiveLimit limit = new AdaptiveLimit(4);
        saturate(limit, 0, 60_000 * MILLI, 100, 100 * MILLI, 0);
        assertThat(limit.get()).isEqualTo(4);
        for (int i = 0; i < 100; i++) {
            limit.refused((60_000L + i * 1_000L) * MILLI, 4);
        }
        assertThat(limit.get()).isEqualTo(1);
    }

    @Test
    void a_clock_that_jumps_does_no_harm() {
        AdaptiveLimit limit = new AdaptiveLimit(100);
        limit.answered(Long.MAX_VALUE - 5, 10, 1);
        limit.answered(0, Long.MAX_VALUE, 1);
        limit.answered(5, -5, 1);
        limit.answered(Long.MIN_VALUE, 1, 1);
        limit.refused(Long.MIN_VALUE, 0);
        limit.refused(Long.MAX_VALUE, Integer.MAX_VALUE);

        assertThat(limit.get()).isBetween(1, 100);
    }

    // In a pipeline

    /** A model that is wrapped in a pipeline of its own, asked behind an adaptive limit. */
    private void behind(ConcurrencyLimit limit, ManualClock clock, Script script, Consumer<ChatModel> use) {
        AtomicInteger asked = new AtomicInteger();
        Interceptor cache = Interceptor.of(
                "cache",
                Phase.CACHE,
                (call, next) -> asked.incrementAndGet() == 1
                        ? next.proceed(call)
                        : FmReply.of(Reply.text("known").response(), FmReply.Source.CACHE));
        Interceptor naming = Interceptor.of("naming", Phase.ADMIT, (call, next) -> {
            named.set(call.model());
            return next.proceed(call);
        });
        try (FmPipeline inner = FmPipeline.builder().time(clock).with(cache).build();
                FmPipeline outer = FmPipeline.builder()
                        .time(clock)
                        .with(naming)
                        .with(limit)
                        .build()) {
            use.accept(outer.wrap(inner.wrap(ScriptedChatModel.of(script))));
        }
    }

    @Test
    void what_the_cache_of_a_nested_pipeline_answers_does_not_raise_the_limit() {
        ManualClock clock = ManualClock.create();
        ConcurrencyLimit limit = ConcurrencyLimit.builder().adaptive(2).build();
        behind(limit, clock, Script.of(Reply.error(new RateLimitException("slow down"))), model -> {
            assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(RateLimitException.class);
            assertThat(limit.limit(named.get())).isEqualTo(1);
            for (int i = 0; i < 20; i++) {
                clock.advance(Duration.ofSeconds(2));
                assertThat(model.chat("Hi")).isEqualTo("known");
            }
        });
        assertThat(limit.limit(named.get())).isEqualTo(1);
    }

    @Test
    void a_quota_that_is_used_up_does_not_lower_the_limit_but_a_time_out_in_a_cause_does() {
        ManualClock clock = ManualClock.create();
        ConcurrencyLimit limit = ConcurrencyLimit.builder().adaptive(2).build();
        HttpException quota = new HttpException(429, "{\"code\": \"insufficient_quota\"}");
        behind(
                limit,
                clock,
                Script.of(Reply.error(new RateLimitException(quota))),
                model -> assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(RateLimitException.class));
        assertThat(limit.limit(named.get())).isEqualTo(2);

        RuntimeException wrapped = new CompletionException(new TimeoutException("too slow"));
        behind(
                limit,
                clock,
                Script.of(Reply.error(wrapped)),
                model -> assertThatThrownBy(() -> model.chat("Hi")).isSameAs(wrapped));
        assertThat(limit.limit(named.get())).isEqualTo(1);
    }

    @Test
    void a_call_that_is_refused_alone_leaves_the_room_for_a_burst() {
        ConcurrencyLimit limit = ConcurrencyLimit.adaptive();
        behind(
                limit,
                ManualClock.create(),
                Script.always(Reply.error(new RateLimitException("slow down"))),
                model -> assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(RateLimitException.class));

        assertThat(limit.limit(named.get())).isEqualTo(10);
    }
}
