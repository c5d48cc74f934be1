package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of files that every system takes. */
class FileNameTest {

    @ParameterizedTest
    @CsvSource({
        "pays, pays",
        "pays(String[]), pays(String[])",
        "'is it paid?', 'is it paid_'",
        "CON, CON_",
        "nul, nul_",
        "com1, com1_",
        "LPT\u00b2, LPT\u00b2_",
        "aux.b, aux.b_",
        "console, console",
        "'ends with a dot.', 'ends with a dot_'",
        "'ends with blanks. ', 'ends with blanks__'",
    })
    void what_some_system_does_not_take_is_replaced(String text, String clean) {
        assertThat(FileName.clean(text)).isEqualTo(clean);
    }

    @Test
    void a_long_name_is_cut_by_its_bytes_and_between_characters() {
        String one = "\u5c0f\ud842\udfb7".repeat(60);

        String fitting = FileName.fitting(one);

        assertThat(fitting).startsWith("\u5c0f\ud842\udfb7").matches("(\u5c0f|\ud842\udfb7)+~[0-9a-f]{8}");
        assertThat(fitting.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(100, 120);
        assertThat(FileName.fitting(one + "x")).isNotEqualTo(fitting);
        assertThat(FileName.fitting("a".repeat(110))).isEqualTo("a".repeat(110));
    }

    @Test
    void names_that_some_system_takes_for_one_have_one_key() {
        assertThat(FileName.key("Pays")).isEqualTo(FileName.key("pAYS"));
        assertThat(FileName.key("Z\u00e4hlt")).isEqualTo(FileName.key("za\u0308hlt"));
        assertThat(FileName.key("pays")).isNotEqualTo(FileName.key("pay"));
    }
}
