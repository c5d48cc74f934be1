package io.fmware.retry;

import static io.fmware.retry.Scene.request;
import static io.fmware.retry.Scene.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.CallOptions;
import io.fmware.CancelledException;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.Phase;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RepromptingTest {
    private static final Validator YES = Replies.beOneOf(List.of("yes"));
    private static final String NOT_YES = "The answer must be exactly one of: yes.";

    private static Reprompting upTo(int attempts) {
        return Reprompting.upTo(attempts).bufferStreams().until(YES);
    }

    private static String complaint(String reason) {
        return "Your last answer was rejected. " + reason + " Answer the original question again, without this fault.";
    }

    @ParameterizedTest
    @EnumSource
    void a_valid_answer_is_returned_as_it_is_and_nothing_is_asked_again(Way way) {
        try (Scene scene = Scene.of(
                way, script(Reply.builder().text("yes").usage(3, 1).id("first").build()), upTo(3))) {
            Answered answered = scene.ask("Sure?");

            assertThat(answered.text()).isEqualTo("yes");
            assertThat(answered.response().metadata().id()).isEqualTo("first");
            assertThat(answered.response().tokenUsage()).isEqualTo(new TokenUsage(3, 1));
            assertThat(scene.requests()).hasSize(1);
            assertThat(scene.actions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_model_is_told_the_question_its_rejected_answer_and_what_was_wrong_with_it(Way way) {
        ChatRequest asked = ChatRequest.builder()
                .messages(SystemMessage.from("Be brief."), UserMessage.from("Sure?"))
                .temperature(0.3)
                .build();
        try (Scene scene = Scene.of(way, Script.replying("well", "maybe", "yes"), upTo(3))) {
            Answered answered = scene.ask(asked, ChatRequestOptions.EMPTY);

            assertThat(answered.text()).isEqualTo("yes");
            assertThat(scene.requests()).hasSize(3);
            assertThat(scene.requests().get(0).messages()).isEqualTo(asked.messages());
            assertThat(scene.requests().get(1).messages())
                    .containsExactly(
                            SystemMessage.from("Be brief."),
                            UserMessage.from("Sure?"),
                            AiMessage.from("well"),
                            UserMessage.from(complaint(NOT_YES)));
            assertThat(scene.requests().get(2).messages())
                    .as("builds on the question, not on the chain of rejected answers")
                    .containsExactly(
                            SystemMessage.from("Be brief."),
                            UserMessage.from("Sure?"),
                            AiMessage.from("maybe"),
                            UserMessage.from(complaint(NOT_YES)));
            assertThat(scene.requests())
                    .allSatisfy(r -> assertThat(r.temperature()).isEqualTo(0.3));
            assertThat(scene.actions()).containsExactly("reprompting: reprompted", "reprompting: reprompted");
        }
    }

    @ParameterizedTest
    @EnumSource
    void when_the_attempts_are_used_up_every_one_is_attached_and_none_is_returned(Way way) {
        try (Scene scene = Scene.of(way, Script.replying("secret one", "secret two"), upTo(2))) {
            InvalidReplyException failure = scene.ask("private question").failure(InvalidReplyException.class);

            assertThat(failure)
                    .hasMessage("no valid reply after 2 attempts; last reason: " + NOT_YES)
                    .hasNoCause();
            assertThat(failure.attempts())
                    .extracting(a -> a.response().aiMessage().text())
                    .containsExactly("secret one", "secret two");
            assertThat(failure.attempts())
                    .extracting(InvalidReplyException.Attempt::reason)
                    .containsExactly(NOT_YES, NOT_YES);
            assertThat(failure.attempts().get(0).request().messages())
                    .containsExactly(UserMessage.from("private question"));
            assertThat(failure.attempts().get(1).request().messages()).hasSize(3);
            assertThat(failure.toString()).doesNotContain("secret", "private");
            assertThat(scene.actions()).containsExactly("reprompting: reprompted", "reprompting: exhausted");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_attempt_only_checks(Way way) {
        try (Scene scene = Scene.of(way, Script.replying("no", "yes"), upTo(1))) {
            assertThat(scene.ask("Sure?").failure(InvalidReplyException.class))
                    .hasMessage("no valid reply after 1 attempt; last reason: " + NOT_YES);
            assertThat(scene.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void usage_and_attempts_are_summed_over_all_attempts(Way way) {
        AtomicReference<FmReply> reply = new AtomicReference<>();
        Interceptor watcher = Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
            reply.set(next.proceed(call));
            return reply.get();
        });
        Script script = script(
                Reply.builder().text("a").usage(10, 1).build(),
                Reply.text("b"),
                Reply.builder().text("yes").usage(30, 3).build());
        try (Scene scene = Scene.of(way, script, watcher, upTo(3))) {
            Answered answered = scene.ask("Sure?");

            assertThat(answered.response().tokenUsage()).isEqualTo(new TokenUsage(40, 4));
            assertThat(reply.get().usage()).isEqualTo(new TokenUsage(40, 4));
            assertThat(reply.get().attempts()).isEqualTo(3);
            assertThat(reply.get().source()).isEqualTo(FmReply.Source.MODEL);
        }
    }

    /** A usage that neither adds itself nor lets others be added to it. */
    private static final class OwnUsage extends TokenUsage {
        OwnUsage(int input, int output) {
            super(input, output);
        }
    }

    private static final class OtherUsage extends TokenUsage {
        OtherUsage(int input, int output) {
            super(input, output);
        }
    }

    @Test
    void usages_of_two_foreign_types_are_summed_as_plain_ones() {
        List<TokenUsage> usages = List.of(new OwnUsage(1, 2), new OtherUsage(10, 20));
        List<String> texts = List.of("no", "yes");
        int[] call = {0};
        Interceptor replacing = Interceptor.of("replacing", Phase.LIMIT, (c, next) -> {
            FmReply reply = next.proceed(c);
            int i = call[0]++;
            return reply.withResponse(Reply.text(texts.get(i)).response()).plusUsage(usages.get(i));
        });
        try (Scene scene = Scene.of(Way.CHAT, Script.always(Reply.text("x")), upTo(2), replacing)) {
            assertThat(scene.ask("Sure?").response().tokenUsage()).isEqualTo(new TokenUsage(11, 22));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_that_calls_a_tool_passes_unchecked(Way way) {
        try (Scene scene = Scene.of(way, script(Reply.toolCall("lookUp", "{}")), upTo(2))) {
            assertThat(scene.ask("Sure?").response().aiMessage().toolExecutionRequests())
                    .hasSize(1);
            assertThat(scene.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void text_beside_a_tool_call_is_not_the_answer_yet(Way way) {
        Reply both = Reply.builder()
                .text("Let me look that up.")
                .toolCall("lookUp", "{}")
                .build();
        try (Scene scene = Scene.of(way, script(both), upTo(2))) {
            assertThat(scene.ask("Sure?").text()).isEqualTo("Let me look that up.");
            assertThat(scene.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_empty_answer_is_never_valid_and_is_not_repeated_to_the_model(Way way) {
        Validator anything = Replies.satisfy("is fine", text -> true);
        Reprompting reprompting = Reprompting.upTo(3).until(anything);
        try (Scene scene =
                Scene.of(way, script(Reply.builder().build(), Reply.text(""), Reply.text("hi")), reprompting)) {
            assertThat(scene.ask("Sure?").text()).isEqualTo("hi");
            assertThat(scene.requests().get(1).messages())
                    .containsExactly(UserMessage.from("Sure?"), UserMessage.from(complaint("The answer is empty.")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_of_white_space_is_not_repeated_to_the_model_either(Way way) {
        try (Scene scene = Scene.of(way, Script.replying(" \n", "yes"), upTo(2))) {
            scene.ask("Sure?");

            assertThat(scene.requests().get(1).messages())
                    .containsExactly(UserMessage.from("Sure?"), UserMessage.from(complaint(NOT_YES)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_validator_that_throws_fails_the_call_and_the_culprit_is_named(Way way) {
        Reprompting broken = Reprompting.upTo(3).named("order-check").until((call, response) -> {
            throw new IllegalArgumentException("broken validator");
        });
        try (Scene scene = Scene.of(way, Script.replying("a", "b"), broken)) {
            IllegalArgumentException failure = scene.ask("Sure?").failure(IllegalArgumentException.class);

            assertThat(failure).hasMessage("broken validator");
            assertThat(failure.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("thrown by interceptor 'order-check' (io.fmware.retry.Reprompting)");
            assertThat(scene.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("NullAway")
    void a_validator_that_returns_null_fails_the_call_and_the_culprit_is_named(Way way) {
        Validator nothing = (call, response) -> null;
        for (Validator validator : List.of(
                nothing, nothing.and(YES), Replies.satisfy("", t -> true).and(nothing))) {
            Reprompting broken = Reprompting.upTo(3).named("order-check").until(validator);
            try (Scene scene = Scene.of(way, Script.replying("a", "b"), broken)) {
                assertThat(scene.ask("Sure?").failure(IllegalStateException.class))
                        .hasMessage(
                                "the validator of interceptor 'order-check' returned null; return Verdict.valid() or"
                                        + " Verdict.invalid(reason)");
            }
        }
    }

    @Test
    void a_wording_that_makes_nothing_fails_the_call_and_the_culprit_is_named() {
        Reprompting broken = Reprompting.upTo(2).saying(reason -> " ").until(YES);
        try (Scene scene = Scene.of(Way.CHAT, Script.replying("a", "b"), broken)) {
            assertThat(scene.ask("Sure?").failure(IllegalStateException.class))
                    .hasMessage("the wording of interceptor 'reprompting' made no message of a reason; return what the"
                            + " model is to be told");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_message_to_the_model_can_be_worded_otherwise(Way way) {
        Reprompting german = Reprompting.upTo(2)
                .bufferStreams()
                .saying(reason -> "Noch einmal: " + reason)
                .until(YES);
        try (Scene scene = Scene.of(way, Script.replying("a", "yes"), german)) {
            scene.ask("Sure?");

            assertThat(scene.requests().get(1).messages().get(2))
                    .isEqualTo(UserMessage.from("Noch einmal: " + NOT_YES));
        }
    }

    @Test
    void a_validator_sees_the_question_and_never_the_complaint_that_quotes_a_rejected_answer() {
        List<ChatRequest> seen = new ArrayList<>();
        List<Integer> attempts = new ArrayList<>();
        Validator watching = (call, response) -> {
            seen.add(call.request());
            attempts.add(call.attempt());
            return YES.validate(call, response);
        };
        try (Scene scene = Scene.of(
                Way.CHAT, Script.replying("a", "b", "yes"), Reprompting.upTo(3).until(watching))) {
            scene.ask("Sure?");

            assertThat(seen)
                    .hasSize(3)
                    .allSatisfy(r -> assertThat(r.messages()).containsExactly(UserMessage.from("Sure?")));
            assertThat(attempts).containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_made_up_source_does_not_become_real_by_being_complained_about(Way way) {
        Reprompting citing = Reprompting.upTo(2)
                .bufferStreams()
                .until(Replies.citeSourcesOfTheRequest(Pattern.compile("\\[S\\d+]")));
        try (Scene scene = Scene.of(way, Script.replying("It is so [S9].", "It is so [S9]."), citing)) {
            assertThat(scene.ask("[S1] Sure?").failure(InvalidReplyException.class))
                    .hasMessage(
                            "no valid reply after 2 attempts; last reason: The answer cites [S9], which is not among"
                                    + " the sources that were given: [S1].");
        }
    }

    // Parameters

    @ParameterizedTest
    @EnumSource
    void parameters_may_change_with_each_attempt_and_the_others_stay(Way way) {
        List<Integer> numbers = new ArrayList<>();
        Reprompting cooling = Reprompting.upTo(4)
                .bufferStreams()
                .withParameters(attempt -> {
                    numbers.add(attempt);
                    return attempt == 3
                            ? null
                            : ChatRequestParameters.builder()
                                    .temperature(1.0 / attempt)
                                    .build();
                })
                .until(YES);
        ChatRequest asked = request("Sure?").toBuilder()
                .temperature(0.9)
                .maxOutputTokens(77)
                .build();
        try (Scene scene = Scene.of(way, Script.replying("a", "b", "c", "yes"), cooling)) {
            scene.ask(asked, ChatRequestOptions.EMPTY);

            assertThat(numbers).containsExactly(2, 3, 4);
            assertThat(scene.requests()).extracting(ChatRequest::temperature).containsExactly(0.9, 0.5, 0.9, 0.25);
            assertThat(scene.requests())
                    .extracting(ChatRequest::maxOutputTokens)
                    .containsOnly(77);
        }
    }

    /** Parameters with a field of their own, as providers have them. */
    private static final class OwnParameters extends DefaultChatRequestParameters {
        final String tier;

        OwnParameters(Builder<?> builder, String tier) {
            super(builder);
            this.tier = tier;
        }

        @Override
        public ChatRequestParameters overrideWith(ChatRequestParameters that) {
            return new OwnParameters(
                    new Builder<>().overrideWith(this).overrideWith(that),
                    that instanceof OwnParameters own && own.tier != null ? own.tier : tier);
        }

        @Override
        public ChatRequestParameters defaultedBy(ChatRequestParameters that) {
            return new OwnParameters(new Builder<>().overrideWith(that).overrideWith(this), tier);
        }
    }

    private static OwnParameters own(String tier) {
        return new OwnParameters(new DefaultChatRequestParameters.Builder<>(), tier);
    }

    private static String tierSeen(ChatRequest request) {
        return request.parameters() instanceof OwnParameters own ? own.tier : "type lost";
    }

    @ParameterizedTest
    @EnumSource
    void parameters_of_a_providers_own_type_keep_it(Way way) {
        Reprompting plainOverOwn = Reprompting.upTo(2)
                .bufferStreams()
                .withParameters(
                        n -> ChatRequestParameters.builder().temperature(0.0).build())
                .until(YES);
        Reprompting ownOverPlain = Reprompting.upTo(2)
                .bufferStreams()
                .withParameters(n -> own("slow"))
                .until(YES);
        ScriptedChatModel.Builder chat =
                ScriptedChatModel.builder().defaultRequestParameters(own(null)).script(Script.replying("no", "yes"));
        ScriptedStreamingChatModel.Builder stream = ScriptedStreamingChatModel.builder()
                .defaultRequestParameters(own(null))
                .script(Script.replying("no", "yes"));

        try (Scene scene = Scene.of(way, chat.build(), stream.build(), b -> b.with(plainOverOwn))) {
            scene.ask(request("Sure?").toBuilder().parameters(own("fast")).build(), ChatRequestOptions.EMPTY);

            assertThat(scene.requests()).extracting(RepromptingTest::tierSeen).containsExactly("fast", "fast");
            assertThat(scene.requests().get(1).temperature()).isEqualTo(0.0);
        }
        try (Scene scene = Scene.of(way, chat.build(), stream.build(), b -> b.with(ownOverPlain))) {
            scene.ask(request("Sure?").toBuilder().temperature(0.7).build(), ChatRequestOptions.EMPTY);

            assertThat(scene.requests()).extracting(RepromptingTest::tierSeen).containsExactly(null, "slow");
            assertThat(scene.requests().get(1).temperature()).isEqualTo(0.7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void options_of_the_caller_reach_every_attempt(Way way) {
        List<Object> seen = new ArrayList<>();
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute("tenant", "acme")
                .build();
        Interceptor watcher = Interceptor.of("watcher", Phase.LIMIT, (call, next) -> {
            seen.add(call.options().listenerAttributes().get("tenant"));
            return next.proceed(call);
        });
        try (Scene scene = Scene.of(way, Script.replying("a", "yes"), upTo(2), watcher)) {
            scene.ask(request("Sure?"), options);

            assertThat(seen).containsExactly("acme", "acme");
        }
    }

    // Streams

    @Test
    void a_stream_whose_pieces_were_shown_fails_and_the_message_names_the_cure() {
        try (Scene scene = Scene.of(
                Way.STREAM,
                Script.replying("no way", "yes"),
                Reprompting.upTo(3).until(YES))) {
            Answered answered = scene.ask("Sure?");

            assertThat(answered.failure(InvalidReplyException.class))
                    .hasMessage("no valid reply after 1 attempt, and no other is possible: its pieces were streamed"
                            + " already; hold them back with Reprompting's bufferStreams(); last reason: " + NOT_YES);
            assertThat(answered.events()).containsExactly("text:no ", "text:way");
            assertThat(scene.requests()).hasSize(1);
            assertThat(scene.actions()).containsExactly("reprompting: released");
        }
    }

    @Test
    void a_valid_answer_streams_piece_by_piece_without_a_buffer() {
        try (Scene scene = Scene.of(
                Way.STREAM,
                Script.replying("yes or no"),
                Reprompting.upTo(3).until(Replies.match(Pattern.compile(".*no"), "a no")))) {
            assertThat(scene.ask("Sure?").events()).containsExactly("text:yes ", "text:or ", "text:no");
        }
    }

    @Test
    void a_stream_that_has_shown_nothing_yet_is_asked_again_without_a_buffer() {
        Script script = script(
                Reply.builder().build(), // completes with neither pieces nor text
                Reply.text("yes"));
        try (Scene scene = Scene.of(Way.STREAM, script, Reprompting.upTo(2).until(YES))) {
            Answered answered = scene.ask("Sure?");

            assertThat(answered.text()).isEqualTo("yes");
            assertThat(answered.events()).containsExactly("text:yes");
        }
    }

    @Test
    void with_a_buffer_pieces_of_rejected_answers_are_never_shown_and_those_of_the_valid_one_come_in_order() {
        Reply rejected = Reply.builder()
                .rawEvent("raw no")
                .thinking("think no")
                .text("no way")
                .build();
        Reply valid = Reply.builder()
                .rawEvent("raw")
                .thinking("let me think")
                .text("yes")
                .build();
        try (Scene scene = Scene.of(Way.STREAM, script(rejected, valid), upTo(3))) {
            Answered answered = scene.ask("Sure?");

            assertThat(answered.text()).isEqualTo("yes");
            assertThat(answered.events())
                    .containsExactly("raw:raw", "thinking:let ", "thinking:me ", "thinking:think", "text:yes");
        }
    }

    @Test
    void with_a_buffer_tool_calls_come_through() {
        Reply tool = Reply.builder()
                .thinking("hm")
                .toolCall("lookUp", "{}")
                .toolCall("other", "{}")
                .build();
        try (Scene scene = Scene.of(Way.STREAM, script(tool), upTo(3))) {
            assertThat(scene.ask("Sure?").events())
                    .containsExactly("thinking:hm", "part:{}", "tool:lookUp", "part:{}", "tool:other");
        }
    }

    @Test
    void nothing_of_exhausted_attempts_is_shown_with_a_buffer() {
        try (Scene scene = Scene.of(Way.STREAM, Script.replying("a", "b"), upTo(2))) {
            Answered answered = scene.ask("Sure?");

            answered.failure(InvalidReplyException.class);
            assertThat(answered.events()).isEmpty();
        }
    }

    @Test
    void a_retry_below_a_buffer_starts_the_output_again() {
        Interceptor retry = Interceptor.of("retry", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RuntimeException e) {
                assertThat(call.sink().restart()).isTrue();
                return next.proceed(call);
            }
        });
        Script script = script(
                Reply.builder()
                        .text("ye no")
                        .failAfter(1, new RuntimeException("broken"))
                        .build(),
                Reply.text("yes"));
        try (Scene scene = Scene.of(Way.STREAM, script, upTo(1), retry)) {
            assertThat(scene.ask("Sure?").events()).containsExactly("text:yes");
        }
    }

    // Two of them

    @ParameterizedTest
    @EnumSource
    void two_with_names_of_their_own_nest_the_first_given_outermost(Way way) {
        Reprompting json = Reprompting.upTo(2).named("json").bufferStreams().until(Replies.areJson());
        Reprompting shortOnes =
                Reprompting.upTo(2).named("short").bufferStreams().until(Replies.haveLength(1, 4));
        try (Scene scene = Scene.of(way, Script.replying("[1,2,3]", "no", "12345", "[1]"), json, shortOnes)) {
            assertThat(scene.pipeline()).hasToString("json(short(model))");
            Answered answered = scene.ask("Numbers?");

            assertThat(answered.text()).isEqualTo("[1]");
            assertThat(scene.actions()).containsExactly("short: reprompted", "json: reprompted", "short: reprompted");
            if (way == Way.STREAM) {
                assertThat(answered.events()).containsExactly("text:[1]");
            }
        }
    }

    @Test
    void two_of_one_name_are_refused() {
        assertThatThrownBy(() -> Scene.of(Way.CHAT, Script.of(), upTo(2), upTo(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interceptor 'reprompting' (io.fmware.retry.Reprompting) and interceptor 'reprompting'"
                        + " (io.fmware.retry.Reprompting) have the same name; keep one of them, or rename one with"
                        + " Interceptor.of(name, phase, interceptor)");
    }

    // Ending early

    @ParameterizedTest
    @EnumSource
    void a_cancelled_call_is_not_asked_again(Way way) {
        AtomicReference<Scene> scene = new AtomicReference<>();
        Validator cancelling = (call, response) -> {
            scene.get().cancel();
            return Verdict.invalid("Too late.");
        };
        try (Scene own = Scene.of(
                way,
                Script.replying("a", "b"),
                Reprompting.upTo(3).bufferStreams().until(cancelling),
                Deadlines.of(Duration.ofHours(1)))) {
            scene.set(own);
            Throwable error = own.ask("Sure?").error();

            if (way == Way.ASYNC) {
                assertThat(error).isInstanceOf(java.util.concurrent.CancellationException.class);
            } else {
                assertThat(error).isExactlyInstanceOf(CancelledException.class);
            }
        }
        assertThat(scene.get().requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_second_attempt_can_be_cancelled_while_it_runs(Way way) {
        try (Scene scene = Scene.of(
                way,
                script(Reply.text("a"), Reply.never()),
                Reprompting.upTo(3).bufferStreams().until(YES))) {
            CompletableFuture<Answered> asked = scene.start(request("Sure?"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(2);
            scene.cancel();

            assertThat(Scene.await(asked).error())
                    .isInstanceOfAny(CancelledException.class, java.util.concurrent.CancellationException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void all_attempts_share_one_deadline(Way way) {
        ManualClock clock = ManualClock.create();
        Validator slow = (call, response) -> {
            clock.advance(Duration.ofSeconds(4));
            return Verdict.invalid("Not yet.");
        };
        try (Scene scene = Scene.of(
                way,
                Script.replying("a", "b", "c", "d", "e"),
                b -> b.time(clock).with(Reprompting.upTo(5).bufferStreams().until(slow)))) {
            Answered answered = scene.ask(request("Sure?"), CallOptions.deadline(Duration.ofSeconds(10)));

            assertThat(answered.failure(DeadlineExceededException.class))
                    .hasMessage(
                            "the deadline of 10 s passed while the model was about to be asked; allow more time with"
                                    + " Deadlines, or ask for less");
            assertThat(scene.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_of_the_model_in_a_later_attempt_is_thrown_with_what_was_rejected_before(Way way) {
        IllegalStateException down = new IllegalStateException("down");
        Script script = Script.of(Reply.text("a"), Reply.error(down), Reply.text("b"), Reply.error(down));
        try (Scene scene = Scene.of(way, script, upTo(3))) {
            IllegalStateException failure = scene.ask("Sure?").failure(IllegalStateException.class);

            assertThat(failure).isSameAs(down);
            assertThat(failure.getSuppressed())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            InvalidReplyException.class,
                            e -> assertThat(e.attempts())
                                    .extracting(a -> a.response().aiMessage().text())
                                    .containsExactly("a"));
            scene.ask("Sure?");
            assertThat(down.getSuppressed())
                    .as("of one exception that is thrown again and again")
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_of_the_first_attempt_is_thrown_as_it_is(Way way) {
        try (Scene scene = Scene.of(way, script(Reply.error(new IllegalStateException("down"))), upTo(3))) {
            assertThat(scene.ask("Sure?").failure(IllegalStateException.class))
                    .hasMessage("down")
                    .hasNoSuppressedExceptions();
        }
    }

    @Test
    void a_call_of_another_operation_is_none_of_its_business() {
        assertThat(upTo(2).operations()).containsExactly(io.fmware.Operation.CHAT);
        assertThat(upTo(2).phase()).isEqualTo(Phase.VALIDATE);
        assertThat(upTo(2)).hasToString("Reprompting[reprompting, maxAttempts=2, bufferStreams=true]");
    }

    @Test
    @SuppressWarnings("NullAway")
    void wrong_settings_are_refused_when_they_are_made() {
        assertThatThrownBy(() -> Reprompting.upTo(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the number of attempts must be at least 1, but is 0");
        assertThatThrownBy(() -> Reprompting.upTo(2).until(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("validator");
        assertThatThrownBy(() -> YES.and(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("other");
        assertThatThrownBy(() -> Verdict.invalid(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an invalid verdict needs a reason; the model is told it");
        assertThatThrownBy(() -> Verdict.valid().reason())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a valid verdict has no reason");
        assertThat(Verdict.valid()).hasToString("valid");
        assertThat(Verdict.invalid("No.")).hasToString("invalid: No.");
    }

    /** What a call is about to a validator: kept here so that the type of its first argument is used. */
    @Test
    void a_validator_may_read_the_call() {
        Validator naming = (FmCall call, dev.langchain4j.model.chat.response.ChatResponse response) ->
                call.target().name().equals("ScriptedChatModel") ? Verdict.valid() : Verdict.invalid("Who are you?");
        try (Scene scene =
                Scene.of(Way.CHAT, Script.replying("a"), Reprompting.upTo(1).until(naming))) {
            assertThat(scene.ask("Sure?").text()).isEqualTo("a");
        }
    }
}
