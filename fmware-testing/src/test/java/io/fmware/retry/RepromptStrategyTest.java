package io.fmware.retry;

import static io.fmware.retry.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.Phase;
import io.fmware.Target;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RepromptStrategyTest {
    private static final Validator YES = Replies.beOneOf(List.of("yes"));
    private static final String NOT_YES = "The answer must be exactly one of: yes.";

    record Order(String item, int count, Address address) {}

    record Address(String city, String street) {}

    private static final Validator ORDER = Replies.matchSchema(Order.class);

    private static Interceptor watching(AtomicReference<FmReply> seen) {
        return Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
            seen.set(next.proceed(call));
            return seen.get();
        });
    }

    // What changes

    @ParameterizedTest
    @EnumSource
    void each_attempt_has_its_strategy_and_the_last_one_holds_for_all_that_follow(Way way) {
        Reprompting reprompting = Reprompting.upTo(5)
                .bufferStreams()
                .then(RepromptStrategy.temperature(0.1))
                .then(RepromptStrategy.feedback().and(RepromptStrategy.temperature(0.2)))
                .then(RepromptStrategy.feedback())
                .until(YES);
        ChatRequest asked = request("Sure?").toBuilder().temperature(0.9).build();
        try (Scene scene = Scene.of(way, Script.replying("a", "b", "c", "d", "yes"), reprompting)) {
            assertThat(scene.ask(asked, ChatRequestOptions.EMPTY).text()).isEqualTo("yes");

            assertThat(scene.requests()).extracting(ChatRequest::temperature).containsExactly(0.9, 0.1, 0.2, 0.9, 0.9);
            assertThat(scene.requests())
                    .extracting(each -> each.messages().size())
                    .containsExactly(1, 1, 3, 3, 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_model_can_be_asked_again_and_the_first_one_after_it(Way way) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        ScriptedChatModel large =
                ScriptedChatModel.of(Reply.builder().text("no").usage(10, 10).build());
        Reprompting reprompting = Reprompting.upTo(3)
                .bufferStreams()
                .then(RepromptStrategy.model(Target.of(large).named("large")))
                .then(RepromptStrategy.feedback())
                .until(YES);
        Script script = Script.of(
                Reply.builder().text("a").usage(1, 1).build(),
                Reply.builder().text("yes").usage(2, 2).build());
        try (Scene scene = Scene.of(way, script, watching(seen), reprompting)) {
            assertThat(scene.ask("Sure?").text()).isEqualTo("yes");
            assertThat(large.requests())
                    .singleElement()
                    .satisfies(each -> assertThat(each.messages()).containsExactly(UserMessage.from("Sure?")));
            assertThat(scene.requests().get(1).messages().get(1))
                    .as("what is complained about is the last answer, whoever gave it")
                    .isEqualTo(AiMessage.from("no"));
            assertThat(seen.get().source()).isEqualTo(FmReply.Source.MODEL);
            assertThat(seen.get().usage()).isEqualTo(new TokenUsage(13, 13));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_of_another_model_says_so(Way way) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        Reprompting reprompting = Reprompting.upTo(2)
                .bufferStreams()
                .then(RepromptStrategy.model(Target.of(ScriptedChatModel.replying("yes"))))
                .until(YES);
        try (Scene scene = Scene.of(way, Script.replying("no"), watching(seen), reprompting)) {
            assertThat(scene.ask("Sure?").text()).isEqualTo("yes");
            assertThat(seen.get().source()).isEqualTo(FmReply.Source.FALLBACK);
            assertThat(seen.get().attempts()).isEqualTo(2);
        }
    }

    @Test
    void a_strategy_of_the_users_sees_who_rejected_what_and_one_that_gives_nothing_is_named() {
        AtomicReference<Rejection> seen = new AtomicReference<>();
        RepromptStrategy own = RepromptStrategy.of("own", (next, rejection) -> {
            seen.set(rejection);
            return next;
        });
        try (Scene scene = Scene.of(
                Way.CHAT,
                Script.replying("no", "yes"),
                Reprompting.upTo(2).then(own).until(YES))) {
            scene.ask("Sure?");
            assertThat(seen.get().reason()).isEqualTo(NOT_YES);
            assertThat(seen.get().validator()).isEqualTo("beOneOf");
            assertThat(seen.get().attempt()).isEqualTo(2);
            assertThat(seen.get().complaint()).startsWith("Your last answer was rejected. " + NOT_YES);
            assertThat(seen.get()).hasToString("Rejection[by beOneOf, next attempt 2]");
        }
        @SuppressWarnings("NullAway")
        RepromptStrategy nothing = RepromptStrategy.of("nothing", (next, rejection) -> null);
        try (Scene scene = Scene.of(
                Way.CHAT,
                Script.replying("no"),
                Reprompting.upTo(2).then(nothing).until(YES))) {
            assertThat(scene.ask("Sure?").failure(IllegalStateException.class))
                    .hasMessage(
                            "the re-prompt strategy 'nothing' returned null; return the call to be made, or the one it"
                                    + " got");
        }
        assertThatThrownBy(() -> RepromptStrategy.of(" ", (next, rejection) -> next))
                .hasMessage("the name of a strategy must not be blank");
    }

    // The missing part

    private static Reprompting completing(int attempts) {
        return Reprompting.upTo(attempts)
                .bufferStreams()
                .then(RepromptStrategy.missingPart())
                .until(ORDER);
    }

    @ParameterizedTest
    @EnumSource
    void only_the_missing_part_is_asked_for_and_the_merged_answer_is_what_comes_back(Way way) {
        Script script = Script.of(
                Reply.builder()
                        .text("{\"item\": \"tea\", \"address\": {\"city\": \"Bonn\"}}")
                        .usage(10, 10)
                        .build(),
                Reply.builder()
                        .text("{\"count\": 2, \"address\": {\"street\": \"Am Hof\"}}")
                        .usage(20, 5)
                        .build());
        try (Scene scene = Scene.of(way, script, completing(2))) {
            Answered answered = scene.ask("Order?");

            String merged = "{\"item\":\"tea\",\"address\":{\"city\":\"Bonn\",\"street\":\"Am Hof\"},\"count\":2}";
            assertThat(answered.text()).isEqualTo(merged);
            assertThat(answered.response().tokenUsage()).isEqualTo(new TokenUsage(30, 15));
            if (way == Way.STREAM) {
                assertThat(String.join("", answered.events())).isEqualTo("text:" + merged);
            }
            assertThat(scene.requests().get(1).messages().get(2).toString())
                    .contains("Give a JSON object that has only the members that were missing or wrong");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_merged_answer_that_is_not_valid_as_a_whole_is_rejected_and_completed_further(Way way) {
        Script script = Script.replying(
                "{\"item\": \"tea\"}",
                "{\"count\": \"two\", \"address\": {\"city\": \"Bonn\", \"street\": \"Am Hof\"}}",
                "{\"count\": 2}");
        try (Scene scene = Scene.of(way, script, completing(3))) {
            assertThat(scene.ask("Order?").text())
                    .isEqualTo("{\"item\":\"tea\",\"count\":2,\"address\":{\"city\":\"Bonn\",\"street\":\"Am Hof\"}}");
        }
        try (Scene scene = Scene.of(way, Script.replying("{\"item\": \"tea\"}", "{\"count\": 2}"), completing(2))) {
            InvalidReplyException failure = scene.ask("Order?").failure(InvalidReplyException.class);
            assertThat(failure.attempts().get(1).response().aiMessage().text())
                    .isEqualTo("{\"item\":\"tea\",\"count\":2}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void null_removes_a_member_and_code_fences_do_not_matter(Way way) {
        Script script = Script.replying(
                "```json\n{\"city\": \"Bonn\", \"street\": \"Am Hof\", \"zip\": 5}\n```", "```\n{\"zip\": null}\n```");
        Reprompting reprompting = Reprompting.upTo(2)
                .bufferStreams()
                .then(RepromptStrategy.missingPart())
                .until(Replies.matchSchema(Address.class));
        try (Scene scene = Scene.of(way, script, reprompting)) {
            assertThat(scene.ask("Where?").text()).isEqualTo("{\"city\":\"Bonn\",\"street\":\"Am Hof\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void numbers_that_are_kept_stay_as_they_were_written(Way way) {
        Script script = Script.replying(
                "{\"n\": 12345678901234567890.12345678901234567890, \"m\": 1E-400, \"price\": 1.10}", "{\"ok\": true}");
        Reprompting reprompting = Reprompting.upTo(2)
                .bufferStreams()
                .then(RepromptStrategy.missingPart())
                .until(Replies.satisfy("has ok", text -> text.contains("ok")));
        try (Scene scene = Scene.of(way, script, reprompting)) {
            assertThat(scene.ask("What?").text())
                    .isEqualTo(
                            "{\"n\":12345678901234567890.12345678901234567890,\"m\":1E-400,\"price\":1.10,\"ok\":true}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_number_that_cannot_be_held_makes_the_answer_be_asked_for_as_a_whole(Way way) {
        Script script = Script.replying("{\"n\": 1e-99999999999}", "{\"ok\": true}");
        Reprompting reprompting = Reprompting.upTo(2)
                .bufferStreams()
                .then(RepromptStrategy.missingPart())
                .until(Replies.satisfy("has ok", text -> text.contains("ok")));
        try (Scene scene = Scene.of(way, script, reprompting)) {
            assertThat(scene.ask("What?").text()).isEqualTo("{\"ok\": true}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_no_json_object_is_asked_for_as_a_whole(Way way) {
        String whole = "{\"city\": \"Bonn\", \"street\": \"Am Hof\"}";
        Reprompting reprompting = Reprompting.upTo(3)
                .bufferStreams()
                .then(RepromptStrategy.missingPart())
                .until(Replies.matchSchema(Address.class));
        try (Scene scene = Scene.of(way, Script.replying("In Bonn.", "{\"city\": \"Bonn\"}", whole), reprompting)) {
            assertThat(scene.ask("Where?").text()).isEqualTo("{\"city\":\"Bonn\",\"street\":\"Am Hof\"}");
            assertThat(scene.requests().get(1).messages().get(2).toString())
                    .contains("Answer the original question again, without this fault.");
        }
    }

    @Test
    void a_schema_that_the_request_demands_is_not_demanded_of_a_part() {
        ResponseFormat demanded = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("Address")
                        .rootElement(JsonObjectSchema.builder()
                                .addStringProperty("city")
                                .addStringProperty("street")
                                .required("city", "street")
                                .build())
                        .build())
                .build();
        ChatRequest asked = ChatRequest.builder()
                .messages(UserMessage.from("Where?"))
                .parameters(
                        ChatRequestParameters.builder().responseFormat(demanded).build())
                .build();
        Reprompting reprompting =
                Reprompting.upTo(2).then(RepromptStrategy.missingPart()).until(Replies.matchResponseFormat());
        try (Scene scene =
                Scene.of(Way.CHAT, Script.replying("{\"city\": \"Bonn\"}", "{\"street\": \"Am Hof\"}"), reprompting)) {
            assertThat(scene.ask(asked, ChatRequestOptions.EMPTY).text())
                    .isEqualTo("{\"city\":\"Bonn\",\"street\":\"Am Hof\"}");
            assertThat(scene.requests())
                    .extracting(ChatRequest::responseFormat)
                    .containsExactly(demanded, ResponseFormat.JSON);
        }
    }

    @Test
    void a_stream_that_is_not_held_back_is_not_completed_once_it_was_shown() {
        Reprompting reprompting =
                Reprompting.upTo(2).then(RepromptStrategy.missingPart()).until(ORDER);
        try (Scene scene = Scene.of(Way.STREAM, Script.replying("{\"item\": \"tea\"}", "{}"), reprompting)) {
            assertThat(scene.ask("Order?").failure(InvalidReplyException.class))
                    .hasMessageContaining("its pieces were streamed already");
            assertThat(scene.requests()).hasSize(1);
        }
    }

    // Counts

    @Test
    void what_worked_is_counted_for_each_validator_and_strategy() {
        Validator polite = Replies.satisfy("must be polite", text -> text.contains("please"))
                .named("polite");
        Reprompting reprompting = Reprompting.upTo(3)
                .then(RepromptStrategy.feedback())
                .then(RepromptStrategy.temperature(0))
                .until(Replies.haveLength(1, 20).and(polite));
        Script script = Script.of(
                Reply.text("this is far too long to be an answer"),
                Reply.builder().text("short").usage(30, 10).build(), // feedback did not help
                Reply.builder().text("short, please").usage(10, 10).build(), // temperature did
                Reply.text("rude"),
                Reply.builder().text("please").usage(50, 10).build()); // feedback did
        assertThat(reprompting.report()).hasToString("nothing was asked again");
        try (Scene scene = Scene.of(Way.CHAT, script, reprompting)) {
            scene.ask("one");
            scene.ask("two");
        }
        RepromptReport report = reprompting.report();
        assertThat(report.lines())
                .containsExactly(
                        new RepromptReport.Line("haveLength", "feedback", 1, 0, 40),
                        new RepromptReport.Line("polite", "feedback", 1, 1, 60),
                        new RepromptReport.Line("polite", "temperature 0.0", 1, 1, 20));
        assertThat(report).hasToString("""
                haveLength, feedback: 0 of 1 worked (0 %; 0 to 73 %), 40 tokens each
                polite, feedback: 1 of 1 worked (100 %; 27 to 100 %), 60 tokens each
                polite, temperature 0.0: 1 of 1 worked (100 %; 27 to 100 %), 20 tokens each""");
    }

    @Test
    void an_empty_answer_and_a_validator_without_a_name_are_counted_too() {
        Reprompting reprompting = Reprompting.upTo(3)
                .until((call, response) ->
                        response.aiMessage().text().equals("b") ? Verdict.valid() : Verdict.invalid("It must be b."));
        try (Scene scene =
                Scene.of(Way.CHAT, Script.of(Reply.builder().build(), Reply.text("a"), Reply.text("b")), reprompting)) {
            scene.ask("one");
        }
        assertThat(reprompting.report().lines())
                .containsExactly(
                        new RepromptReport.Line("not empty", "feedback", 1, 0, 0),
                        new RepromptReport.Line("validator", "feedback", 1, 1, 0));
    }

    @Test
    void the_bounds_are_those_of_wilson() {
        RepromptReport.Line line = new RepromptReport.Line("v", "s", 10, 9, 0);
        assertThat(line.share()).isEqualTo(0.9);
        assertThat(line.atLeast()).isBetween(0.652, 0.653);
        assertThat(line.atMost()).isBetween(0.977, 0.978);
        RepromptReport.Line none = new RepromptReport.Line("v", "s", 0, 0, 0);
        assertThat(none.atLeast()).isZero();
        assertThat(none.atMost()).isEqualTo(1);
    }

    @Test
    void counts_are_kept_by_many_threads_and_are_bounded() throws Exception {
        RepromptCounts counts = new RepromptCounts();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(thread -> threads.submit(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            counts.count("validator " + i, "s", i % 2 == 0, new TokenUsage(1, 1));
                        }
                    }))
                    .toList();
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        RepromptReport report = counts.report();
        assertThat(report.lines()).hasSize(201);
        assertThat(report.lines().stream().mapToLong(RepromptReport.Line::tried).sum())
                .isEqualTo(8_000);
        assertThat(report.lines().stream()
                        .mapToLong(RepromptReport.Line::worked)
                        .sum())
                .isEqualTo(4_000);
    }
}
