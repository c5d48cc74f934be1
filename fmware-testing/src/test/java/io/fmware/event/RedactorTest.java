package io.fmware.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactorTest {
    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final Redactor REDACTOR = Redactor.builder().key(KEY).build();

    // Marks

    @Test
    void a_text_without_secrets_is_returned_itself() {
        String text = "Why has my card not arrived after 2 weeks?";

        assertThat(REDACTOR.redact(text)).isSameAs(text);
        assertThat(REDACTOR.redact("")).isEmpty();
    }

    @Test
    void a_mark_is_the_start_of_the_hmac_of_the_value() {
        // printf %s jane@mail.example | openssl dgst -sha256 -hmac 0123456789abcdef
        assertThat(REDACTOR.redact("Mail jane@mail.example now")).isEqualTo("Mail [email:225fbf1d] now");
    }

    @Test
    void equal_secrets_have_equal_marks_wherever_they_stand() {
        assertThat(REDACTOR.redact("jane@mail.example, joe@mail.example, <jane@mail.example>"))
                .matches("(\\[email:[0-9a-f]{8}]), (?!\\1)\\[email:[0-9a-f]{8}], <\\1>");
    }

    @Test
    void each_redactor_draws_a_key_of_its_own() {
        String text = "jane@mail.example";

        assertThat(Redactor.builder().build().redact(text))
                .isNotEqualTo(Redactor.builder().build().redact(text));
        assertThat(Redactor.standard()).isSameAs(Redactor.standard());
    }

    @Test
    void what_overlaps_is_removed_as_one() {
        assertThat(REDACTOR.redact("token=a@b.example.Xk3vQ9 x")).matches("token=\\[token:[0-9a-f]{8}] x");
    }

    @Test
    void secrets_outside_of_ascii_are_hashed_as_utf_8() {
        Redactor redactor =
                Redactor.builder().key(KEY).literal("name", "Zoë 😀😀😀").build();

        // printf %s 'Zoë 😀😀😀' | openssl dgst -sha256 -hmac 0123456789abcdef
        assertThat(redactor.redact("Zoë 😀😀😀")).isEqualTo("[name:c54e051f]");
    }

    // Rules of the user

    @Test
    void a_rule_of_the_user_is_tried_where_its_literal_stands() {
        Redactor redactor = Redactor.builder()
                .key(KEY)
                .rule("employee", Pattern.compile("\\bE-\\d{5}\\b"), "E-")
                .rule("plate", Pattern.compile("plate (\\w+)"), "plate")
                .build();

        assertThat(redactor.redact("E-12345 has plate XY99, e-1"))
                .matches("\\[employee:[0-9a-f]{8}] has plate \\[plate:[0-9a-f]{8}], e-1");
        assertThat(redactor.kinds()).contains("employee", "plate");
    }

    @Test
    void a_match_that_fills_the_window_goes_on_to_the_end_of_the_word() {
        Redactor redactor = Redactor.builder()
                .rule("acme-key", Pattern.compile("acme_[a-z0-9]{20,}"), "acme_")
                .build();

        assertThat(redactor.redact("acme_" + "k3".repeat(400) + " end")).matches("\\[acme-key:[0-9a-f]{8}] end");
    }

    @Test
    void a_known_secret_is_found_as_it_is_and_as_json_and_urls_have_it() {
        Redactor redactor = Redactor.builder().literal("db", "p\"w/ö 12").build();
        String mark = "\\[db:[0-9a-f]{8}]";

        assertThat(redactor.redact("p\"w/ö 12")).matches(mark);
        assertThat(redactor.redact("{\"x\":\"p\\\"w/ö 12\"}")).matches("\\{\"x\":\"" + mark + "\"}");
        assertThat(redactor.redact("?x=p%22w%2F%C3%B6+12&y")).matches("\\?x=" + mark + "&y");
        assertThat(redactor.redact("?x=p%22w%2F%C3%B6%2012&y")).matches("\\?x=" + mark + "&y");
        assertThat(redactor.redact("P\"w/ö 12")).isEqualTo("P\"w/ö 12");
        assertThat(redactor).hasToString("Redactor[" + redactor.kinds().size() + " kinds]");
    }

    @Test
    void a_standard_kind_can_be_left_out() {
        Redactor redactor = Redactor.builder().without("ip").build();

        assertThat(redactor.redact("192.0.2.44 and ::ffff:192.0.2.44")).isEqualTo("192.0.2.44 and ::ffff:192.0.2.44");
        assertThat(redactor.kinds()).doesNotContain("ip");
    }

    @Test
    void wrong_configuration_is_refused_with_its_cure() {
        Redactor.Builder builder = Redactor.builder();
        Pattern any = Pattern.compile("x");

        assertThatThrownBy(() -> builder.rule("Big", any, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the kind 'Big' must be 1 to 32 lower-case letters, digits and hyphens, since marks are"
                        + " recognised by that");
        assertThatThrownBy(() -> builder.rule("x", any))
                .hasMessage("rule 'x' needs literals that are not empty, one of which stands in whatever it matches;"
                        + " without them its pattern would be tried everywhere");
        assertThatThrownBy(() -> builder.rule("x", any, "y".repeat(65)))
                .hasMessage("a literal of rule 'x' has 65 characters, but at most 64 are allowed; give its beginning");
        assertThatThrownBy(() -> builder.literal("x", "12345"))
                .hasMessage("the secret of kind 'x' has 5 characters, but needs at least 6; what is shorter would be"
                        + " found by accident");
        assertThatThrownBy(() -> builder.key(new byte[15]))
                .hasMessage("the key has 15 bytes, but needs at least 16; with a key that can be guessed, so can what"
                        + " was removed");
        assertThatThrownBy(() -> builder.without("emails"))
                .hasMessageStartingWith("there is no standard kind 'emails'; there are [1password-token, ");
    }

    // JSON

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"card": 4111111111111111, "n": 41}      | {"card": "[card:#]", "n": 41}
                    {"password": "a\\"b\\nc"}                | {"password": "[password:#]"}
                    { "pin" : 1, "password" : 12345 }        | { "pin" : 1, "password" : "[password:#]" }
                    {"x":"\\u006aane@mail.example\\t"}       | {"x":"[email:#]\\t"}
                    {"jane@mail.example":[1,true,null]}      | {"[email:#]":[1,true,null]}
                    {"x":"{\\"password\\":\\"q w\\"}"}       | {"x":"{\\"password\\":\\"[password:#]\\"}"}
                    {"password":["hunter2"]}                 | {"password":["[password:#]"]}
                    {"a":"password=","b":"hunter2"}          | {"a":"password=","b":"hunter2"}
                    """)
    void json_stays_json(String json, String expected) throws JsonProcessingException {
        String redacted = REDACTOR.redactJson(json);

        assertThat(redacted.replaceAll(":[0-9a-f]{8}]", ":#]")).isEqualTo(expected);
        assertThat(new ObjectMapper().readTree(redacted)).isNotNull();
        assertThat(REDACTOR.redactJson(redacted)).isSameAs(redacted);
    }

    @Test
    void the_mark_in_json_is_that_of_the_value_it_stands_for() {
        assertThat(REDACTOR.redactJson("{\"password\":\"\\u0068unter2\"}"))
                .isEqualTo(
                        "{\"password\":\"" + REDACTOR.redact("password=hunter2").substring(9) + "\"}");
    }

    @Test
    void what_is_no_json_is_redacted_as_text() {
        assertThat(REDACTOR.redactJson("data: {\"x\": \"jane@mail.example"))
                .matches("data: \\{\"x\": \"\\[email:[0-9a-f]{8}]");
    }

    // Streams

    @Test
    void a_stream_holds_no_more_back_than_it_says() {
        Redactor.Stream stream = REDACTOR.stream();
        String prose = "Nothing to see here. ".repeat(100);
        int shown = 0;
        for (int i = 0; i < prose.length(); i++) {
            shown += stream.accept(prose.substring(i, i + 1)).length();
            assertThat(i + 1 - shown).isLessThanOrEqualTo(stream.longestHeldBack());
        }

        assertThat(stream.longestHeldBack()).isEqualTo(384);
        assertThat(shown + stream.end().length()).isEqualTo(prose.length());
        assertThat(Redactor.builder().literal("x", "k".repeat(1000)).build().stream()
                        .longestHeldBack())
                .isEqualTo(128 + 1064);
    }

    @Test
    void a_secret_without_an_end_in_sight_is_taken_in_as_it_comes() {
        Redactor.Stream stream = REDACTOR.stream();
        StringBuilder out = new StringBuilder(stream.accept("key: hf_"));
        for (int i = 0; i < 100_000; i++) {
            out.append(stream.accept("k3Vq8ZtLw5"));
        }
        out.append(stream.accept(" end")).append(stream.end());

        assertThat(out.toString())
                .isEqualTo(REDACTOR.redact("key: hf_" + "k3Vq8ZtLw5".repeat(100_000) + " end"))
                .matches("key: \\[huggingface-token:[0-9a-f]{8}] end");
    }

    @Test
    void a_stream_that_has_ended_says_so() {
        Redactor.Stream stream = REDACTOR.stream();
        stream.end();

        assertThatThrownBy(() -> stream.accept("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the stream has ended; begin another one with Redactor.stream()");
        assertThatThrownBy(stream::end)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the stream has ended already");
    }

    // Threads

    @Test
    void many_threads_share_a_redactor() throws Exception {
        String text = "jane@mail.example from 192.0.2.44 with password=hunter2";
        String expected = REDACTOR.redact(text);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> all = threads.invokeAll(IntStream.range(0, 8)
                    .mapToObj(i -> (java.util.concurrent.Callable<Boolean>) () -> IntStream.range(0, 500)
                            .allMatch(n -> REDACTOR.redact(text).equals(expected)))
                    .toList());
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
