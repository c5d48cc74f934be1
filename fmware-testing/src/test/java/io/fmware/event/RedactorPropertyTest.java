package io.fmware.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the text. */
class RedactorPropertyTest {
    private static final Redactor REDACTOR = Redactor.builder()
            .rule("ticket", Pattern.compile("T-[0-9]{3,}"), "T-")
            .literal("known", "open \"sesame\" 😀")
            .build();

    private static final String KEY = "-----BEGIN PRIVATE KEY-----\n" + Samples.of("<alnum64>\n<alnum64>\n");

    /** Secrets, the beginnings and ends of some, and what stands around them. */
    private static final List<String> PARTS = List.of(
            "a",
            " ",
            "\n",
            "\\n",
            "\"",
            "\\\"",
            "'",
            "=",
            ":",
            "://",
            "@",
            "%40",
            "%3D",
            "+",
            "-",
            ".",
            ",",
            ";",
            "&",
            "[",
            "]",
            "{",
            "}",
            "<",
            ">",
            "1",
            "0000",
            "sk-",
            "hf_",
            "eyJ",
            "Bearer ",
            "Basic ",
            "password",
            "secret_",
            "token",
            "api_key",
            "--",
            "mail.example",
            "jane@mail.example",
            "://joe:pw",
            "192.0.2.44",
            "2001:db8::",
            "4111 1111 1111 1111",
            "+49 30 12345678",
            "DE89 3704 0044 0532 0130 00",
            "219-09-9999",
            "00:1B:44:11:3A:B7",
            "T-",
            "T-12345",
            "open \"sesame\" 😀",
            "open \\\"sesame\\\" 😀",
            "\ud83d",
            "\ude00",
            "ü",
            KEY,
            "-----END PRIVATE KEY-----",
            "[password:0123abcd]",
            "[email:",
            "Cookie: a=b",
            "Authorization: Token ",
            Samples.of("sk-<alnum48>"),
            Samples.of("<alnum30>"),
            Samples.of("<hex40>"),
            Samples.of("<word200>"),
            "&quot;",
            "%22",
            "\\u0022",
            "<password>");

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(300),
                Arbitraries.of(PARTS).list().ofMinSize(1).ofMaxSize(24).map(parts -> String.join("", parts)));
    }

    @Property(tries = 3000)
    void a_text_in_pieces_gives_what_the_whole_gives(@ForAll("texts") String text, @ForAll Random random) {
        Redactor.Stream stream = REDACTOR.stream();
        StringBuilder out = new StringBuilder();
        int longest = 1 + random.nextInt(1 << random.nextInt(10));
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + random.nextInt(longest + 1));
            out.append(stream.accept(text.substring(from, to)));
            from = to;
        }
        out.append(stream.end());

        assertThat(out.toString()).isEqualTo(REDACTOR.redact(text));
    }

    @Property(tries = 3000)
    void redacting_again_changes_nothing(@ForAll("texts") String text) {
        String once = REDACTOR.redact(text);

        assertThat(REDACTOR.redact(once)).isSameAs(once);
    }

    @Property(tries = 2000)
    void json_stays_json_and_has_the_same_names_and_numbers_of_values(@ForAll("texts") String text)
            throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        String json = mapper.writeValueAsString(Map.of("a", text, "password", List.of(text, 12345, true), "n", 4.5));

        JsonNode redacted = mapper.readTree(REDACTOR.redactJson(json));

        assertThat(redacted.fieldNames()).toIterable().containsExactlyInAnyOrder("a", "password", "n");
        assertThat(redacted.get("a").textValue()).isEqualTo(REDACTOR.redact(text));
        assertThat(redacted.get("password")).hasSize(3);
        assertThat(redacted.get("n").doubleValue()).isEqualTo(4.5);
    }

    @Property(tries = 1000)
    void json_of_any_kind_of_text_throws_nothing(@ForAll("texts") String text) {
        assertThat(REDACTOR.redactJson(text)).isNotNull();
        assertThat(REDACTOR.redactJson("{\"password\":\"" + text)).isNotNull();
    }
}
