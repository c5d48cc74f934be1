package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of a replay. */
class ReplayedCallTest {
    /** Marks each call at its head, as a replay does. */
    static final BoundaryInterceptor REPLAY = new BoundaryInterceptor() {
        @Override
        public @Nullable Object intercept(Boundary boundary, Crossing next) {
            return next.proceed(
                    boundary.kind() == BoundaryKind.CALL
                            ? boundary.input(FmCall.class).replayed()
                            : boundary.input());
        }
    };

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<Interceptor> listed = new CopyOnWriteArrayList<>();

    private Interceptor at(Phase phase) {
        return Interceptor.of(phase.name(), phase, (call, next) -> {
            seen.add(phase.name());
            listed.clear();
            listed.addAll(call.interceptors());
            return next.proceed(call);
        });
    }

    private FmPipeline.Builder all(FmPipeline.Builder builder) {
        Stream.of(Phase.values()).map(this::at).forEach(builder::with);
        return builder;
    }

    @ParameterizedTest
    @EnumSource
    void what_depends_on_the_moment_is_passed_by_in_a_replay(Caller caller) {
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.text("yes")),
                builder -> all(builder).watch(REPLAY))) {
            assertThat(rig.call().text()).isEqualTo("yes");

            assertThat(seen).containsExactly("DEADLINE", "ADMIT", "ROUTE", "FALLBACK", "VALIDATE", "RETRY");
            assertThat(listed).extracting(Interceptor::name).containsExactlyElementsOf(seen);
        }
    }

    @Test
    void it_is_passed_by_in_forks_and_in_the_pipelines_of_wrapped_models_too() {
        Interceptor forking =
                Interceptor.of("forking", Phase.VALIDATE, (call, next) -> next.proceed(call.fork(TokenSink.none())));
        try (Rig inner = Rig.of(Caller.CHAT, Script.always(Reply.text("yes")), this::all);
                FmPipeline outer =
                        FmPipeline.builder().with(forking).watch(REPLAY).build()) {
            inner.expectAnotherCall();
            outer.wrap(inner.chatModel()).chat("hello");

            assertThat(seen).containsExactly("DEADLINE", "ADMIT", "ROUTE", "FALLBACK", "VALIDATE", "RETRY");
        }
    }

    @Test
    void outside_of_a_replay_all_are_seen() {
        try (Rig rig = Rig.of(Caller.CHAT, Script.always(Reply.text("yes")), this::all)) {
            rig.call();

            assertThat(seen).hasSize(Phase.values().length);
            assertThat(listed).hasSize(Phase.values().length);
        }
    }

    @Test
    void a_pause_takes_no_time_in_a_replay_though_it_would_outlast_the_deadline() {
        ManualClock clock = ManualClock.create();
        Interceptor pausing = Interceptor.of("pausing", Phase.RETRY, (call, next) -> {
            FmCall bounded = call.withDeadline(Duration.ofSeconds(1));
            bounded.pause(Duration.ofHours(1)); // nobody moves the clock
            return next.proceed(bounded);
        });
        try (Rig rig = Rig.of(
                Caller.CHAT,
                Script.always(Reply.text("yes")),
                builder -> builder.with(pausing).time(clock).watch(REPLAY))) {
            assertThat(rig.call().text()).isEqualTo("yes");
        }
    }
}
