package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatRequestOptions;
import io.fmware.testing.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PriorityTest {
    private final List<Priority> seen = new ArrayList<>();
    private final Interceptor looking = Interceptor.of("looking", Phase.LIMIT, (call, next) -> {
        seen.add(call.priority());
        return next.proceed(call);
    });

    @ParameterizedTest
    @EnumSource
    void a_call_has_the_priority_of_its_options_or_else_of_its_run(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("yes"), looking)) {
            rig.call();
            rig.call(Rig.request("Hi"), CallOptions.priority(Priority.CRITICAL));
            try (FmRun night = FmRun.builder("night job")
                            .priority(Priority.BACKGROUND)
                            .open();
                    FmRun inner = FmRun.builder("part").open()) {
                rig.call();
                rig.call(Rig.request("Hi"), CallOptions.priority(Priority.CRITICAL));
                assertThat(night.attributes()).containsEntry("priority", "background");
                assertThat(inner.findAttribute("priority")).isEqualTo("background");
                assertThat(inner.findAttribute("tenant")).isNull();
            }
            try (FmRun other =
                    FmRun.builder("theirs").attribute("priority", "p2").open()) {
                rig.call();
                assertThat(other.hasEnded()).isFalse();
            }
        }
        assertThat(seen)
                .containsExactly(
                        Priority.NORMAL, Priority.CRITICAL, Priority.BACKGROUND, Priority.CRITICAL, Priority.NORMAL);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_said_to_the_pipeline_does_not_reach_the_model(Caller caller) {
        ChatRequestOptions options = CallOptions.priority(
                CallOptions.deadline(
                        ChatRequestOptions.builder()
                                .addListenerAttribute("mine", "stays")
                                .build(),
                        Duration.ofMinutes(1)),
                Priority.BACKGROUND);

        assertThat(CallOptions.forModel(options).listenerAttributes())
                .hasSize(1)
                .containsEntry("mine", "stays");
        assertThat(CallOptions.priority(options)).isEqualTo(Priority.BACKGROUND);
        assertThat(CallOptions.deadline(options, TimeSource.system()).isSet()).isTrue();
        try (Rig rig = Rig.of(caller, Script.replying("yes"), looking)) {
            rig.call(Rig.request("Hi"), options);
        }
        assertThat(seen).containsExactly(Priority.BACKGROUND);
    }
}
