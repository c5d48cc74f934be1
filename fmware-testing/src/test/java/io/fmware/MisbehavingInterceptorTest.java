package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MisbehavingInterceptorTest {
    private static final String TYPE = "io.fmware.MisbehavingInterceptorTest$";

    @ParameterizedTest
    @EnumSource
    void one_that_returns_null_is_named_with_the_cure_and_the_one_above_it_is_not_blamed(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.of(), passing("above"), new Bad() {
            @Override
            public FmReply intercept(FmCall call, Chain next) {
                return null;
            }
        })) {
            Throwable error = rig.call().error(IllegalStateException.class);

            assertThat(error)
                    .hasMessage("interceptor 'bad' (" + TYPE
                            + "1) returned null; return the reply of next.proceed(call) or one made with FmReply.of");
            assertThat(error.getSuppressed()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_proceeds_with_null_is_named_with_the_cure(Caller caller) {
        try (Rig rig = Rig.of(
                caller,
                Script.replying("yes"),
                passing("above"),
                new Bad() {
                    @Override
                    public FmReply intercept(FmCall call, Chain next) {
                        return next.proceed(null);
                    }
                },
                passing("below"))) {
            Throwable error = rig.call().error(IllegalArgumentException.class);

            assertThat(error)
                    .hasMessage("interceptor 'bad' (" + TYPE
                            + "2) called proceed with null; hand on the call that it was given, or a copy");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_proceeds_with_null_to_the_model_is_named_too(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("yes"), new Bad() {
            @Override
            public FmReply intercept(FmCall call, Chain next) {
                return next.proceed(null);
            }
        })) {
            assertThat(rig.call().error(IllegalArgumentException.class))
                    .hasMessage("interceptor 'bad' (" + TYPE
                            + "3) called proceed with null; hand on the call that it was given, or a copy");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_proceeds_after_the_call_has_ended_is_named(Caller caller) {
        AtomicReference<FmCall> ended = new AtomicReference<>();
        AtomicReference<Thread> chainThread = new AtomicReference<>();
        Interceptor hoarder = Interceptor.of("hoarder", Phase.ADMIT, (call, next) -> {
            Thread before = chainThread.getAndSet(Thread.currentThread());
            FmCall old = ended.getAndSet(call);
            return next.proceed(before == Thread.currentThread() ? old : call);
        });
        try (Rig rig = Rig.of(caller, Script.always(Reply.text("yes")), hoarder)) {
            Outcome outcome = rig.call();
            for (int i = 0; i < 1000 && outcome.error() == null; i++) { // until a chain runs on the thread of the last
                rig.threads().awaitIdle();
                outcome = rig.call();
            }
            assertThat(outcome.error(IllegalStateException.class))
                    .hasMessageMatching("interceptor 'hoarder' \\(.*\\) called proceed after the call had ended;"
                            + " proceed only until intercept returns");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_proceeds_on_a_foreign_thread_is_named_and_told_of_fork(Caller caller) {
        AtomicReference<String> chainThread = new AtomicReference<>();
        Interceptor foreign = Interceptor.of("foreign", Phase.HEDGE, (call, next) -> {
            chainThread.set(Thread.currentThread().getName());
            try {
                return CompletableFuture.supplyAsync(() -> next.proceed(call), run -> {
                            Thread thread = new Thread(run, "somewhere-else");
                            thread.start();
                        })
                        .join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        });
        try (Rig rig = Rig.of(caller, Script.of(), foreign)) {
            assertThat(rig.call().error(IllegalStateException.class))
                    .hasMessageMatching(
                            "interceptor 'foreign' \\(.*\\) called proceed on thread somewhere-else, but the"
                                    + " chain runs on " + chainThread.get()
                                    + "; fork the call there and hand the fork to this thread: call\\.fork\\(sink\\)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_one_throws_arrives_as_it_is_with_a_note_of_who_threw_it(Caller caller) {
        IllegalStateException error = new IllegalStateException("index out of date");
        try (Rig rig = Rig.of(caller, Script.of(), passing("above"), new Bad() {
            @Override
            public FmReply intercept(FmCall call, Chain next) {
                throw error;
            }
        })) {
            assertThat(rig.call().error()).isSameAs(error);
            assertThat(error.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("thrown by interceptor 'bad' (" + TYPE + "4)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_one_throws_in_place_of_an_error_of_the_model_is_noted_as_its_own(Caller caller) {
        RateLimitException cause = new RateLimitException("slow down");
        try (Rig rig = Rig.of(caller, Script.of(Reply.error(cause)), passing("above"), new Bad() {
            @Override
            public FmReply intercept(FmCall call, Chain next) {
                try {
                    return next.proceed(call);
                } catch (RateLimitException e) {
                    throw new IllegalStateException("gave up", e);
                }
            }
        })) {
            Throwable error = rig.call().error(IllegalStateException.class);

            assertThat(error).hasCause(cause);
            assertThat(cause.getSuppressed()).isEmpty();
            assertThat(error.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("thrown by interceptor 'bad' (" + TYPE + "5)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_error_of_an_earlier_attempt_is_not_blamed_on_the_one_that_rethrows_it(Caller caller) {
        RateLimitException first = new RateLimitException("slow down");
        RateLimitException last = new RateLimitException("slower");
        Interceptor firstFailure = Interceptor.of("firstFailure", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException e) {
                try {
                    return next.proceed(call.nextAttempt());
                } catch (RateLimitException again) {
                    throw e;
                }
            }
        });
        try (Rig rig = Rig.of(caller, Script.of(Reply.error(first), Reply.error(last)), firstFailure)) {
            assertThat(rig.call().error()).isSameAs(first);
            assertThat(first.getSuppressed()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_error_of_a_fork_is_not_blamed_on_the_one_that_forked(Caller caller) {
        RateLimitException error = new RateLimitException("slow down");
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            FmCall fork = call.fork(TokenSink.none());
            try {
                return CompletableFuture.supplyAsync(() -> next.proceed(fork), run -> new Thread(run).start())
                        .join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        });
        try (Rig rig = Rig.of(caller, Script.of(Reply.error(error)), passing("above"), forking)) {
            assertThat(rig.call().error()).isSameAs(error);
            assertThat(error.getSuppressed()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_exception_kept_in_a_constant_does_not_collect_a_note_on_every_call(Caller caller) {
        IllegalStateException constant = new IllegalStateException("always this one");
        try (Rig rig = Rig.of(caller, Script.of(), Interceptor.of("refusing", Phase.ADMIT, (call, next) -> {
            throw constant;
        }))) {
            for (int i = 0; i < 3; i++) {
                assertThat(rig.call().error()).isSameAs(constant);
            }
            assertThat(constant.getSuppressed()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_fmware_itself_throws_needs_no_note(Caller caller) {
        RejectedException error = new RejectedException("piiGuard", "a credit card number");
        try (Rig rig = Rig.of(caller, Script.of(), Interceptor.of("guard", Phase.ADMIT, (call, next) -> {
            throw error;
        }))) {
            assertThat(rig.call().error()).isSameAs(error).hasMessage("rejected by piiGuard: a credit card number");
            assertThat(error.getSuppressed()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_answers_a_chat_call_with_embeddings_fails_the_call(Caller caller) {
        EmbeddingResponse embeddings =
                EmbeddingResponse.builder().embeddings(List.of()).build();
        try (Rig rig = Rig.of(
                caller,
                Script.of(),
                Interceptor.of(
                        "confused", Phase.CACHE, (call, next) -> FmReply.of(embeddings, FmReply.Source.CACHE)))) {
            assertThat(rig.call().error(IllegalStateException.class))
                    .hasMessage(
                            "an interceptor answered a call for CHAT with a reply for EMBEDDINGS; return the reply of"
                                    + " next.proceed(call) or one made with the other FmReply.of");
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls().get(0).error())
                    .as("what the metrics were told")
                    .isExactlyInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_asks_is_told_the_mode_and_the_operation(Caller caller) {
        List<FmCall> calls = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        Interceptor looking = Interceptor.of("looking", Phase.ADMIT, (call, next) -> {
            calls.add(call);
            shown.add(call.toString());
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(
                caller,
                Script.replying("yes"),
                b -> b.time(ManualClock.create()).with(looking))) {
            assertThat(rig.call().text()).isEqualTo("yes");

            Mode mode = caller.isStream() ? Mode.STREAMING : caller == Caller.ASYNC ? Mode.ASYNC : Mode.BLOCKING;
            assertThat(calls.get(0).mode()).isEqualTo(mode);
            assertThat(calls.get(0).operation()).isEqualTo(Operation.CHAT);
            assertThat(shown)
                    .containsExactly("FmCall[CHAT to " + rig.modelName() + ", " + mode + ", attempt=1, deadline="
                            + (caller == Caller.CHAT_WITH_A_DEADLINE ? "in 3600 s]" : "none]"));
        }
    }

    private static Interceptor passing(String name) {
        return Interceptor.of(name, Phase.ADMIT, (call, next) -> next.proceed(call));
    }

    private abstract static class Bad implements Interceptor {
        @Override
        public String name() {
            return "bad";
        }
    }
}
