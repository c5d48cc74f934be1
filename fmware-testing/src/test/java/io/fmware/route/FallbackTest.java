package io.fmware.route;

import static io.fmware.retry.Scene.request;
import static io.fmware.retry.Scene.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.CallOptions;
import io.fmware.CancelledException;
import io.fmware.DeadlineExceededException;
import io.fmware.FailureClass;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.RejectedException;
import io.fmware.Target;
import io.fmware.retry.Answered;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Retrying;
import io.fmware.retry.Scene;
import io.fmware.retry.Way;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class FallbackTest {
    private static final Script DOWN = Script.always(Reply.error(new RateLimitException("A is down")));

    private static ScriptedChatModel replying(String... texts) {
        return ScriptedChatModel.replying(texts);
    }

    private static ScriptedChatModel failing(RuntimeException failure) {
        return ScriptedChatModel.of(Script.always(Reply.error(failure)));
    }

    private static Interceptor watching(AtomicReference<FmReply> seen) {
        return Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
            seen.set(next.proceed(call));
            return seen.get();
        });
    }

    // Order

    @ParameterizedTest
    @EnumSource
    void the_first_model_answers_where_it_can(Way way) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        ScriptedChatModel other = replying("from B");
        try (Scene scene = Scene.of(way, Script.replying("from A"), watching(seen), Fallback.to(other))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("from A");
            assertThat(other.requests()).isEmpty();
            assertThat(seen.get().source()).isEqualTo(FmReply.Source.MODEL);
            assertThat(seen.get().attempts()).isEqualTo(1);
            assertThat(scene.actions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_others_are_asked_in_order_until_one_answers(Way way) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        ScriptedChatModel b = failing(new RateLimitException("B is down"));
        ScriptedStreamingChatModel c = ScriptedStreamingChatModel.replying("from C");
        ScriptedChatModel d = replying("from D");
        Fallback fallback = Fallback.builder()
                .then(Target.of(b))
                .then(Target.of(c))
                .then(Target.of(d))
                .build();
        try (Scene scene = Scene.of(way, DOWN, watching(seen), fallback)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("from C");
            assertThat(b.requests()).hasSize(1);
            assertThat(c.requests()).hasSize(1);
            assertThat(d.requests()).isEmpty();
            assertThat(seen.get().source()).isEqualTo(FmReply.Source.FALLBACK);
            assertThat(seen.get().attempts()).isEqualTo(3);
            assertThat(scene.actions()).containsExactly("fallback: fell back", "fallback: fell back");
        }
    }

    @ParameterizedTest
    @EnumSource
    void when_all_fail_the_last_failure_is_thrown_with_the_earlier_ones_attached(Way way) {
        try (Scene scene = Scene.of(
                way,
                DOWN,
                Fallback.to(
                        failing(new RateLimitException("B is down")),
                        failing(new RuntimeException("C is malformed"))))) {
            RuntimeException failure = scene.ask("Hi").failure(RuntimeException.class);

            assertThat(failure).hasMessage("C is malformed");
            assertThat(failure.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("A is down", "B is down");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_exception_thrown_by_all_is_attached_neither_to_itself_nor_twice(Way way) {
        RateLimitException same = new RateLimitException("all down");
        RateLimitException last = new RateLimitException("last down");
        Script script = Script.always(Reply.error(same));
        try (Scene scene = Scene.of(way, script, Fallback.to(failing(same)))) {
            assertThat(scene.ask("Hi").error()).isSameAs(same).hasNoSuppressedExceptions();
        }
        try (Scene scene = Scene.of(way, script, Fallback.to(failing(same), failing(last)))) {
            assertThat(scene.ask("Hi").error()).isSameAs(last);
            assertThat(last.getSuppressed()).containsExactly(same);
        }
    }

    @Test
    void a_checked_failure_of_a_stream_falls_back_and_reaches_the_handler_with_what_was_attached() {
        Script reset = Script.always(Reply.error(new IOException("A was reset")));
        StreamingChatModel b = ScriptedStreamingChatModel.of(Reply.error(new IOException("B was reset")));
        try (Scene scene = Scene.of(Way.STREAM, reset, Fallback.to(b))) {
            IOException failure = scene.ask("Hi").failure(IOException.class);

            assertThat(failure).hasMessage("B was reset");
            assertThat(failure.getSuppressed()).hasSize(1);
            assertThat(failure.getSuppressed()[0]).hasRootCauseMessage("A was reset");
        }
    }

    // Which failures

    @ParameterizedTest
    @EnumSource
    void a_wrong_key_is_no_reason_to_ask_another_model(Way way) {
        ScriptedChatModel other = replying("from B");
        Script wrongKey = Script.always(Reply.error(new AuthenticationException("wrong key")));
        try (Scene scene = Scene.of(way, wrongKey, Fallback.to(other))) {
            assertThat(scene.ask("Hi").failure(AuthenticationException.class)).hasMessage("wrong key");
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_defect_of_an_interceptor_is_no_reason_to_ask_another_model(Way way) {
        ScriptedChatModel other = replying("from B");
        Interceptor defect = Interceptor.of("defect", Phase.VALIDATE, (call, next) -> {
            throw new NullPointerException("defect");
        });
        try (Scene scene = Scene.of(way, Script.replying("from A"), Fallback.to(other), defect)) {
            assertThat(scene.ask("Hi").failure(NullPointerException.class)).hasMessage("defect");
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_gives_no_valid_answer_is_replaced_and_the_others_answer_is_checked_too(Way way) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        ScriptedChatModel other = ScriptedChatModel.of(
                Reply.builder().text("maybe").usage(100, 10).build(),
                Reply.builder().text("yes").usage(1000, 100).build());
        Script stubborn = script(
                Reply.builder().text("no").usage(1, 1).build(),
                Reply.builder().text("never").usage(2, 2).build());
        Reprompting reprompting = Reprompting.upTo(2).bufferStreams().until(Replies.beOneOf(List.of("yes")));
        try (Scene scene = Scene.of(way, stubborn, watching(seen), Fallback.to(other), reprompting)) {
            Answered answered = scene.ask("Sure?");

            assertThat(answered.text()).isEqualTo("yes");
            assertThat(other.requests().get(0).messages())
                    .as("the original question")
                    .hasSize(1);
            assertThat(other.requests().get(1).messages()).hasSize(3);
            assertThat(seen.get().attempts()).isEqualTo(4);
            assertThat(seen.get().usage()).isEqualTo(new TokenUsage(1103, 113));
            if (way == Way.STREAM) {
                assertThat(answered.events()).containsExactly("text:yes");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void answers_that_were_rejected_before_a_model_failed_are_counted_too(Way way) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        ScriptedChatModel other =
                ScriptedChatModel.of(Reply.builder().text("yes").usage(100, 10).build());
        Script failing = script(
                Reply.builder().text("no").usage(1, 1).build(), Reply.error(new RateLimitException("slow down")));
        Reprompting reprompting = Reprompting.upTo(2).bufferStreams().until(Replies.beOneOf(List.of("yes")));
        try (Scene scene = Scene.of(way, failing, watching(seen), Fallback.to(other), reprompting)) {
            assertThat(scene.ask("Sure?").text()).isEqualTo("yes");
            assertThat(seen.get().attempts()).isEqualTo(3);
            assertThat(seen.get().usage()).isEqualTo(new TokenUsage(101, 11));
        }
    }

    @ParameterizedTest
    @EnumSource
    void attempts_are_those_that_reached_a_model(Way way) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        AtomicInteger turn = new AtomicInteger();
        Interceptor full = Interceptor.of("full", Phase.RETRY, (call, next) -> {
            if (turn.getAndIncrement() == 0) {
                throw new OverloadedException("full", null);
            }
            return next.proceed(call);
        });
        Fallback fallback = Fallback.builder()
                .then(Target.of(replying("from B", "from B again")))
                .on(FailureClass.UNAVAILABLE)
                .build();
        Retrying thrice = Retrying.upTo(3).random(() -> 0).build();
        try (Scene scene = Scene.of(way, DOWN, watching(seen), fallback, full, thrice)) {
            scene.ask("refused");
            assertThat(seen.get().attempts()).isEqualTo(1);
            scene.ask("tried three times");
            assertThat(seen.get().attempts()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_valid_answer_of_any_model_ends_in_the_failure_of_the_last(Way way) {
        Reprompting reprompting = Reprompting.upTo(2).bufferStreams().until(Replies.beOneOf(List.of("yes")));
        try (Scene scene = Scene.of(way, Script.replying("a", "b"), Fallback.to(replying("c", "d")), reprompting)) {
            InvalidReplyException failure = scene.ask("Sure?").failure(InvalidReplyException.class);

            assertThat(failure.attempts())
                    .extracting(a -> a.response().aiMessage().text())
                    .containsExactly("c", "d");
            assertThat(failure.getSuppressed()).hasSize(1);
            assertThat(((InvalidReplyException) failure.getSuppressed()[0]).attempts())
                    .extracting(a -> a.response().aiMessage().text())
                    .containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_user_chooses_the_failures(Way way) {
        Interceptor guard = Interceptor.of("guard", Phase.VALIDATE, (call, next) -> {
            FmReply reply = next.proceed(call);
            if (reply.response().aiMessage().text().contains("secret")) {
                throw new RejectedException("guard", "it has a secret");
            }
            return reply;
        });
        record Case(FailureClass on, Script script, boolean fallsBack) {}
        Script secret = Script.replying("a secret");
        Script filtered = Script.always(Reply.error(new ContentFilteredException("filtered")));
        Script wrongKey = Script.always(Reply.error(new AuthenticationException("wrong key")));
        FailureClass keys = FailureClass.of("KEYS", AuthenticationException.class::isInstance);
        for (Case each : List.of(
                new Case(FailureClass.RATE_LIMITED, DOWN, true),
                new Case(FailureClass.RATE_LIMITED, filtered, false),
                new Case(FailureClass.CONTENT_FILTERED, filtered, true),
                new Case(FailureClass.CONTENT_FILTERED, DOWN, false),
                new Case(keys, wrongKey, true),
                new Case(keys, DOWN, false),
                new Case(FailureClass.ANY, wrongKey, true),
                new Case(FailureClass.ANY, secret, true),
                new Case(FailureClass.REJECTED, secret, true),
                new Case(FailureClass.REJECTED, DOWN, false))) {
            if (way == Way.STREAM && each.script() == secret) {
                continue; // a guard that looks at what was shown already comes too late for another model
            }
            Fallback fallback = Fallback.builder()
                    .then(Target.of(replying("from B")))
                    .on(each.on())
                    .build();
            try (Scene scene = Scene.of(way, each.script(), fallback, guard)) {
                Answered answered = scene.ask("Hi");
                assertThat(answered.error() == null).as("%s", each).isEqualTo(each.fallsBack());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_predicate_that_throws_covers_nothing_and_does_not_hide_the_failure(Way way) {
        FailureClass broken = FailureClass.of("BROKEN", e -> {
            throw new IllegalArgumentException("defect of the predicate");
        });
        ScriptedChatModel other = replying("from B");
        Fallback alone = Fallback.builder().then(Target.of(other)).on(broken).build();
        Fallback beside = Fallback.builder()
                .then(Target.of(other))
                .on(broken, FailureClass.UNAVAILABLE)
                .build();
        Script fresh = Script.answering(request -> Reply.error(new RateLimitException("A is down")));
        try (Scene scene = Scene.of(way, fresh, alone)) {
            RateLimitException failure = scene.ask("Hi").failure(RateLimitException.class);

            assertThat(failure).hasMessage("A is down");
            assertThat(failure.getSuppressed()).hasSize(1);
            assertThat(failure.getSuppressed()[0])
                    .hasMessage("failure class BROKEN of interceptor 'fallback' threw on being asked about this")
                    .hasRootCauseMessage("defect of the predicate");
        }
        try (Scene scene = Scene.of(way, fresh, beside)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("from B");
        }
    }

    // Ending early

    @ParameterizedTest
    @EnumSource
    void a_cancelled_call_does_not_fall_back_even_on_any_failure(Way way) {
        ScriptedChatModel other = replying("from B");
        Fallback any =
                Fallback.builder().then(Target.of(other)).on(FailureClass.ANY).build();
        try (Scene scene = Scene.of(way, script(Reply.never()), any)) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(1);
            scene.cancel();

            assertThat(Scene.await(asked).error())
                    .isInstanceOfAny(CancelledException.class, java.util.concurrent.CancellationException.class);
        }
        assertThat(other.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_call_whose_time_is_over_does_not_fall_back_even_on_any_failure(Way way) {
        ManualClock clock = ManualClock.create();
        ScriptedChatModel other = replying("from B");
        Fallback any =
                Fallback.builder().then(Target.of(other)).on(FailureClass.ANY).build();
        try (Scene scene =
                Scene.of(way, script(Reply.never()), b -> b.time(clock).with(any))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), CallOptions.deadline(Duration.ofSeconds(5)));
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(5));

            Scene.await(asked).failure(DeadlineExceededException.class);
        }
        assertThat(other.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void where_the_time_is_over_when_a_model_fails_its_failure_is_attached(Way way) {
        ManualClock clock = ManualClock.create();
        Interceptor slow = Interceptor.of("slow", Phase.LIMIT, (call, next) -> {
            clock.advance(Duration.ofSeconds(5));
            throw new RateLimitException("A is down");
        });
        ScriptedChatModel other = replying("from B");
        try (Scene scene =
                Scene.of(way, Script.of(), b -> b.time(clock).with(slow).with(Fallback.to(other)))) {
            Answered answered = scene.ask(request("Hi"), CallOptions.deadline(Duration.ofSeconds(5)));

            DeadlineExceededException failure = answered.failure(DeadlineExceededException.class);
            assertThat(failure)
                    .hasMessage("the deadline of 5 s passed while starting the next step; allow more time with"
                            + " Deadlines, or ask for less");
            assertThat(failure.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("A is down");
            assertThat(other.requests()).isEmpty();
        }
    }

    // Streams

    @Test
    void a_stream_that_breaks_before_its_first_piece_is_continued_by_another_model() {
        Reply broken = Reply.builder()
                .text("one two")
                .failAfter(0, new RuntimeException("reset"))
                .build();
        try (Scene scene =
                Scene.of(Way.STREAM, script(broken), Fallback.to(ScriptedStreamingChatModel.replying("from B")))) {
            Answered answered = scene.ask("Hi");

            assertThat(answered.text()).isEqualTo("from B");
            assertThat(answered.events()).containsExactly("text:from ", "text:B");
        }
    }

    @Test
    void a_stream_that_breaks_after_its_first_piece_fails_since_its_beginning_was_shown() {
        for (Reply broken : List.of(
                Reply.builder()
                        .text("one two")
                        .failAfter(1, new RuntimeException("reset"))
                        .build(),
                Reply.builder()
                        .thinking("hm")
                        .text("one two")
                        .failAfter(1, new RuntimeException("reset"))
                        .build())) {
            ScriptedStreamingChatModel other = ScriptedStreamingChatModel.replying("from B");
            try (Scene scene = Scene.of(Way.STREAM, script(broken), Fallback.to(other))) {
                Answered answered = scene.ask("Hi");

                assertThat(answered.failure(RuntimeException.class)).hasMessage("reset");
                assertThat(answered.events()).hasSize(1);
                assertThat(other.requests()).isEmpty();
            }
        }
    }

    @Test
    void pieces_that_a_buffer_holds_are_no_obstacle() {
        Reply broken = Reply.builder()
                .text("one two")
                .failAfter(1, new RuntimeException("reset"))
                .build();
        Reprompting buffering = Reprompting.upTo(1).bufferStreams().until(Replies.haveLength(1, 100));
        try (Scene scene = Scene.of(
                Way.STREAM, script(broken), Fallback.to(ScriptedStreamingChatModel.replying("from B")), buffering)) {
            assertThat(scene.ask("Hi").events()).containsExactly("text:from ", "text:B");
        }
    }

    @Test
    void a_chat_model_serves_a_stream_in_one_piece() {
        try (Scene scene = Scene.of(Way.STREAM, DOWN, Fallback.to(replying("from B")))) {
            Answered answered = scene.ask("Hi");

            assertThat(answered.text()).isEqualTo("from B");
            assertThat(answered.events()).containsExactly("text:from B");
        }
    }

    @Test
    void a_streaming_model_serves_a_caller_who_waits() {
        for (Way way : List.of(Way.CHAT, Way.ASYNC)) {
            try (Scene scene = Scene.of(way, DOWN, Fallback.to(ScriptedStreamingChatModel.replying("from B")))) {
                assertThat(scene.ask("Hi").text()).isEqualTo("from B");
            }
        }
    }

    // What reaches the other model

    @ParameterizedTest
    @EnumSource
    void the_name_of_the_first_model_never_reaches_another(Way way) {
        ChatRequestParameters ofB =
                ChatRequestParameters.builder().modelName("model-b").topK(5).build();
        ScriptedChatModel named = ScriptedChatModel.builder()
                .defaultRequestParameters(ofB)
                .script(Script.replying("from B"))
                .build();
        ScriptedChatModel nameless = replying("from C");
        ChatRequest asked = request("Hi").toBuilder()
                .modelName("model-a-large")
                .temperature(0.2)
                .maxOutputTokens(7)
                .build();
        for (ScriptedChatModel other : List.of(named, nameless)) {
            try (Scene scene = Scene.of(way, DOWN, Fallback.to(other))) {
                scene.ask(asked, ChatRequestOptions.EMPTY);

                assertThat(scene.requests().get(0).modelName()).isEqualTo("model-a-large");
                ChatRequest received = other.requests().get(0);
                assertThat(received.modelName()).isEqualTo(other == named ? "model-b" : null);
                assertThat(received.temperature()).isEqualTo(0.2);
                assertThat(received.maxOutputTokens()).isEqualTo(7);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void defaults_of_the_first_model_never_reach_another(Way way) {
        ChatRequestParameters ofA = ChatRequestParameters.builder()
                .modelName("model-a")
                .temperature(0.9)
                .build();
        ScriptedChatModel other = replying("from B");
        Script down = DOWN;
        try (Scene scene = Scene.of(
                way,
                ScriptedChatModel.builder()
                        .defaultRequestParameters(ofA)
                        .script(down)
                        .build(),
                ScriptedStreamingChatModel.builder()
                        .defaultRequestParameters(ofA)
                        .script(down)
                        .build(),
                b -> b.with(Fallback.to(other)))) {
            scene.ask("Hi");

            assertThat(scene.requests().get(0).modelName()).isEqualTo("model-a");
            assertThat(other.requests().get(0).modelName()).isNull();
            assertThat(other.requests().get(0).temperature()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void options_of_the_caller_reach_the_other_model(Way way) {
        List<Object> seen = new CopyOnWriteArrayList<>();
        ScriptedChatModel other = ScriptedChatModel.builder()
                .script(Script.replying("from B"))
                .listeners(new ChatModelListener() {
                    @Override
                    public void onRequest(ChatModelRequestContext context) {
                        seen.add(context.attributes().get("tenant"));
                    }
                })
                .build();
        try (Scene scene = Scene.of(way, DOWN, Fallback.to(other))) {
            scene.ask(
                    request("Hi"),
                    ChatRequestOptions.builder()
                            .addListenerAttribute("tenant", "acme")
                            .build());

            assertThat(seen).containsExactly("acme");
        }
    }

    @ParameterizedTest
    @EnumSource
    void interceptors_that_belong_to_the_first_model_are_passed_by(Way way) {
        List<String> passed = new ArrayList<>();
        List<Interceptor> all = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            if (phase != Phase.FALLBACK) {
                all.add(Interceptor.of(phase.name(), phase, (call, next) -> {
                    passed.add(phase.name());
                    return next.proceed(call);
                }));
            }
        }
        all.add(Fallback.to(replying("from B")));
        try (Scene scene = Scene.of(way, DOWN, all.toArray(Interceptor[]::new))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("from B");
            assertThat(passed)
                    .containsExactly(
                            "DEADLINE",
                            "ADMIT",
                            "ROUTE",
                            "CACHE",
                            "VALIDATE",
                            "RETRY",
                            "HEDGE",
                            "BREAKER",
                            "LIMIT",
                            // and for the other model:
                            "VALIDATE");
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_model_may_bring_a_pipeline_of_its_own(Way way) {
        Interceptor retry = Interceptor.of("retry", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException e) {
                FmReply reply = next.proceed(call.nextAttempt());
                return reply.withAttempts(reply.attempts() + 1);
            }
        });
        AtomicReference<FmReply> seen = new AtomicReference<>();
        ScriptedChatModel b = ScriptedChatModel.of(Reply.error(new RateLimitException("B busy")), Reply.text("from B"));
        try (FmPipeline own = FmPipeline.builder().with(retry).build();
                Scene scene = Scene.of(way, DOWN, watching(seen), Fallback.to((ChatModel) own.wrap(b)))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("from B");
            assertThat(b.requests()).hasSize(2);
            assertThat(seen.get().attempts()).isEqualTo(3);
            assertThat(seen.get().source()).isEqualTo(FmReply.Source.FALLBACK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_pipeline_of_another_model_inherits_deadline_and_cancellation(Way way) {
        ManualClock clock = ManualClock.create();
        ScriptedChatModel b = ScriptedChatModel.of(Script.always(Reply.never()));
        try (FmPipeline own = FmPipeline.builder().time(clock).build();
                Scene scene = Scene.of(way, DOWN, p -> p.time(clock).with(Fallback.to((ChatModel) own.wrap(b))))) {
            CompletableFuture<Answered> late = scene.start(request("Hi"), CallOptions.deadline(Duration.ofSeconds(5)));
            b.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(5));
            Scene.await(late).failure(DeadlineExceededException.class);

            CompletableFuture<Answered> cancelled = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            b.awaitRequests(2);
            scene.cancel();
            assertThat(Scene.await(cancelled).error())
                    .isInstanceOfAny(CancelledException.class, java.util.concurrent.CancellationException.class);
        } finally {
            b.release();
        }
    }

    @Test
    void a_fallback_inside_a_fallback_goes_through_both_lists() {
        ScriptedChatModel c = replying("from C");
        try (FmPipeline inner = FmPipeline.builder().with(Fallback.to(c)).build();
                Scene scene = Scene.of(Way.CHAT, DOWN, Fallback.to((ChatModel)
                        inner.wrap(failing(new RateLimitException("B is down")))))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("from C");
        }
    }

    // Settings

    @Test
    @SuppressWarnings("NullAway")
    void wrong_settings_are_refused_when_they_are_made() {
        assertThatThrownBy(() -> Fallback.to(new ChatModel[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a fallback needs at least one model to turn to; add it with then(..)");
        assertThatThrownBy(() -> Fallback.to(replying("a"), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("model");
        assertThatThrownBy(() -> Fallback.builder().on())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("at least one class of failures is needed to act on");
        assertThat(Fallback.builder()
                        .then(Target.of(replying("a")))
                        .on(FailureClass.ANY, FailureClass.ANY)
                        .build())
                .hasToString("Fallback[fallback, on=[ANY], to=[ScriptedChatModel]]");
    }

    @Test
    void falling_back_on_invalid_replies_alone_needs_something_that_finds_them() {
        Fallback invalid = Fallback.builder()
                .then(Target.of(replying("a")).named("spare"))
                .on(FailureClass.INVALID_REPLY)
                .named("spares")
                .build();
        assertThatThrownBy(() -> FmPipeline.builder().with(invalid).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interceptor 'spares' falls back on invalid replies alone, but the pipeline has no"
                        + " interceptor in phase VALIDATE that could find one; add Reprompting, or fall back on"
                        + " UNAVAILABLE too");
        FmPipeline pipeline = FmPipeline.builder()
                .with(invalid)
                .with(Reprompting.upTo(1).until(Replies.areJson()))
                .build();
        assertThat(pipeline).hasToString("spares(reprompting(model))");
        assertThat(invalid).hasToString("Fallback[spares, on=[INVALID_REPLY], to=[spare]]");
        pipeline.close();
    }

    @Test
    void a_builder_that_goes_on_does_not_change_what_it_built() {
        Fallback.Builder builder =
                Fallback.builder().then(Target.of(replying("a")).named("b"));
        Fallback first = builder.build();
        builder.then(Target.of(replying("a")).named("c")).on(FailureClass.ANY).named("later");

        assertThat(first).hasToString("Fallback[fallback, on=[UNAVAILABLE, INVALID_REPLY], to=[b]]");
    }

    @Test
    void two_fallbacks_with_names_of_their_own_nest() {
        Fallback near = Fallback.builder()
                .then(Target.of(failing(new RateLimitException("B is down"))))
                .named("near")
                .build();
        Fallback far = Fallback.builder()
                .then(Target.of(replying("from C")))
                .named("far")
                .build();
        try (Scene scene = Scene.of(Way.CHAT, DOWN, far, near)) {
            assertThat(scene.pipeline()).hasToString("far(near(model))");
            assertThat(scene.ask("Hi").text()).isEqualTo("from C");
        }
    }

    @Test
    void the_model_that_is_wrapped_says_who_it_is() {
        try (FmPipeline pipeline =
                FmPipeline.builder().with(Fallback.to(replying("b"))).build()) {
            FmChatModel model = pipeline.wrap((ChatModel) replying("a"));
            assertThat(model).hasToString("fallback(ScriptedChatModel)");
        }
    }
}
