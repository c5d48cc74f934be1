package io.fmware.examples.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.testing.ExtractiveChatModel;
import io.fmware.testing.cassette.Recorded;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the model and the tools said is in src/test/cassettes: none of them is asked. */
class RecordedClaimTest {

    @Recorded
    @Test
    void a_damage_that_is_covered_is_paid() {
        Outcome outcome = ClaimsDesk.settle(Claim.of("C-1"), agent -> ExtractiveChatModel.create(), List.of());

        assertThat(outcome.agreed()).isTrue();
        assertThat(outcome.facts()).contains("900 euros");
        assertThat(outcome.letter()).contains("we pay 900 euros");
    }
}
