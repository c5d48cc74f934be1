package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.testing.Script;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunTest {

    @ParameterizedTest
    @EnumSource
    void a_call_outside_of_any_run_opens_one_for_itself(Caller caller) {
        Watching watching = new Watching();
        try (Rig rig = Rig.of(caller, Script.replying("yes"), builder -> builder.watch(watching))) {
            assertThat(rig.call().text()).isEqualTo("yes");

            String model = "call/call:" + rig.modelName() + "#1";
            assertThat(watching.told())
                    .containsExactly(
                            "run.started call",
                            "call.started " + model,
                            "attempt.started " + model + "/attempt:" + rig.modelName() + "#1",
                            "attempt.ended " + model + "/attempt:" + rig.modelName() + "#1",
                            "call.ended " + model,
                            "run.ended call");
        }
    }
}
