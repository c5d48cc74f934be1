package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.examples.support.Outcome.Kind;
import io.fmware.testing.ExtractiveChatModel;
import io.fmware.testing.cassette.Recorded;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the model and the handbook said is in src/test/cassettes: neither is asked. */
@Recorded
class RecordedQuestionTest {

    @Test
    void a_question_is_answered_from_its_page() {
        try (SupportDesk desk = SharedKnowledge.desk(ExtractiveChatModel.create())) {
            Outcome outcome = desk.ask("c", "My card has not arrived yet, what should I do?");

            assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
            assertThat(outcome.answer().sources()).containsExactly("card-delivery");
        }
    }

    @Test
    void what_the_handbook_does_not_hold_is_refused() {
        try (SupportDesk desk = SharedKnowledge.desk(ExtractiveChatModel.create())) {
            assertThat(desk.ask("c", "How tall is Mount Everest?").answer())
                    .isEqualTo(new Answer("I do not know.", List.of(), 0));
        }
    }
}
