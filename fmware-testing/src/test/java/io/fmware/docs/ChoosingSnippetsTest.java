package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.FmPipeline;
import io.fmware.Target;
import io.fmware.cost.Price;
import io.fmware.retry.Replies;
import io.fmware.retry.RepromptReport;
import io.fmware.retry.RepromptStrategy;
import io.fmware.retry.Reprompting;
import io.fmware.retry.SelfConsistency;
import io.fmware.retry.Vote;
import io.fmware.route.Ability;
import io.fmware.route.Candidate;
import io.fmware.route.ModelSwap;
import io.fmware.route.Preference;
import io.fmware.route.PromptVariant;
import io.fmware.route.PromptVariants;
import io.fmware.route.Routing;
import io.fmware.route.SwapReport;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of the pages on votes, strategies, routing and swaps. */
class ChoosingSnippetsTest {
    private static final Logger log = LoggerFactory.getLogger(ChoosingSnippetsTest.class);

    record Order(String item, int count) {}

    private static ChatModel always(String text) {
        return ScriptedChatModel.of(Script.always(Reply.text(text)));
    }

    @Test
    void most_of_five_samples_decide_by_their_last_number() {
        // docs:start self-consistency
        SelfConsistency vote = SelfConsistency.of(5)
                .vote(Vote.numeric())
                .temperature(0.7)
                .atLeast(0.6)
                .build();

        FmPipeline pipeline = FmPipeline.builder()
                .with(vote)
                .with(Reprompting.upTo(2).until(Replies.haveLength(1, 2_000)))
                .build();
        // docs:end self-consistency
        ScriptedChatModel model = ScriptedChatModel.replying("It is 1,000.", "So 1000", "= 1000.00 EUR");
        assertThat(pipeline.wrap(model).chat("How much?")).contains("000");
        assertThat(model.requests()).hasSize(3);
        pipeline.close();
    }

    @Test
    void each_attempt_may_change_something_else_and_what_works_is_counted() {
        ChatModel largeModel = always("{\"item\": \"tea\", \"count\": 2}");
        // docs:start reprompting-strategies
        Reprompting reprompting = Reprompting.upTo(4)
                .then(RepromptStrategy.missingPart())
                .then(RepromptStrategy.feedback().and(RepromptStrategy.temperature(0)))
                .then(RepromptStrategy.model(Target.of(largeModel).named("large")))
                .until(Replies.matchSchema(Order.class));
        // docs:end reprompting-strategies
        try (FmPipeline pipeline = FmPipeline.builder().with(reprompting).build()) {
            assertThat(pipeline.wrap(ScriptedChatModel.replying("{\"item\": \"tea\"}", "{\"count\": 2}"))
                            .chat("Order?"))
                    .isEqualTo("{\"item\":\"tea\",\"count\":2}");
            assertThat(pipeline.wrap(always("tea")).chat("Order?")).contains("tea");
        }
        // docs:start reprompting-report
        RepromptReport report = reprompting.report();
        log.info("{}", report);
        // matchSchema, missing part: 9 of 10 worked (90 %; 65 to 98 %), 212 tokens each
        // docs:end reprompting-report
        assertThat(report.lines())
                .extracting(RepromptReport.Line::strategy)
                .containsExactly("feedback + temperature 0.0", "missing part", "model large");
        assertThat(new RepromptReport.Line("matchSchema", "missing part", 10, 9, 212))
                .hasToString("matchSchema, missing part: 9 of 10 worked (90 %; 65 to 98 %), 212 tokens each");
    }

