package io.fmware.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like a secret and is none. */
class RedactorFalseAlarmsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I forgot my password, how do I reset it? The token in the text message does not work.",
                "The secret of a good tea is patience: let it stand for 4 minutes at 90 degrees.",
                "Basic authentication and bearer authentication are described in section 4.2.1.",
                "max_tokens=4096, total_tokens: 123456789, token_type: bearer, tokenizer=cl100k_base",
                "{\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":340},\"token\":\"hello\",\"logprob\":-0.123456789012345}",
                "550e8400-e29b-41d4-a716-446655440000 and 12345678-1234-1234-1234-123456789012",
                "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 (HEAD -> main)",
                "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "2026-05-01T12:30:45.123456789+02:00, 20260501123045123456, 1700000000000, 1700000000000000",
                "0.4111111111111111 + 3.141592653589793 = 4.111111111111111",
                "Chrome/120.0.0.0, 127.0.0.1:8080, ::1, 0.0.0.0, 255.255.255.0, section 1.2.3.4.5",
                "String password = request.getParameter(\"password\");",
                "if (password == null || token != other) { apiKey = System.getenv(\"API_KEY\"); }",
                "self.password = password; api_key = os.environ[\"API_KEY\"]; secret: ${SECRET}",
                "private final String password; Password::new, std::vector<Token>, Map<String, Secret> secrets",
                "git@github.com:acme/shop.git, icon@2x.png, @Override, user@localhost, react@18.2.0",
                "https://acme.io:8443/a?page=2&sort=asc#top and jdbc:postgresql://db:5432/shop",
                "the risk-based task-force asked a disk-intensive desk-job; .sk-loading-indicator-circle-wrapper { }",
                "Order 4711 0815 2342 1337 of 12-34-56, invoice 2026-001-0002",
                "--password to set it; password: string; token: Token; secretName: db-credentials-name",
                "1234567890123456 and 9999999999999999999",
                "x ? a : b; a::b; 12:30; face:cafe; #deadbeef"
            })
    void ordinary_prose_and_code_stay(String text) {
        assertThat(Redactor.standard().redact(text)).isSameAs(text);
    }

    @Test
    void no_question_of_bank_customers_has_a_secret() throws IOException {
        String data = System.getenv("FMWARE_DATA");
        assumeThat(data)
                .as("FMWARE_DATA, the directory with banking77/test.csv")
                .isNotNull();
        List<String> questions = Files.readAllLines(Path.of(data, "banking77", "test.csv"));

        assertThat(questions).hasSizeGreaterThan(3000);
        assertThat(questions)
                .allSatisfy(question ->
                        assertThat(Redactor.standard().redact(question)).isSameAs(question));
    }
}
