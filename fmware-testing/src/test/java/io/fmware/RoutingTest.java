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
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
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
    void the_fastest_is_found_out_and_the_others_are_tried_again_by_single_calls(Caller caller) {
        Routing routing = Routing.builder()
                .candidate(saying("a"))
                .candidate(saying("b"))
                .prefer(Preference.FASTEST)
                .remembering(Duration.ofSeconds(30))
                .build();
        try (Rig rig = rig(caller, routing, taking("a"))) {
            assertThat(rig.call().text()).as("nothing is known").isEqualTo("a");
            for (int i = 0; i < 19; i++) {
                assertThat(rig.call().text()).isEqualTo("b");
            }
            clock.advance(Duration.ofSeconds(31));
            assertThat(rig.call().text()).as("asked not long enough ago").isEqualTo("b");
            assertThat(rig.call().text()).as("forgotten").isEqualTo("a");
            for (int i = 0; i < 20; i++) {
                assertThat(rig.call().text()).isEqualTo("b");
            }
            assertThat(rig.call().text()).as("not forgotten yet").isEqualTo("b");
            clock.advance(Duration.ofSeconds(31));
            assertThat(rig.call().text()).isEqualTo("a");
            assertThat(decisions.seen())
                    .extracting(FmEvent.Decided::reason)
                    .startsWith(
                            "FASTEST of 2, tried by one call at a time, since it is not known well enough",
                            "FASTEST of 2, tried by one call at a time, since it is not known well enough")
                    .contains("FASTEST of 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_slow_model_that_was_forgotten_gets_one_call_at_a_time_and_not_all_of_them(Caller caller) {
        ScriptedChatModel slow = ScriptedChatModel.of(Script.builder()
                .when("slow", Reply.text("slow"))
                .otherwise(Reply.builder().text("slow").quirks(Quirk.BLOCKS).build())
                .build());
        Routing routing = Routing.builder()
                .candidate(Candidate.of(Target.of(slow).named("slow")))
                .candidate(saying("fast"))
                .when(call -> call.request().messages().toString().contains("slow"), "slow")
                .prefer(Preference.FASTEST)
                .build();
        try (Rig rig = rig(caller, routing, taking("slow"))) {
            for (int i = 0; i < 3; i++) {
                rig.call(Rig.request("slow"));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(rig.call().text()).isEqualTo("fast");
            }
            clock.advance(Duration.ofSeconds(61));
            Rig.Running tried = rig.start();
            slow.awaitRequests(4);
            for (int i = 0; i < 30; i++) {
                assertThat(rig.call().text()).as("call %s beside it", i).isEqualTo("fast");
            }
            slow.release();
            assertThat(tried.await().text()).isEqualTo("slow");
            for (int i = 0; i < 30; i++) {
                assertThat(rig.call().text()).as("it is as slow as it was").isEqualTo("fast");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_slow_model_that_became_fast_is_chosen_once_three_answers_have_shown_it(Caller caller) {
        AtomicBoolean recovered = new AtomicBoolean();
        Interceptor taking = Interceptor.of("taking", Phase.VALIDATE, (call, next) -> {
            boolean slow = call.target().name().equals("a") && !recovered.get();
            clock.advance(Duration.ofMillis(slow ? 900 : call.target().name().equals("a") ? 10 : 100));
            return next.proceed(call);
        });
        Routing routing = Routing.builder()
                .candidate(saying("a"))
                .candidate(saying("b"))
                .prefer(Preference.FASTEST)
                .build();
        try (Rig rig = rig(caller, routing, taking)) {
            for (int i = 0; i < 21; i++) {
                rig.call();
            }
            recovered.set(true);
            clock.advance(Duration.ofSeconds(61));
            for (int i = 0; i < 4; i++) {
                assertThat(rig.call().text()).isEqualTo("a");
            }
            assertThat(decisions.seen().subList(21, 25))
                    .extracting(FmEvent.Decided::reason)
                    .containsExactly(
                            "FASTEST of 2, tried by one call at a time, since it is not known well enough",
                            "FASTEST of 2, tried by one call at a time, since it is not known well enough",
                            "FASTEST of 2, tried by one call at a time, since it is not known well enough",
                            "FASTEST of 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_failed_sometimes_is_not_taken_for_reliable_because_it_was_not_asked(Caller caller) {
        ScriptedChatModel shaky = ScriptedChatModel.of(Script.builder()
                .when("down", Reply.error(new RateLimitException("down")))
                .otherwise(Reply.text("shaky"))
                .build());
        Routing routing = Routing.builder()
                .candidate(Candidate.of(Target.of(shaky).named("shaky")))
                .candidate(saying("well"))
                .when(call -> call.request().messages().toString().contains("shaky"), "shaky")
                .prefer(Preference.HEALTHIEST)
                .build();
        try (Rig rig = rig(caller, routing)) {
            rig.call(Rig.request("shaky and down"));
            rig.call(Rig.request("shaky"));
            rig.call(Rig.request("shaky"));
            for (int i = 0; i < 10; i++) {
                assertThat(rig.call().text()).isEqualTo("well");
            }
            clock.advance(Duration.ofSeconds(61));
            for (int i = 0; i < 10; i++) {
                assertThat(rig.call().text()).isEqualTo("well");
            }
            assertThat(rig.call().text()).as("one call of many").isEqualTo("shaky");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_comes_back_from_being_avoided_is_tried_by_one_call_while_the_others_go_elsewhere(Caller caller) {
        ScriptedChatModel sick = ScriptedChatModel.of(Script.builder()
                .when("down", Reply.error(new RateLimitException("down")))
                .when("slow", Reply.builder().text("back").quirks(Quirk.BLOCKS).build())
                .otherwise(Reply.text("back"))
                .build());
        Routing routing = Routing.builder()
                .candidate(Candidate.of(Target.of(sick).named("sick")))
                .candidate(saying("well"))
                .build();
        try (Rig rig = rig(caller, routing)) {
            for (int i = 0; i < 5; i++) {
                rig.call(Rig.request("down")).error(RateLimitException.class);
            }
            clock.advance(Duration.ofSeconds(61));
            rig.call(Rig.request("down")).error(RateLimitException.class);
            for (int i = 0; i < 5; i++) {
                assertThat(rig.call(Rig.request("down")).text())
                        .as("one failure is enough to avoid it again")
                        .isEqualTo("well");
            }
            clock.advance(Duration.ofSeconds(61));
            Rig.Running tried = rig.start(Rig.request("slow"), ChatRequestOptions.EMPTY, new RecordingHandler());
            sick.awaitRequests(7);
            for (int i = 0; i < 5; i++) {
                assertThat(rig.call().text()).isEqualTo("well");
            }
            sick.release();
            assertThat(tried.await().text()).isEqualTo("back");
            for (int i = 0; i < 5; i++) {
                assertThat(rig.call().text()).isEqualTo("back");
            }
            assertThat(decisions.seen().get(5).reason())
                    .isEqualTo("IN_ORDER of 2, tried by one call at a time, since it failed before");
            assertThat(decisions.seen().get(12).reason())
                    .as("beside the call that tries it")
                    .isEqualTo("IN_ORDER of 1, without [sick], which fail");
        }
    }

    /** How a call ends that tries a candidate. */
    private enum End {
        FAILURE,
        ERROR,
        FAULT_OF_THE_USER,
        CANCELLATION
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_tries_a_candidate_leaves_its_place_however_it_ends(End end) {
        ScriptedChatModel sick = ScriptedChatModel.of(Script.builder()
                .when("down", Reply.error(new RateLimitException("down")))
                .when("slow", Reply.never())
                .otherwise(Reply.text("back"))
                .build());
        Interceptor breaking = Interceptor.of("breaking", Phase.VALIDATE, (call, next) -> {
            String asked = call.request().messages().toString();
            if (asked.contains("error")) {
                throw new StackOverflowError("an error");
            }
            if (asked.contains("fault")) {
                throw new IllegalStateException("a fault");
            }
            return next.proceed(call);
        });
        Routing routing = Routing.builder()
                .candidate(Candidate.of(Target.of(sick).named("sick")))
                .candidate(saying("well"))
                .build();
        try (Rig rig = rig(Caller.CHAT, routing, breaking)) {
            for (int i = 0; i < 5; i++) {
                rig.call(Rig.request("down")).error(RateLimitException.class);
            }
            clock.advance(Duration.ofSeconds(61));
            switch (end) {
                case FAILURE -> rig.call(Rig.request("down")).error(RateLimitException.class);
                case ERROR -> rig.call(Rig.request("error")).error(StackOverflowError.class);
                case FAULT_OF_THE_USER -> rig.call(Rig.request("fault")).error(IllegalStateException.class);
                case CANCELLATION -> {
                    Rig.Running tried =
                            rig.start(Rig.request("slow"), ChatRequestOptions.EMPTY, new RecordingHandler());
                    sick.awaitRequests(6);
                    tried.cancel();
                    tried.await().error(CancelledException.class);
                }
            }
            assertThat(rig.call().text())
                    .as("what had no answer is not repeated at once")
                    .isEqualTo("well");
            clock.advance(Duration.ofSeconds(61));
            assertThat(rig.call().text()).as("the place is free").isEqualTo("back");
        }
    }

    @Test
    void a_watcher_that_breaks_the_call_after_the_choice_does_not_keep_the_place() {
        AtomicBoolean breaks = new AtomicBoolean(true);
        BoundaryInterceptor breaking = new BoundaryInterceptor() {
            @Override
            public @Nullable Object intercept(Boundary boundary, Crossing next) {
                Object chosen = next.proceed(boundary.input());
                if (boundary.kind() == BoundaryKind.RANDOM && breaks.getAndSet(false)) {
                    throw new IllegalStateException("broken watcher");
                }
                return chosen;
            }
        };
        Routing routing = Routing.builder()
                .candidate(saying("a"))
                .candidate(saying("b"))
                .prefer(Preference.FASTEST)
                .build();
        try (Rig rig = Rig.of(
                Caller.CHAT,
                Script.always(Reply.text("wrapped")),
                builder -> builder.with(routing).time(clock).watch(breaking))) {
            rig.call().error(IllegalStateException.class);
            assertThat(rig.call().text()).isEqualTo("a");
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
