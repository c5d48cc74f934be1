package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import io.fmware.cost.Price;
import io.fmware.cost.PriceTable;
import io.fmware.cost.TokenEstimator;
import io.fmware.event.FmEvent;
import io.fmware.route.Ability;
import io.fmware.route.Candidate;
import io.fmware.route.Fallback;
import io.fmware.route.Preference;
import io.fmware.route.Routing;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RoutingTest {
    private final ManualClock clock = ManualClock.create();
    private final Decisions decisions = new Decisions();

    private static Candidate saying(String name) {
        return Candidate.of(
                Target.of(ScriptedChatModel.of(Script.always(Reply.text(name)))).named(name));
    }

    private Rig rig(Caller caller, Routing routing, Interceptor... others) {
        return Rig.of(caller, Script.always(Reply.text("wrapped")), builder -> {
            List.of(others).forEach(builder::with);
            return builder.with(routing).time(clock).watch(decisions);
        });
    }

    private static ChatRequest with(ChatRequestParameters parameters) {
        return ChatRequest.builder()
                .messages(UserMessage.from("hello"))
                .parameters(parameters)
                .build();
    }

    /** An interceptor in which each model takes its time. */
    private Interceptor taking(String slow) {
        return Interceptor.of("taking", Phase.VALIDATE, (call, next) -> {
            clock.advance(Duration.ofMillis(call.target().name().equals(slow) ? 900 : 100));
            return next.proceed(call);
        });
    }

    // What cannot serve

    @Test
    void a_length_beyond_all_numbers_fits_no_window() {
        TokenEstimator absurd = new TokenEstimator() {
            @Override
            public long input(FmCall call) {
                return Long.MAX_VALUE - 1;
            }

            @Override
            public long output(FmCall call) {
                return 100;
            }
        };
        Routing routing = Routing.builder()
                .candidate(saying("small").contextWindow(1_000))
                .estimator(absurd)
                .build();
        try (Rig rig = rig(Caller.CHAT, routing)) {
            assertThat(rig.call().error(RejectedException.class))
                    .hasMessageContaining("about 9223372036854775807 are needed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_candidate_that_lacks_what_the_request_takes_is_never_asked(Caller caller) {
        Routing routing = Routing.builder()
                .candidate(saying("plain"))
                .candidate(saying("tools").can(Ability.TOOLS))
                .candidate(saying("json").can(Ability.JSON_SCHEMA))
                .candidate(saying("images").can(Ability.IMAGES))
                .build();
        try (Rig rig = rig(caller, routing)) {
            assertThat(rig.call().text()).isEqualTo("plain");
            assertThat(rig.call(with(ChatRequestParameters.builder()
                                    .toolSpecifications(ToolSpecification.builder()
                                            .name("lookUp")
                                            .build())
                                    .build()))
                            .text())
                    .isEqualTo("tools");
            assertThat(rig.call(with(ChatRequestParameters.builder()
                                    .responseFormat(ResponseFormat.JSON)
                                    .build()))
                            .text())
                    .isEqualTo("json");
            assertThat(rig.call(ChatRequest.builder()
                                    .messages(UserMessage.from(
                                            TextContent.from("What is it?"), ImageContent.from("http://example.org/a")))
                                    .build())
                            .text())
                    .isEqualTo("images");
            assertThat(rig.requests()).as("the wrapped model is no candidate").isEmpty();
            assertThat(rig.metrics().actions())
                    .containsExactly("routing: plain", "routing: tools", "routing: json", "routing: images");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_request_that_is_too_long_for_a_model_goes_to_another(Caller caller) {
        Routing routing = Routing.builder()
                .candidate(saying("small").contextWindow(1_000))
                .candidate(saying("large").contextWindow(100_000))
                .build();
        try (Rig rig = rig(caller, routing)) {
            assertThat(rig.call(Rig.request("short")).text()).isEqualTo("small");
            assertThat(rig.call(Rig.request("long ".repeat(1_000))).text()).isEqualTo("large");
            assertThat(rig.call(with(ChatRequestParameters.builder()
                                    .maxOutputTokens(1_000)
                                    .build()))
                            .text())
                    .as("the answer must fit too")
                    .isEqualTo("large");
            assertThat(decisions.seen().get(1).reason())
                    .matches("IN_ORDER of 1; small has a context window of 1000 tokens, but about \\d+ are needed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void where_none_can_serve_the_call_is_rejected_with_the_reasons_of_all(Caller caller) {
        Routing routing = Routing.builder()
                .candidate(saying("small").contextWindow(10))
                .candidate(saying("large").contextWindow(20).can(Ability.TOOLS))
                .build();
        try (Rig rig = rig(caller, routing)) {
            ChatRequest request = Rig.request("long ".repeat(100)).toBuilder()
                    .toolSpecifications(ToolSpecification.builder().name("t").build())
                    .build();
            assertThat(rig.call(request).error(RejectedException.class))
                    .hasMessageStartingWith("rejected by routing: no candidate can serve this call: small lacks TOOLS;"
                            + " large has a context window of 20 tokens, but about ");
        }
    }

    // Rules and preferences

    @ParameterizedTest
    @EnumSource
    void the_first_rule_that_holds_counts_unless_its_candidate_cannot_serve(Caller caller) {
        Routing routing = Routing.builder()
                .candidate(saying("a"))
                .candidate(saying("b").contextWindow(550))
                .candidate(Candidate.wrapped("c"))
                .when(call -> call.request().messages().toString().contains("code"), "b")
                .when(call -> call.request().messages().toString().contains("code"), "c")
                .build();
        try (Rig rig = rig(caller, routing)) {
            assertThat(rig.call(Rig.request("hello")).text()).isEqualTo("a");
            assertThat(rig.call(Rig.request("code")).text()).isEqualTo("b");
            assertThat(rig.call(Rig.request("code ".repeat(100))).text()).isEqualTo("wrapped");
            assertThat(decisions.seen()).extracting(FmEvent.Decided::choice).containsExactly("a", "b", "c");
            assertThat(decisions.seen().get(1).options()).containsExactly("a", "b", "c");
            assertThat(decisions.seen().get(1).reason()).isEqualTo("rule 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_cheapest_is_that_of_the_call(Caller caller) {
        Routing routing = Routing.builder()
                .candidate(saying("unpriced"))
                .candidate(saying("cheap to ask").price(Price.perMillion("1", "100")))
                .candidate(saying("cheap to answer").price(Price.perMillion("5", "5")))
                .prefer(Preference.CHEAPEST)
                .build();
        try (Rig rig = rig(caller, routing)) {
            assertThat(rig.call(Rig.request("long ".repeat(1_000)).toBuilder()
                                    .maxOutputTokens(5)
                                    .build())
                            .text())
                    .isEqualTo("cheap to ask");
            assertThat(rig.call(with(ChatRequestParameters.builder()
                                    .maxOutputTokens(500)
                                    .build()))
                            .text())
                    .isEqualTo("cheap to answer");
        }
    }

    @ParameterizedTest
    @EnumSource
    void price_and_context_window_come_from_the_table_unless_the_candidate_says_its_own(Caller caller) {
        PriceTable table = PriceTable.builder()
                .add("OTHER", "dear", Price.perMillion("10", "10").withLimits(100_000, 1_000))
                .add("OTHER", "cheap", Price.perMillion("1", "1").withLimits(2_000, 1_000))
                .build();
        Routing routing = Routing.builder()
                .candidate(saying("dear"))
                .candidate(saying("cheap"))
                .prices(table)
                .prefer(Preference.CHEAPEST)
                .build();
        try (Rig rig = rig(caller, routing)) {
            assertThat(rig.call().text()).isEqualTo("cheap");
            assertThat(rig.call(Rig.request("long ".repeat(3_000))).text()).isEqualTo("dear");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_fastest_is_learned_and_forgotten(Caller caller) {
        Routing routing = Routing.builder()
                .candidate(saying("a"))
                .candidate(saying("b"))
                .prefer(Preference.FASTEST)
                .remembering(Duration.ofSeconds(30))
                .build();
        try (Rig rig = rig(caller, routing, taking("a"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(rig.call().text()).as("too little is known").isEqualTo("a");
            }
            for (int i = 0; i < 10; i++) {
                assertThat(rig.call().text()).isEqualTo("b");
            }
            clock.advance(Duration.ofSeconds(30));
            assertThat(rig.call().text()).as("nothing is known any more").isEqualTo("a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_fails_as_often_as_not_is_avoided_until_that_is_forgotten(Caller caller) {
        ScriptedChatModel sick = ScriptedChatModel.of(Script.always(Reply.error(new RateLimitException("down"))));
        Routing routing = Routing.builder()
                .candidate(Candidate.of(Target.of(sick).named("sick")))
                .candidate(saying("well"))
                .build();
        try (Rig rig = rig(caller, routing)) {
            for (int i = 0; i < 5; i++) {
                rig.call().error(RateLimitException.class);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(rig.call().text()).isEqualTo("well");
            }
            assertThat(decisions.seen().get(5).reason()).isEqualTo("IN_ORDER of 1, without [sick], which fail");
            clock.advance(Duration.ofSeconds(61));
            rig.call().error(RateLimitException.class);
            assertThat(sick.requests()).hasSize(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void where_all_fail_one_is_asked_all_the_same(Caller caller) {
        ScriptedChatModel sick = ScriptedChatModel.of(Script.always(Reply.error(new RateLimitException("down"))));
        Routing routing = Routing.builder()
                .candidate(Candidate.of(Target.of(sick).named("sick")))
                .build();
        try (Rig rig = rig(caller, routing)) {
            for (int i = 0; i < 7; i++) {
                rig.call().error(RateLimitException.class);
            }
            assertThat(sick.requests()).hasSize(7);
            assertThat(decisions.seen().get(6).reason()).isEqualTo("IN_ORDER of 1, though all fail");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_healthiest_is_the_one_that_failed_least_often_and_what_a_fallback_answered_was_a_failure(Caller caller) {
        ScriptedChatModel shaky = ScriptedChatModel.of(Script.builder()
                .reply(Reply.error(new RateLimitException("once")))
                .otherwise(Reply.text("shaky"))
                .build());
        Routing routing = Routing.builder()
                .candidate(Candidate.of(Target.of(shaky).named("shaky")))
                .candidate(saying("well"))
                .prefer(Preference.HEALTHIEST)
                .build();
        try (Rig rig = rig(caller, routing, Fallback.to(ScriptedChatModel.replying("fallback")))) {
            assertThat(rig.call().text()).isEqualTo("fallback");
            assertThat(rig.call().text()).isEqualTo("well");
            assertThat(rig.call().text()).isEqualTo("well");
        }
    }

    @ParameterizedTest
    @EnumSource
    void retries_of_the_pipeline_are_for_the_wrapped_model_and_others_bring_their_own(Caller caller) {
        List<String> seen = new CopyOnWriteArrayList<>();
        Interceptor outer = Interceptor.of("outer", Phase.RETRY, (call, next) -> {
            seen.add("outer");
            return next.proceed(call);
        });
        Interceptor inner = Interceptor.of("inner", Phase.RETRY, (call, next) -> {
            seen.add("inner");
            return next.proceed(call);
        });
        try (FmPipeline own = FmPipeline.builder().with(inner).build()) {
            Routing routing = Routing.builder()
                    .candidate(Candidate.wrapped("wrapped"))
                    .candidate(Candidate.of(
                            Target.of(own.wrap(ScriptedStreamingChatModel.of(Script.always(Reply.text("other")))))
                                    .named("other")))
                    .when(call -> call.request().messages().toString().contains("other"), "other")
                    .build();
            try (Rig rig = rig(caller, routing, outer)) {
                assertThat(rig.call().text()).isEqualTo("wrapped");
                assertThat(rig.call(Rig.request("other")).text()).isEqualTo("other");
                assertThat(seen).containsExactly("outer", "inner");
            }
        }
    }

    // Settings

    @Test
    void what_cannot_route_is_refused() {
        assertThatThrownBy(() -> Routing.builder().build())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("a routing needs at least one candidate; add it with candidate(..)");
        assertThatThrownBy(() -> Routing.builder().candidate(saying("a")).candidate(saying("a")))
                .hasMessage("two candidates are named a; give one another name with Target.of(..).named(..)");
        assertThatThrownBy(() -> Routing.builder()
                        .candidate(saying("a"))
                        .when(call -> true, "b")
                        .build())
                .hasMessage("a rule chooses b, but the candidates are [a]");
        assertThatThrownBy(() -> saying("a").contextWindow(0))
                .hasMessage("the context window of candidate a must be at least 1 token, but is 0");
        assertThatThrownBy(() -> Routing.builder().remembering(Duration.ZERO))
                .hasMessage("the time to remember must be positive and at most a day, but is PT0S");
    }

    @Test
    void a_rule_that_throws_fails_the_call() {
        Routing routing = Routing.builder()
                .candidate(saying("a"))
                .when(
                        call -> {
                            throw new IllegalStateException("broken rule");
                        },
                        "a")
                .build();
        try (Rig rig = rig(Caller.CHAT, routing)) {
            assertThat(rig.call(Rig.request("x"), ChatRequestOptions.EMPTY).error(IllegalStateException.class))
                    .hasMessage("broken rule");
        }
    }
}
