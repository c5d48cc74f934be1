package io.fmware.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.output.TokenUsage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {
    private static final PriceTable STANDARD = PriceTable.standard();

    /** A usage as Anthropic's module has it: what went through the cache is beside the input. */
    public static final class OfAnthropic extends TokenUsage {
        public OfAnthropic() {
            super(100, 10);
        }

        public Integer cacheReadInputTokens() {
            return 1_000;
        }

        public Integer cacheCreationInputTokens() {
            return 2_000;
        }
    }

    /** A usage as OpenAI's module has it: what went through the cache is within the input. */
    public static final class OfOpenAi extends TokenUsage {
        public OfOpenAi() {
            super(1_000, 10);
        }

        public Details inputTokensDetails() {
            return new Details();
        }

        public static final class Details {
            public Integer cachedTokens() {
                return 600;
            }
        }
    }

    private static String input(String provider, String model) {
        return STANDARD.find(provider, model)
                .map(price -> price.input().toString())
                .orElse("unknown");
    }

    @Test
    void each_of_many_lines_has_a_source_a_date_and_prices_that_can_be() {
        List<String> wrong = new ArrayList<>();
        int[] lines = {0};
        STANDARD.all()
                .forEach((provider, models) -> models.forEach((model, price) -> {
                    lines[0]++;
                    boolean free = model.equals("*");
                    double in = price.input().toBigDecimal().doubleValue();
                    double out = price.output()
                            .map(m -> m.toBigDecimal().doubleValue())
                            .orElse(in);
                    boolean sane =
                            free ? in == 0 && out == 0 : in > 0 && in <= 200 && out >= in * .99 && out <= in * 12;
                    sane &= price.cachedInput()
                            .map(m -> free || m.compareTo(price.input()) < 0)
                            .orElse(true);
                    sane &= price.cacheWrite()
                            .map(m -> m.compareTo(price.input()) >= 0)
                            .orElse(true);
                    sane &= price.aboveThreshold()
                            .map(above -> above.input().compareTo(price.input()) > 0)
                            .orElse(true);
                    sane &= price.contextWindow().orElse(1_000) >= 1_000
                            && price.contextWindow().orElse(0) <= 10_000_000;
                    sane &= price.maxOutput().orElse(1_000) >= 1_000;
                    LocalDate asOf = price.asOf().orElse(LocalDate.MIN);
                    sane &= asOf.isAfter(LocalDate.of(2026, 1, 1)) && asOf.isBefore(LocalDate.of(2027, 1, 1));
                    sane &= URI.create(price.source().orElse("")).getScheme().equals("https");
                    if (!sane) {
                        wrong.add(provider + " " + model + " " + price);
                    }
                }));

        assertThat(wrong).isEmpty();
        assertThat(lines[0]).isGreaterThanOrEqualTo(40);
        assertThat(STANDARD.all().keySet())
                .contains(
                        "OPEN_AI",
                        "ANTHROPIC",
                        "GOOGLE_AI_GEMINI",
                        "MISTRAL_AI",
                        "COHERE",
                        "DEEPSEEK",
                        "XAI",
                        "AMAZON_BEDROCK",
                        "TOGETHER",
                        "ALIBABA",
                        "GROQ",
                        "OLLAMA");
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN_AI, gpt-4o, $2.50",
        "OPEN_AI, gpt-4o-2024-08-06, $2.50",
        "OPEN_AI, gpt-4o-2024-05-13, $5.00", // a line of its own
        "OPEN_AI, gpt-4o-latest, $2.50",
        "OPEN_AI, gpt-4o-mini, $0.15",
        "OPEN_AI, gpt-4o-mini-2024-07-18, $0.15",
        "OPEN_AI, gpt-4o-audio-preview, unknown",
        "OPEN_AI, gpt-4o-minimal, unknown",
        "OPEN_AI, gpt-4, $30.00",
        "OPEN_AI, gpt-4-0613, $30.00",
        "OPEN_AI, gpt-4-32k, unknown",
        "OPEN_AI, gpt-4-1106-preview, unknown",
        "OPEN_AI, gpt-4-turbo-2024-04-09, $10.00",
        "OPEN_AI, gpt-3.5-turbo, $0.50",
        "OPEN_AI, gpt-3.5-turbo-0613, unknown", // was dearer
        "OPEN_AI, ft:gpt-4o-mini-2024-07-18:me::1, unknown",
        "OPEN_AI, o1, $15.00",
        "OPEN_AI, o1-mini, unknown",
        "OPEN_AI, '', unknown",
        "ANTHROPIC, claude-sonnet-4-5-20250929, $3.00",
        "ANTHROPIC, claude-haiku-4-5, $1.00",
        "ANTHROPIC, claude-opus-4-1-20250805, $15.00",
        "ANTHROPIC, claude-opus-4, unknown",
        "GOOGLE_AI_GEMINI, gemini-2.5-pro, $1.25",
        "GOOGLE_VERTEX_AI_GEMINI, gemini-2.5-pro, $1.25",
        "GOOGLE_GENAI, models/gemini-2.5-flash-lite-001, $0.10",
        "GOOGLE_AI_GEMINI, gemini-2.5-flash, $0.30",
        "MISTRAL_AI, mistral-large-latest, $0.50",
        "MISTRAL_AI, mistral-large-2411, $2.00",
        "MISTRAL_AI, mistral-large-2402, unknown",
        "MISTRAL_AI, codestral, $0.30",
        "COHERE, command-r-03-2024, unknown",
        "COHERE, command-r-08-2024, $0.15",
        "OLLAMA, llama3.1:8b, $0.00",
        "OPEN_AI, deepseek-chat, $0.14", // asked by OpenAI's interface
        "OTHER, grok-4.3, $1.25",
        "OPEN_AI, llama3.1:8b, unknown", // may be anywhere
        "OTHER, gpt-oss-120b, $0.35",
        "AZURE_OPEN_AI, my-deployment, unknown",
        "MISTRAL_AI, gpt-4o, unknown",
        "NOBODY, gpt-4o, unknown"
    })
    void a_name_is_priced_by_its_own_line_or_not_at_all(String provider, String model, String input) {
        assertThat(input(provider, model)).isEqualTo(input);
    }

    @Test
    void a_model_that_several_hosts_have_is_not_guessed() {
        PriceTable table = PriceTable.builder()
                .add("ONE", "open-8b", Price.perMillion("1", "1"))
                .add("OTHER_HOST", "open-8b", Price.perMillion("2", "2"))
                .build();

        assertThat(table.find("OPEN_AI", "open-8b")).isEmpty();
        assertThat(table.find("ONE", "open-8b").orElseThrow().input()).hasToString("$1.00");
    }

    @Test
    void the_users_own_lines_override_and_the_longest_prefix_counts() {
        PriceTable table = STANDARD.toBuilder()
                .add("OPEN_AI", "gpt-4o", Price.perMillion("2", "8"))
                .add("MINE", "house-*", Price.perMillion("1", "1"))
                .add("MINE", "house-large-*", Price.perMillion("7", "7"))
                .add("MINE", "house-large-9", Price.perMillion("9", "9"))
                .build();

        assertThat(table.find("OPEN_AI", "gpt-4o").orElseThrow().input()).hasToString("$2.00");
        assertThat(table.find("OPEN_AI", "gpt-4o-mini").orElseThrow().input()).hasToString("$0.15");
        assertThat(table.find("MINE", "house-small").orElseThrow().input()).hasToString("$1.00");
        assertThat(table.find("MINE", "house-large-3").orElseThrow().input()).hasToString("$7.00");
        assertThat(table.find("MINE", "house-large-9").orElseThrow().input()).hasToString("$9.00");
        assertThat(table.find("MINE", "hous")).isEmpty();
    }

    @Property(tries = 2000)
    void no_other_model_of_any_name_is_taken_for_one_that_is_known(
            @ForAll("suffixes") @StringLength(max = 12) String suffix) {
        boolean dated = suffix.isEmpty()
                || suffix.matches(
                        "-latest|-20\\d\\d-\\d\\d-\\d\\d|[-@]20\\d{6}|-[01]\\d[0-3]\\d|-[01]\\d-20\\d\\d|-00\\d");
        boolean named = STANDARD.all().get("OPEN_AI").containsKey("gpt-4o" + suffix);

        assertThat(STANDARD.find("OPEN_AI", "gpt-4o" + suffix).isPresent()).isEqualTo(dated || named);
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<String> suffixes() {
        return net.jqwik.api.Arbitraries.oneOf(
                net.jqwik.api.Arbitraries.strings().withChars("-miniaudo0123@:").ofMaxLength(12),
                net.jqwik.api.Arbitraries.of(
                        "-mini",
                        "-2024-08-06",
                        "-0613",
                        "-2024-8-6",
                        "-mini-2024-07-18",
                        "-20240806",
                        "-001",
                        "-latest"));
    }

    @Test
    void cached_input_has_its_own_price_as_each_provider_counts_it() {
        Price price = Price.perMillion("3", "15").withCachedInput("0.3").withCacheWrite("3.75");

        assertThat(price.cost(new OfAnthropic()).orElseThrow())
                .isEqualTo(Money.usd("0.0003") // 100 fresh
                        .plus(Money.usd("0.0003")) // 1,000 read
                        .plus(Money.usd("0.0075")) // 2,000 written
                        .plus(Money.usd("0.00015")));
        assertThat(price.cost(new OfOpenAi()).orElseThrow())
                .isEqualTo(Money.usd("0.0012").plus(Money.usd("0.00018")).plus(Money.usd("0.00015")));
        assertThat(Price.perMillion("3", "15").cost(new OfOpenAi()).orElseThrow())
                .as("without a price of its own it costs as other input")
                .isEqualTo(Money.usd("0.00315"));
    }

    @Test
    void a_usage_that_cannot_be_has_no_cost() {
        Price price = Price.perMillion("1", "1");

        assertThat(price.cost((TokenUsage) null)).isEmpty();
        assertThat(price.cost(new TokenUsage(null, 5))).isEmpty();
        assertThat(price.cost(new TokenUsage(-5, 5))).isEmpty();
        assertThat(price.cost(new TokenUsage(5, -5, 0))).isEmpty();
        assertThat(price.cost(new TokenUsage(5, null, null))).isEmpty();
        assertThat(price.cost(new TokenUsage(5, null, 7)).orElseThrow()).isEqualTo(Money.usd("0.000007"));
        assertThat(Price.perMillionOfInput("1").cost(new TokenUsage(5, 5))).isEmpty();
        assertThat(Price.perMillionOfInput("1").cost(new TokenUsage(5)).orElseThrow())
                .isEqualTo(Money.usd("0.000005"));
    }

    @Test
    void above_a_threshold_another_price_holds_for_the_whole_request() {
        Price price = STANDARD.find("GOOGLE_AI_GEMINI", "gemini-2.5-pro").orElseThrow();

        assertThat(price.cost(new TokenUsage(200_000, 0)).orElseThrow()).hasToString("$0.25");
        assertThat(price.cost(new TokenUsage(200_001, 0)).orElseThrow()).hasToString("$0.5000025");
        assertThat(price.threshold()).hasValue(200_000);
    }

    @Test
    void a_file_of_ones_own_is_read_and_its_faults_are_told_with_their_line(@TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(
                directory.resolve("prices.tsv"),
                "# ours\nprovider\tmodel\tinput\toutput\tas_of\tsource\nMINE\thouse-1\t0.5\t-\t2026-11-01\tcontract 7\n");

        Price price = PriceTable.builder()
                .addFile(file)
                .build()
                .find("MINE", "house-1")
                .orElseThrow();
        assertThat(price.input()).hasToString("$0.50");
        assertThat(price.output()).isEmpty();
        assertThat(price).hasToString("Price[$0.50 in per million tokens, as of 2026-11-01]");
        for (Map.Entry<String, String> each : Map.of(
                        "MINE\thouse-1\tfree\t1\t-\t-",
                        "line 3 of prices.tsv is no price: an amount of dollars must be a decimal number such as 0.25, but is 'free'",
                        "MINE\thouse-1\t1",
                        "line 3 of prices.tsv is no price: it has 3 cells, but there are 6 titles",
                        "MINE\thouse-1\t-\t1\t-\t-",
                        "line 3 of prices.tsv is no price: it has no input",
                        "MINE\thouse-1\t1\t1\t-\t-\nMINE\thouse-1\t2\t2\t-\t-",
                        "line 4 of prices.tsv is no price: MINE house-1 has a line already; keep one of them",
                        "MINE\thouse-1\t0.0000001\t1\t-\t-",
                        "line 3 of prices.tsv is no price: a price per million tokens must have at most six decimals, but is"
                                + " 0.0000001; round it up")
                .entrySet()) {
            Files.writeString(file, "# ours\nprovider\tmodel\tinput\toutput\tas_of\tsource\n" + each.getKey() + "\n");
            assertThatThrownBy(() -> PriceTable.builder().addFile(file))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(each.getValue());
        }
    }

    private static final String ALL =
            "provider model input output above_tokens input_above output_above context max_output as_of source";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            M a 1 2 -    3 4  -    - -          -  | line 2 of prices.tsv is no price: it has input_above 3, but no above_tokens; give the number of tokens above which it holds, or leave input_above out
            M a 1 2 -    - 4  -    - -          -  | line 2 of prices.tsv is no price: it has output_above 4, but no above_tokens; give the number of tokens above which it holds, or leave output_above out
            M a 1 2 9    - 4  -    - -          -  | line 2 of prices.tsv is no price: it has no input_above
            M a 1 2 -9   3 4  -    - -          -  | line 2 of prices.tsv is no price: above_tokens must be a number of tokens, from 1 on and in digits alone, but is -9; put a dash where it is not known
            M a 1 2 -    - -  -5   - -          -  | line 2 of prices.tsv is no price: context must be a number of tokens, from 1 on and in digits alone, but is -5; put a dash where it is not known
            M a 1 2 -    - -  0    - -          -  | line 2 of prices.tsv is no price: context must be a number of tokens, from 1 on and in digits alone, but is 0; put a dash where it is not known
            M a 1 2 -    - -  -    8k -         -  | line 2 of prices.tsv is no price: max_output must be a number of tokens, from 1 on and in digits alone, but is 8k; put a dash where it is not known
            M a 1 2 -    - -  -    9999999999999999999 - - | line 2 of prices.tsv is no price: max_output must be a number of tokens, from 1 on and in digits alone, but is 9999999999999999999; put a dash where it is not known
            M a 1 2 -    - -  -    - -          us | line 2 of prices.tsv is no price: it has source us, but no as_of; give the day on which it said so, or leave source out
            M a 1 2 -    - -  -    - yesterday  us | line 2 of prices.tsv is no price: as_of must be a day such as 2026-11-01, but is yesterday; put a dash where it is not known
            M =a* 1 2 -  - -  -    - -          -  | line 2 of prices.tsv is no price: the name of a model must not both begin with = and end in *, but is =a*; leave one out
            """)
    void a_line_that_cannot_be_right_is_refused_with_the_cure(String line, String message, @TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(
                directory.resolve("prices.tsv"), (ALL + "\n" + line.strip() + "\n").replaceAll(" +", "\t"));

        assertThatThrownBy(() -> PriceTable.builder().addFile(file))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void a_column_or_a_name_that_is_there_twice_is_refused(@TempDir Path directory) throws IOException {
        Path columns = Files.writeString(
                directory.resolve("columns.tsv"), "provider\tmodel\tinput\toutput\tinput\nM\ta\t1\t2\t3\n");
        assertThatThrownBy(() -> PriceTable.builder().addFile(columns))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 1 of columns.tsv is no price: it has two columns input; keep one of them");
        Path names = Files.writeString(directory.resolve("names.tsv"), "provider\tmodel\tinput\nM\ta\t1\nM\t=a\t2\n");
        assertThatThrownBy(() -> PriceTable.builder().addFile(names))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 3 of names.tsv is no price: M a has a line already; keep one of them");
    }

    @Test
    void a_byte_order_mark_before_a_file_does_not_matter(@TempDir Path directory) throws IOException {
        for (String start : List.of("\ufeff", "\ufeff# ours\n")) {
            Path file = Files.writeString(
                    directory.resolve("prices.tsv"), start + "provider\tmodel\tinput\nMINE\thouse-1\t0.5\n");

            assertThat(PriceTable.builder().addFile(file).build().find("MINE", "house-1"))
                    .isPresent();
        }
    }

    @Test
    @Timeout(5)
    void names_without_end_are_not_looked_up_and_have_no_price() {
        String endless = "gpt-4o-" + "1".repeat(10_000_000);
        PriceTable table = STANDARD.toBuilder()
                .add("OPEN_AI", "gpt-*", Price.free())
                .add("OPEN_AI", "x".repeat(2_048), Price.free())
                .build();

        for (int i = 0; i < 100; i++) {
            assertThat(table.find("OPEN_AI", endless)).isEmpty();
            assertThat(table.find(endless, "gpt-4o")).isEmpty();
        }
        assertThat(table.foundSize()).isZero();
        assertThat(table.find("OPEN_AI", "x".repeat(2_048))).isPresent();
        assertThatThrownBy(() -> table.toBuilder().add("OPEN_AI", "x".repeat(2_049), Price.free()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of a provider or a model must have at most 2,048 characters, but has 2049; longer"
                        + " ones are never found");
    }

    @Test
    void a_table_without_titles_is_refused(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("prices.tsv"), "# nothing\n");

        assertThatThrownBy(() -> PriceTable.builder().addFile(file))
                .hasMessage(
                        "prices.tsv has no line of titles; begin it with the names of its columns, separated by tabs");
    }

    @Test
    void what_was_found_is_kept_for_a_bounded_number_of_names() {
        PriceTable table = PriceTable.standard().toBuilder().build();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1_500; i++) {
                assertThat(table.find("OPEN_AI", "no-model-" + i)).isEmpty();
            }
            assertThat(table.find("OPEN_AI", "gpt-4o-2024-08-06"))
                    .isEqualTo(PriceTable.standard().find("OPEN_AI", "gpt-4o-2024-08-06"))
                    .isPresent();
            assertThat(table.foundSize()).isEqualTo(1_000);
        }
        PriceTable fresh = PriceTable.standard().toBuilder().build();
        assertThat(fresh.find("OPEN_AI", "gpt-4o")).isSameAs(fresh.find("OPEN_AI", "gpt-4o"));
    }

    @Test
    void a_price_is_found_under_the_names_that_it_was_added_under() {
        PriceTable table = PriceTable.builder()
                .add("GOOGLE_VERTEX_AI_GEMINI", "gemini-of-mine", Price.perMillion("1", "2"))
                .add("GOOGLE_AI_GEMINI", "models/another", Price.perMillion("3", "4"))
                .build();
        assertThat(table.find("GOOGLE_VERTEX_AI_GEMINI", "gemini-of-mine")).isPresent();
        assertThat(table.find("GOOGLE_GENAI", "models/gemini-of-mine")).isPresent();
        assertThat(table.find("GOOGLE_AI_GEMINI", "models/another")).isPresent();
        assertThat(table.find("GOOGLE_AI_GEMINI", "another")).isPresent();
    }
}
