package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.event.Redactor;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of the page on redaction. */
class RedactionSnippetsTest {

    @Test
    void secrets_become_marks() {
        // docs:start redaction-standard
        Redactor redactor = Redactor.standard();

        String log = redactor.redact("login of jane@mail.example with password=hunter2 from 192.0.2.44");
        // login of [email:6a09e667] with password=[password:3c6ef372] from [ip:510e527f]
        // docs:end redaction-standard

        assertThat(hidden(log)).isEqualTo("login of [email:#] with password=[password:#] from [ip:#]");
    }

    @Test
    void rules_are_added_and_left_out() {
        byte[] secretKey = new byte[32];

        // docs:start redaction-key
        Redactor redactor = Redactor.builder()
                .key(secretKey) // at least 16 bytes that nobody else has
                .without("ip") // stays in the text
                .literal("db-password", System.getenv().getOrDefault("DB_PASSWORD", "not-set"))
                .rule("employee", Pattern.compile("\\bE-(\\d{5})\\b"), "E-")
                .build();
        // docs:end redaction-key

        assertThat(hidden(redactor.redact("E-12345 at 192.0.2.44"))).isEqualTo("E-[employee:#] at 192.0.2.44");
    }

    @Test
    void json_stays_json() {
        Redactor redactor = Redactor.standard();

        // docs:start redaction-json
        String json = redactor.redactJson("{\"user\": \"jane@mail.example\", \"pin\": {\"password\": 123456}}");
        // {"user": "[email:6a09e667]", "pin": {"password": "[password:bb67ae85]"}}
        // docs:end redaction-json

        assertThat(hidden(json)).isEqualTo("{\"user\": \"[email:#]\", \"pin\": {\"password\": \"[password:#]\"}}");
    }

    @Test
    void a_stream_gives_what_the_whole_gives() {
        Redactor redactor = Redactor.standard();

        // docs:start redaction-stream
        Redactor.Stream stream = redactor.stream();
        StringBuilder shown = new StringBuilder();
        for (String token : List.of("Your key is sk-pro", "j-a1B2c3D4e5F6g7H8", "i9J0k1L2m3N4, keep it.")) {
            shown.append(stream.accept(token));
        }
        shown.append(stream.end()); // Your key is [openai-key:a54ff53a], keep it.
        // docs:end redaction-stream

        assertThat(hidden(shown.toString())).isEqualTo("Your key is [openai-key:#], keep it.");
    }

    private static String hidden(String text) {
        return text.replaceAll(":[0-9a-f]{8}]", ":#]");
    }
}
