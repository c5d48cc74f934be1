package io.fmware.retry;

import static io.fmware.retry.Checking.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {

    // JSON

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "3",
                "-0.5e3",
                "\"word\"",
                "true",
                "null",
                " \n\t{\"a\": [1, {\"b\": null}]}\r\n ",
                "1e308",
                "{\"\":\"\"}",
                "{\"a\":{\"a\":1}}",
                "\"\\ud83d\\ude00 \\u0000\""
            })
    void one_json_value_is_json(String answer) {
        assertThat(reason(Replies.areJson(), answer)).isEqualTo("valid");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ` `                       | The answer is empty, but must be JSON.
                    Here you are: {}          | The answer is not JSON: it does not start with a JSON value.
                    {} Hope this helps!       | The answer is not JSON: there is something after the JSON value.
                    {}{}                      | The answer is not JSON: there is something after the JSON value.
                    {"a": 1} }                | The answer is not JSON: there is something after the JSON value.
                    {"a": 1, "a": 2}          | The answer is not JSON: it has the key a twice in one object at line 1, column 13.
                    {"a": NaN}                | The answer is not JSON: it is malformed at line 1, column 10.
                    {"a": secret}             | The answer is not JSON: it is malformed at line 1, column 7.
                    NaN                       | The answer is not JSON: it does not start with a JSON value.
                    {"a": 1                   | The answer is not JSON: it ends before it is complete at line 1, column 8.
                    {"a": "secret             | The answer is not JSON: it ends before it is complete at line 1, column 14.
                    {"a" 1}                   | The answer is not JSON: unexpected character ('1' (code 49)): was expecting a colon to separate field name and value at line 1, column 6.
                    {'a': 1}                  | The answer is not JSON: unexpected character (''' (code 39)): was expecting double-quote to start field name at line 1, column 2.
                    {"a": 1,}                 | The answer is not JSON: unexpected character ('}' (code 125)): was expecting double-quote to start field name at line 1, column 9.
                    {"a": 01}                 | The answer is not JSON: it is malformed at line 1, column 8.
                    // secret                 | The answer is not JSON: it does not start with a JSON value.
                    """)
    void what_is_not_json_is_told_with_its_place_and_not_quoted(String answer, String expected) {
        assertThat(reason(Replies.areJson(), answer)).isEqualTo(expected).doesNotContain("secret");
    }

    @Test
    void json_in_a_code_fence_is_told_so() {
        assertThat(reason(Replies.areJson(), "```json\n{}\n```"))
                .isEqualTo("The answer is in a code fence; give the bare JSON.");
        assertThat(reason(Replies.areJson(), "\n ```\n{}```"))
                .isEqualTo("The answer is in a code fence; give the bare JSON.");
    }

    @Test
    void an_unescaped_line_break_in_a_text_is_told() {
        assertThat(reason(Replies.areJson(), "{\"a\": \"x\ny\"}"))
                .isEqualTo(
                        "The answer is not JSON: illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped"
                                + " using backslash to be included in string value at line 1, column 9.");
    }

    @Test
    void a_byte_order_mark_and_exotic_white_space_are_not_json_since_readers_refuse_them() {
        assertThat(reason(Replies.areJson(), "\uFEFF{}"))
                .isEqualTo("The answer is not JSON: it does not start with a JSON value.");
        assertThat(reason(Replies.areJson(), "\u2003{}"))
                .isEqualTo("The answer is not JSON: it does not start with a JSON value.");
        assertThat(reason(Replies.areJson(), "{}\u2003"))
                .isEqualTo("The answer is not JSON: there is something after the JSON value.");
    }

    @Test
    void nesting_without_bound_is_refused_without_a_stack_overflow() {
        int levels = 100_000;
        for (String open : List.of("[", "{\"a\":")) {
            String close = open.equals("[") ? "]" : "}";
            String answer = open.repeat(levels) + "1" + close.repeat(levels);

            assertThat(reason(Replies.areJson(), answer)).isEqualTo("The answer is not JSON: it is nested too deeply.");
            assertThat(reason(Replies.matchSchema(java.util.Map.class), answer))
                    .isEqualTo("The answer is not JSON: it is nested too deeply.");
        }
    }

    @Test
    void numbers_without_bound_are_refused() {
        assertThat(reason(Replies.areJson(), "{\"a\": " + "9".repeat(100_000) + "}"))
                .isEqualTo("The answer is not JSON: it has a key, string or number that is too long.");
        for (String answer : List.of("1e400", "[{\"a\": -1e400}]", "1e" + "9".repeat(20))) {
            assertThat(reason(Replies.areJson(), answer))
                    .isEqualTo("The answer has a number that is too large to be read.");
        }
        assertThat(reason(Replies.areJson(), "1e-400")).isEqualTo("valid");
    }

    @Test
    void a_long_duplicate_key_is_cut() {
        String key = "k".repeat(500);

        assertThat(reason(Replies.areJson(), "{\"" + key + "\": 1, \"" + key + "\": 2}"))
                .startsWith("The answer is not JSON: it has the key " + "k".repeat(100) + "... twice in one object");
    }

    // Words, lengths, conditions

    @Test
    void a_pattern_must_match_the_whole_answer() {
        Validator date = Replies.match(Pattern.compile("\\d{4}-\\d\\d-\\d\\d"), "an ISO date such as 2026-11-21");

        assertThat(reason(date, " 2026-11-21\n")).isEqualTo("valid");
        assertThat(reason(date, "On 2026-11-21"))
                .isEqualTo("The answer must be an ISO date such as 2026-11-21 and nothing else.");
    }

    @Test
    void an_answer_may_be_one_of_a_few_words() {
        Validator word = Replies.beOneOf(List.of("refund", "cancel"));

        assertThat(reason(word, " cancel ")).isEqualTo("valid");
        assertThat(reason(word, "Cancel")).isEqualTo("The answer must be exactly one of: refund, cancel.");
        assertThat(reason(word, "cancel or refund")).isEqualTo("The answer must be exactly one of: refund, cancel.");
    }

    enum Intent {
        REFUND,
        CANCEL {
            @Override
            public String toString() {
                return "end it";
            }
        }
    }

    @Test
    void an_answer_may_be_a_constant_of_an_enum() {
        assertThat(reason(Replies.beOneOf(Intent.class), "CANCEL")).isEqualTo("valid");
        assertThat(reason(Replies.beOneOf(Intent.class), "end it"))
                .isEqualTo("The answer must be exactly one of: REFUND, CANCEL.");
    }

    @Test
    void the_words_are_copied() {
        List<String> words = new java.util.ArrayList<>(List.of("yes"));
        Validator validator = Replies.beOneOf(words);
        words.add("no");

        assertThat(reason(validator, "no")).isEqualTo("The answer must be exactly one of: yes.");
    }

    @Test
    void an_answer_has_a_length() {
        Validator sentence = Replies.haveLength(2, 5);

        assertThat(reason(sentence, "ab")).isEqualTo("valid");
        assertThat(reason(sentence, "abcde")).isEqualTo("valid");
        assertThat(reason(sentence, "a")).isEqualTo("The answer has 1 characters, but must have from 2 to 5.");
        assertThat(reason(sentence, "abcdef")).isEqualTo("The answer has 6 characters, but must have from 2 to 5.");
    }

    @Test
    void an_answer_satisfies_a_condition() {
        Validator currency = Replies.satisfy("must name a currency", text -> text.contains("EUR"));

        assertThat(reason(currency, "5 EUR")).isEqualTo("valid");
        assertThat(reason(currency, "5")).isEqualTo("The answer must name a currency.");
    }

    @Test
    void of_two_the_second_is_asked_only_about_what_the_first_finds_valid() {
        Validator both = Replies.areJson()
                .and(Replies.haveLength(0, 4))
                .and(Replies.satisfy("must be an array", t -> t.startsWith("[")));

        assertThat(reason(both, "[1]")).isEqualTo("valid");
        assertThat(reason(both, "prose is long")).startsWith("The answer is not JSON");
        assertThat(reason(both, "[1,2]")).isEqualTo("The answer has 5 characters, but must have from 0 to 4.");
        assertThat(reason(both, "{}")).isEqualTo("The answer must be an array.");
    }

    @Test
    void wrong_settings_are_refused_when_they_are_made() {
        assertThatThrownBy(() -> Replies.beOneOf(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beOneOf needs at least one allowed answer");
        assertThatThrownBy(() -> Replies.haveLength(3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the length must be from 0 <= least <= most, but is from 3 to 2");
        assertThatThrownBy(() -> Replies.haveLength(-1, 2))
                .hasMessage("the length must be from 0 <= least <= most, but is from -1 to 2");
        assertThatThrownBy(() -> Replies.citeSourcesOfTheRequest("sources", Pattern.compile("S\\d")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'sources' is not a JSON pointer; write it as in \"/sources\" or \"/answer/sources\"");
    }

    // Sources

    private static final Validator CITING = Replies.citeSourcesOfTheRequest(Pattern.compile("\\[(S\\d+)]"));
    private static final ChatRequest TWO_SOURCES = Scene.request("[S1] Cats purr. [S2] Dogs bark. What do cats do?");

    @Test
    void a_citation_of_a_given_source_is_valid() {
        assertThat(reason(CITING, TWO_SOURCES, "They purr [S1].")).isEqualTo("valid");
        assertThat(reason(CITING, TWO_SOURCES, "They purr [S1] and dogs bark [S2][S1]."))
                .isEqualTo("valid");
    }

    @Test
    void an_answer_without_a_citation_is_told_to_cite() {
        assertThat(reason(CITING, TWO_SOURCES, "They purr (S1).")).isEqualTo("The answer must cite its source.");
    }

    @Test
    void made_up_citations_are_named_beside_the_given_ones() {
        assertThat(reason(CITING, TWO_SOURCES, "They purr [S1][S7]."))
                .isEqualTo("The answer cites S7, which is not among the sources that were given: S1, S2.");
        assertThat(reason(CITING, TWO_SOURCES, "They purr [S7][S8][S7]."))
                .isEqualTo("The answer cites S7, S8, which are not among the sources that were given: S1, S2.");
    }

    @Test
    void where_no_source_was_given_every_citation_is_made_up() {
        assertThat(reason(CITING, Scene.request("What do cats do?"), "They purr [S1]."))
                .isEqualTo("The answer cites S1, which is not among the sources that were given; none were given.");
    }

    @Test
    void sources_may_stand_in_system_messages_tool_results_and_any_text_of_the_user() {
        ChatRequest request = ChatRequest.builder()
                .messages(
                        SystemMessage.from("[S1] one"),
                        ToolExecutionResultMessage.from("id", "search", "[S2] two"),
                        UserMessage.from(
                                TextContent.from("[S3] three"),
                                ImageContent.from("https://example.org/S5.png"),
                                TextContent.from("[S4] four")))
                .build();

        assertThat(reason(CITING, request, "[S1][S2][S3][S4]")).isEqualTo("valid");
    }

    @Test
    void an_earlier_answer_of_the_model_is_no_source() {
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("[S1] Hi"), AiMessage.from("As [S2] says"), UserMessage.from("Go on"))
                .build();

        assertThat(reason(CITING, request, "It is so [S2]."))
                .isEqualTo("The answer cites S2, which is not among the sources that were given: S1.");
    }

    @Test
    void a_pattern_without_a_group_is_the_identifier_as_a_whole() {
        Validator whole = Replies.citeSourcesOfTheRequest(Pattern.compile("\\[S\\d+]"));

        assertThat(reason(whole, TWO_SOURCES, "[S3]"))
                .isEqualTo("The answer cites [S3], which is not among the sources that were given: [S1], [S2].");
    }

    @Test
    void long_lists_of_sources_and_long_names_are_cut() {
        String given =
                IntStream.rangeClosed(1, 25).mapToObj(i -> "[S" + i + "]").collect(Collectors.joining());
        Validator any = Replies.citeSourcesOfTheRequest(Pattern.compile("\\[([^]]+)]"));

        assertThat(reason(any, Scene.request(given), "[" + "x".repeat(300) + "]"))
                .isEqualTo("The answer cites "
                        + "x".repeat(100) + "..., which is not among the sources that were given: "
                        + IntStream.rangeClosed(1, 20).mapToObj(i -> "S" + i).collect(Collectors.joining(", "))
                        + " and 5 more.");
    }

    // Sources in JSON

    private static final Pattern SOURCE_LINE = Pattern.compile("(?m)^source: (\\S+)$");
    private static final ChatRequest TWO_PASSAGES =
            Scene.request("source: top-up-limits\nUp to 500.\nsource: fees\nNone.\nHow much may I top up?");
    private static final Validator NAMING = Replies.citeSourcesOfTheRequest("/sources", SOURCE_LINE);
    private static final Validator NAMING_IF_ANY = Replies.citeOnlySourcesOfTheRequest("/sources", SOURCE_LINE);

    @Test
    void sources_named_in_a_field_are_compared_with_those_of_the_request() {
        for (Validator validator : List.of(NAMING, NAMING_IF_ANY)) {
            assertThat(reason(
                            validator, TWO_PASSAGES, "{\"text\": \"500\", \"sources\": [\"fees\", \"top-up-limits\"]}"))
                    .isEqualTo("valid");
            assertThat(reason(validator, TWO_PASSAGES, "{\"sources\": \"fees\"}"))
                    .isEqualTo("valid");
            assertThat(reason(validator, TWO_PASSAGES, "{\"sources\": [\"fees\", \"terms\"]}"))
                    .isEqualTo(
                            "The answer cites terms, which is not among the sources that were given: top-up-limits, fees.");
            assertThat(reason(validator, TWO_PASSAGES, "{\"sources\": [{\"id\": \"fees\"}]}"))
                    .isEqualTo("The sources in /sources must be given as an array of their identifiers.");
            assertThat(reason(validator, TWO_PASSAGES, "{\"sources\": {\"fees\": true}}"))
                    .isEqualTo("The sources in /sources must be given as an array of their identifiers.");
            assertThat(reason(validator, TWO_PASSAGES, "{\"sources\": [null]}"))
                    .isEqualTo("The sources in /sources must be given as an array of their identifiers.");
            assertThat(reason(validator, TWO_PASSAGES, "See fees."))
                    .isEqualTo("The answer is not JSON: it does not start with a JSON value.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"sources\": []}", "{\"sources\": null}", "{}", "[]", "3"})
    void whether_an_answer_may_name_no_source_is_a_choice(String answer) {
        assertThat(reason(NAMING, TWO_PASSAGES, answer)).isEqualTo("The answer must cite its source in /sources.");
        assertThat(reason(NAMING_IF_ANY, TWO_PASSAGES, answer)).isEqualTo("valid");
    }

    @Test
    void the_field_may_be_anywhere_and_identifiers_may_be_numbers() {
        ChatRequest request = Scene.request("(12) Cats purr.");
        Pattern number = Pattern.compile("\\((\\d+)\\)");

        assertThat(reason(Replies.citeSourcesOfTheRequest("/a/0/refs", number), request, "{\"a\":[{\"refs\":[12]}]}"))
                .isEqualTo("valid");
        assertThat(reason(Replies.citeSourcesOfTheRequest("", number), request, "[12, 13]"))
                .isEqualTo("The answer cites 13, which is not among the sources that were given: 12.");
        assertThat(reason(Replies.citeSourcesOfTheRequest("", number), request, "[]"))
                .isEqualTo("The answer must cite its source in the JSON array.");
    }

    @Test
    void an_answer_that_a_regular_expression_cannot_take_in_is_not_valid() {
        String letters = "ab".repeat(50_000);

        assertThat(reason(Replies.match(Pattern.compile("(?:a|b|\\s)+"), "letters"), letters))
                .isEqualTo("The answer is too long to be checked; it must be letters.");
        assertThat(reason(Replies.citeSourcesOfTheRequest(Pattern.compile("\\[((?:\\w|-)+)\\]")), "[x" + letters + "]"))
                .isEqualTo("The answer is too long for its citations to be found.");
    }
}
