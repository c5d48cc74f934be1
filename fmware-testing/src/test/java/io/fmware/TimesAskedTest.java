package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimesAskedTest {
    private final List<Integer> asked = new ArrayList<>();

    private Interceptor counting() {
        return Interceptor.of("counting", Phase.ADMIT, (call, next) -> {
            asked.add(call.timesAsked());
            try {
                return next.proceed(call);
            } finally {
                asked.add(call.timesAsked());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void it_counts_forks_and_repetitions(Caller caller) {
        Interceptor twice = Interceptor.of("twice", Phase.RETRY, (call, next) -> {
            ForkedCall forked = call.proceedAside(next, TokenSink.none());
            call.await(forked.reply(), "waiting for a fork");
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(caller, Script.replying("one", "two"), counting(), twice)) {
            rig.call();
            assertThat(asked).containsExactly(0, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_never_reached_a_model_does_not_count(Caller caller) {
        Interceptor refusing = Interceptor.of("refusing", Phase.LIMIT, (call, next) -> {
            throw new OverloadedException("full", null);
        });
        try (Rig rig = Rig.of(caller, Script.of(), counting(), refusing)) {
            rig.call();
            assertThat(asked).containsExactly(0, 0);
        }
    }

    @Test
    void the_pipeline_of_a_wrapped_model_counts_for_the_one_around_it() {
        Interceptor thrice = Interceptor.of("thrice", Phase.RETRY, (call, next) -> {
            next.proceed(call);
            next.proceed(call);
            return next.proceed(call);
        });
        Interceptor known = Interceptor.of(
                "known",
                Phase.CACHE,
                (call, next) -> FmReply.of(Reply.text("known").response(), FmReply.Source.CACHE));
        try (FmPipeline inner = FmPipeline.builder().with(thrice).build();
                FmPipeline cached = FmPipeline.builder().with(known).build();
                FmPipeline outer = FmPipeline.builder().with(counting()).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.replying("1", "2", "3"))).chat("Hi");
            outer.wrap(cached.wrap(ScriptedChatModel.replying("unused"))).chat("Hi");
        }
        assertThat(asked).containsExactly(0, 3, 0, 0);
    }

    @Test
    void forks_in_the_pipeline_of_a_wrapped_model_count_for_the_one_around_it() {
        Interceptor aside = Interceptor.of("aside", Phase.RETRY, (call, next) -> {
            ForkedCall one = call.proceedAside(next, TokenSink.none());
            ForkedCall other = call.proceedAside(next, TokenSink.none());
            call.await(one.reply(), "waiting for a fork");
            call.await(other.reply(), "waiting for a fork");
            return one.reply().join();
        });
        try (FmPipeline inner = FmPipeline.builder().with(aside).build();
                FmPipeline outer = FmPipeline.builder().with(counting()).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.replying("1", "2"))).chat("Hi");
        }
        assertThat(asked).containsExactly(0, 2);
    }

    @Test
    void a_model_whose_thread_was_interrupted_before_does_not_count() {
        try (Rig rig = Rig.of(Caller.CHAT_WITH_A_DEADLINE, Script.of(), counting())) {
            Thread.currentThread().interrupt();
            assertThat(rig.call().error(CancelledException.class))
                    .hasMessageStartingWith("the thread was interrupted while waiting for ");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(asked).containsExactly(0, 0);
        }
    }

    @Test
    void a_model_whose_thread_comes_after_the_deadline_does_not_count() {
        ManualClock clock = ManualClock.create();
        List<Runnable> late = new ArrayList<>();
        ScriptedChatModel model = ScriptedChatModel.replying("unused");
        try (FmPipeline pipeline = FmPipeline.builder()
                .time(clock)
                .executor(task -> {
                    late.add(task);
                    clock.advance(Duration.ofSeconds(2));
                })
                .with(Deadlines.of(Duration.ofSeconds(1)))
                .with(counting())
                .build()) {
            assertThatThrownBy(() -> pipeline.wrap(model).chat("Hi")).isInstanceOf(DeadlineExceededException.class);
            late.forEach(Runnable::run);
        }
        assertThat(asked).containsExactly(0, 0);
        assertThat(model.requests()).isEmpty();
    }
}