    @Test
    void a_call_goes_to_the_cheapest_model_that_can_serve_it_unless_a_rule_holds() {
        ChatModel smallModel = always("small");
        ChatModel largeModel = always("large");
        FmPipeline itsOwnRetries = FmPipeline.builder().build();
        // docs:start routing
        Routing routing = Routing.builder()
                .candidate(Candidate.wrapped("small").contextWindow(16_000).price(Price.perMillion("0.15", "0.60")))
                .candidate(
                        Candidate.of(Target.of(itsOwnRetries.wrap(largeModel)).named("large"))
                                .contextWindow(200_000)
                                .can(Ability.TOOLS, Ability.JSON_SCHEMA, Ability.IMAGES)
                                .price(Price.perMillion("3", "15")))
                .when(call -> call.request().messages().size() > 20, "large")
                .prefer(Preference.CHEAPEST)
                .build();

        FmPipeline pipeline = FmPipeline.builder().with(routing).build();
        ChatModel model = pipeline.wrap(smallModel);
        // docs:end routing
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Hi")).build();
        assertThat(model.chat(request).aiMessage().text()).isEqualTo("small");
        assertThat(model.chat(Collections.nCopies(21, UserMessage.from("Hi")).toArray(UserMessage[]::new))
                        .aiMessage()
                        .text())
                .isEqualTo("large");
        assertThat(model.chat("long ".repeat(20_000))).isEqualTo("large");
        pipeline.close();
        itsOwnRetries.close();
    }

    @Test
    void a_model_is_replaced_once_it_has_passed_the_cases() {
        ChatModel oldModel = always("{\"item\": \"tea\", \"count\": 1}");
        ChatModel newModel = always("{\"item\": \"tea\", \"count\": 2}");
        ChatRequest hello =
                ChatRequest.builder().messages(UserMessage.from("Hello")).build();
        ChatRequest order =
                ChatRequest.builder().messages(UserMessage.from("Two teas")).build();
        // docs:start model-swap
        ModelSwap swap =
                ModelSwap.startingWith(Target.of(oldModel).named("old")).build();
        FmPipeline pipeline = FmPipeline.builder().with(swap).build();
        ChatModel model = pipeline.wrap(oldModel);

        SwapReport report = swap.to(Target.of(newModel).named("new"))
                .warmUp(hello)
                .check("answers in JSON", order, Replies.matchSchema(Order.class))
                .check("is brief", hello, Replies.haveLength(1, 200))
                .draining(Duration.ofSeconds(30))
                .now();
        log.info("{}", report); // old -> new: SWAPPED, 2 of 2 cases passed
        // docs:end model-swap
        assertThat(report).hasToString("old -> new: SWAPPED, 2 of 2 cases passed");
        assertThat(model.chat("Two teas")).contains("2");
        pipeline.close();
        aTrialFirst(swap, newModel, hello);
    }

    private static void aTrialFirst(ModelSwap swap, ChatModel newModel, ChatRequest hello) {
        // docs:start model-swap-trial
        swap.to(Target.of(newModel).named("newer"))
                .check("is brief", hello, Replies.haveLength(1, 200))
                .trial(0.05)
                .orThrow();
        swap.share(0.5);
        SwapReport report = swap.promote(Duration.ofSeconds(30)); // or rollBack
        // docs:end model-swap-trial
        assertThat(report).hasToString("new -> newer: SWAPPED");
    }

    @Test
    void requests_are_worded_for_the_model_that_is_asked() {
        ScriptedChatModel oldModel = ScriptedChatModel.of(Script.always(Reply.text("yes")));
        ModelSwap swap =
                ModelSwap.startingWith(Target.of(oldModel).named("old")).build();
        // docs:start prompt-variants
        PromptVariants variants = PromptVariants.builder()
                .on("old", PromptVariant.system("Think step by step, then answer."))
                .on("new", PromptVariant.system("Answer.").and(PromptVariant.user("{{it}}\nBe brief.")))
                .build();
        FmPipeline pipeline = FmPipeline.builder()
                .with(swap)
                .with(Reprompting.upTo(2).until(Replies.haveLength(1, 200)))
                .with(variants) // last: each attempt is worded, and validators see what the user wrote
                .build();
        // docs:end prompt-variants
        pipeline.wrap(oldModel).chat("Sure?");
        assertThat(oldModel.requests().get(0).messages())
                .containsExactly(SystemMessage.from("Think step by step, then answer."), UserMessage.from("Sure?"));
        pipeline.close();
    }
}
