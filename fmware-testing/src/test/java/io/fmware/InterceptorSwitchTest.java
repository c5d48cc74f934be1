package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterceptorSwitchTest {
    private static final int CALLS = 20_000;
    private final AtomicInteger seen = new AtomicInteger();

    private Interceptor counting(String name) {
        return Interceptor.of(name, Phase.ADMIT, (call, next) -> {
            seen.incrementAndGet();
            return next.proceed(call);
        });
    }

    @ParameterizedTest
    @EnumSource
    void one_that_is_off_is_passed_by_until_it_is_on_again(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.always(Reply.text("yes")), counting("mine"))) {
            InterceptorSwitch toggle = rig.pipeline().interceptor("mine");
            toggle.off();
            assertThat(toggle).hasToString("mine off");
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(seen).hasValue(0);

            toggle.on();
            assertThat(toggle).hasToString("mine on");
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(seen).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.25, 0.5, 0.99})
    void a_share_is_the_share_of_calls_that_are_seen(double share) {
        try (Rig rig = Rig.of(Caller.CHAT, Script.always(Reply.text("yes")), counting("mine"))) {
            rig.pipeline().interceptor("mine").share(share);
            assertThat(rig.pipeline().interceptor("mine").share()).isCloseTo(share, Offset.offset(1e-6));
            for (int i = 0; i < CALLS; i++) {
                rig.call();
            }
            // Six standard deviations: fails by chance once in 500 million runs.
            double deviation = Math.sqrt(share * (1 - share) / CALLS);
            assertThat(seen.get() / (double) CALLS).isCloseTo(share, Offset.offset(6 * deviation));
        }
    }

    @Test
    void two_shares_are_drawn_independently() {
        AtomicInteger both = new AtomicInteger();
        AttributeKey<Boolean> first = AttributeKey.of("first", Boolean.class);
        Interceptor one = Interceptor.of("one", Phase.ADMIT, (call, next) -> next.proceed(call.with(first, true)));
        Interceptor two = Interceptor.of("two", Phase.ADMIT, (call, next) -> {
            if (call.attribute(first) != null) {
                both.incrementAndGet();
            }
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(Caller.CHAT, Script.always(Reply.text("yes")), one, two)) {
            rig.pipeline().interceptor("one").share(0.5);
            rig.pipeline().interceptor("two").share(0.5);
            for (int i = 0; i < CALLS; i++) {
                rig.call();
            }
            assertThat(both.get() / (double) CALLS).isCloseTo(0.25, Offset.offset(0.02));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_is_seen_is_seen_in_all_its_attempts_and_forks(Caller caller) {
        List<Integer> perCall = new ArrayList<>();
        Interceptor repeating = Interceptor.of("repeating", Phase.RETRY, (call, next) -> {
            seen.set(0);
            try {
                next.proceed(call);
            } catch (RateLimitException e) {
                next.proceed(call.nextAttempt());
            }
            FmReply reply = next.proceed(call.fork(TokenSink.none()));
            perCall.add(seen.get());
            return reply;
        });
        AtomicInteger calls = new AtomicInteger();
        Script everyOther = Script.answering(request -> calls.getAndIncrement() % 3 == 0
                ? Reply.error(new RateLimitException("slow down"))
                : Reply.text("yes"));
        Interceptor counting = Interceptor.of("counting", Phase.LIMIT, (call, next) -> {
            seen.incrementAndGet();
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(caller, everyOther, repeating, counting)) {
            rig.pipeline().interceptor("counting").share(0.5);
            for (int i = 0; i < 60; i++) {
                rig.call();
            }
            assertThat(new HashSet<>(perCall)).containsExactlyInAnyOrder(0, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void a_share_that_is_none_is_refused(double share) {
        try (Rig rig = Rig.of(Caller.CHAT, Script.of(), counting("mine"))) {
            assertThatThrownBy(() -> rig.pipeline().interceptor("mine").share(share))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the share of calls that interceptor 'mine' sees must be from 0 to 1, but is " + share);
        }
    }

    @Test
    void a_share_is_shown_in_percent() {
        try (Rig rig = Rig.of(Caller.CHAT, Script.of(), counting("mine"))) {
            rig.pipeline().interceptor("mine").share(0.125);
            assertThat(rig.pipeline().interceptor("mine")).hasToString("mine 12.5 %");
        }
    }
}
