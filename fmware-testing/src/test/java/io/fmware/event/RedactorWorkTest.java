package io.fmware.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The work on a hostile text grows with its length: counted in characters looked at, not in time. */
class RedactorWorkTest {
    private static final int LENGTH = 1 << 20;
    private static final Rules RULES = new Rules(StandardRules.all(), new byte[16]);

    @ParameterizedTest
    @MethodSource
    void a_megabyte_of_anything_costs_a_bounded_number_of_looks_per_character(String unit) {
        long half = steps(unit, LENGTH / 2);
        long all = steps(unit, LENGTH);

        assertThat(all).as("%s", unit).isLessThanOrEqualTo(2 * half + 10_000).isLessThan(600L * LENGTH);
    }

    static Stream<String> a_megabyte_of_anything_costs_a_bounded_number_of_looks_per_character() {
        return Stream.of(
                "a",
                "1",
                "eyJ",
                "@",
                ".",
                ":",
                "-",
                "+1",
                "a@",
                "a.a@a.",
                "sk-",
                "hf_",
                "1.1.",
                "1:",
                "::",
                "4111 ",
                "12-34-",
                "1234-",
                "password=",
                "password=\"",
                "token:",
                "://",
                "://a:",
                "://a@",
                "Bearer ",
                "Basic YTpi",
                "Cookie: a=",
                "Authorization: ",
                "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAA",
                "-----END ",
                "\"",
                "\\",
                "\\\"",
                "%40",
                "[",
                "[email:",
                "<password>",
                "secret_",
                "AKIAAAAAAAAAAAAAAAAA",
                ".atlasv1.",
                "DE89",
                "a:aa",
                "api/webhooks/",
                "\ud83d",
                "\u0000",
                "ghp_" + "k3Vq8ZtLw5".repeat(4),
                "glpat-" + "k".repeat(20),
                "eyJ" + "k".repeat(300) + "-");
    }

    private static long steps(String unit, int length) {
        String text = unit.repeat(length / unit.length() + 1).substring(0, length);
        Scan scan = new Scan(RULES, text.toCharArray());
        scan.whole();
        return scan.steps();
    }
}
