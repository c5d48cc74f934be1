package io.fmware.observability.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.event.Redactor;
import org.junit.jupiter.api.Test;

class JfrNamesTest {
    private final Names names = new Names(Redactor.standard());

    @Test
    void a_name_that_was_seen_before_is_not_redacted_again() {
        String mail = "clerk-of-anna.miller@example.com";
        String first = names.clean(mail);

        assertThat(first).contains("[email:").doesNotContain("miller");
        assertThat(names.clean(String.valueOf(mail.toCharArray()))).isSameAs(first);
        assertThat(names.remembered()).isEqualTo(1);
    }

    @Test
    void no_more_names_are_remembered_than_there_is_room_for() {
        for (int i = 0; i < Names.REMEMBERED; i++) {
            names.clean("run-" + i);
        }
        assertThat(names.remembered()).isEqualTo(Names.REMEMBERED);

        assertThat(names.clean("one more")).isEqualTo("one more");
        assertThat(names.remembered()).isEqualTo(1);
    }

    @Test
    void a_name_that_is_too_long_is_cut_and_not_remembered() {
        assertThat(names.clean("x".repeat(Names.LONGEST)))
                .hasSize(Names.LONGEST)
                .endsWith("xx");
        assertThat(names.clean("x".repeat(Names.LONGEST + 1)))
                .hasSize(Names.LONGEST)
                .endsWith("x\u2026");
        assertThat(names.remembered()).isEqualTo(1);
    }
}
