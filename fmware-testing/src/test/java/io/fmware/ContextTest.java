package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

class ContextTest {
    private static final ContextKey<String> TRACE = ContextKey.named("trace");
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private Runnable putMdcBack;

    @BeforeEach
    void useAnMdcThatNoThreadInherits() {
        putMdcBack = ThreadBoundMdc.install();
    }

    @AfterEach
    void putMdcBack() {
        MDC.clear();
        putMdcBack.run();
    }

    /** Notes a value at every place where code of the user may look at it. */
    private Rig looking(Caller caller, Supplier<String> value, UnaryOperator<FmPipeline.Builder> setUp) {
        ChatModel chat = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                seen.add("model: " + value.get());
                return Reply.text("a b").response();
            }
        };
        StreamingChatModel stream = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                seen.add("model: " + value.get());
                Runnable delivery = () -> {
                    handler.onPartialResponse("a ");
                    handler.onPartialResponse("b");
                    handler.onCompleteResponse(Reply.text("a b").response());
                    seen.add("thread of the model: " + value.get());
                };
                if (caller == Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL) {
                    new Thread(delivery, "delivery").start();
                } else {
                    delivery.run();
                }
            }
        };
        Interceptor interceptor = Interceptor.of("looking", Phase.ADMIT, (call, next) -> {
            seen.add("chain: " + value.get());
            return next.proceed(call);
        });
        return Rig.of(caller, chat, stream, b -> setUp.apply(b).with(interceptor));
    }

    private void call(Rig rig, Supplier<String> value) {
        RecordingHandler handler = new RecordingHandler()
                .onText((text, handle) -> seen.add("piece: " + value.get()))
                .onComplete(response -> seen.add("end: " + value.get()));
        rig.start(handler).await();
        rig.threads().awaitIdle();
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"})
    void the_mdc_of_the_caller_is_on_the_thread_of_the_chain_of_the_model_and_of_the_end(Caller caller) {
        Supplier<String> user = () -> MDC.get("user");
        try (Rig rig = looking(caller, user, UnaryOperator.identity())) {
            MDC.put("user", "u1");
            call(rig, user);
            assertThat(MDC.get("user")).isEqualTo("u1");
        }
        assertThat(seen).contains("chain: u1", "model: u1").allMatch(each -> each.endsWith(": u1"));
        assertThat(seen).hasSize(caller.isStream() ? 6 : 2);
    }

    @Test
    void the_mdc_is_on_the_thread_of_the_model_that_a_deadline_may_abandon() {
        Supplier<String> user = () -> MDC.get("user");
        try (Rig rig = looking(Caller.CHAT_WITH_A_DEADLINE, user, UnaryOperator.identity())) {
            MDC.put("user", "u1");
            rig.call();
            rig.threads().awaitIdle();
        }
        assertThat(seen).containsExactly("chain: u1", "model: u1");
    }

    @Test
    void the_mdc_is_around_each_piece_from_a_thread_of_the_model_only_where_that_was_asked_for() {
        Supplier<String> user = () -> MDC.get("user");
        try (Rig rig = looking(Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL, user, UnaryOperator.identity())) {
            MDC.put("user", "u1");
            call(rig, user);
        }
        assertThat(seen).contains("end: u1", "piece: null").doesNotContain("piece: u1");

        seen.clear();
        try (Rig rig = looking(
                Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL, user, b -> b.carry(ContextCarrier.mdcForEachEvent()))) {
            call(rig, user);
        }
        assertThat(seen).contains("end: u1", "piece: u1").doesNotContain("piece: null");
    }

    @Test
    void a_carrier_that_wants_each_piece_does_not_bring_the_mdc_along() {
        Supplier<String> both = () -> MDC.get("user") + " " + Context.current().get(TRACE);
        try (Rig rig = looking(
                        Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL,
                        both,
                        b -> b.carry(ContextCarrier.of(Context::current, Context::makeCurrent)));
                Scope scope = Context.current().with(TRACE, "t1").makeCurrent()) {
            assertThat(scope).isNotNull();
            MDC.put("user", "u1");
            call(rig, both);
        }
        assertThat(seen).contains("chain: u1 t1", "piece: null t1", "end: u1 t1");
    }

    @Test
    void what_a_thread_had_before_is_put_back() {
        Supplier<String> user = () -> MDC.get("user");
        List<String> after = new CopyOnWriteArrayList<>();
        try (Rig rig = looking(
                Caller.STREAM,
                user,
                b -> b.executor(task -> new Thread(() -> {
                            MDC.put("user", "of the pool");
                            task.run();
                            after.add(MDC.get("user"));
                        })
                        .start()))) {
            MDC.put("user", "u1");
            call(rig, user);
            Awaitility.await().until(() -> after.size() == 2);
        }
        assertThat(after).containsExactly("of the pool", "of the pool");
    }

    @Test
    void a_caller_without_mdc_does_not_get_that_of_the_last_caller() {
        Supplier<String> user = () -> MDC.get("user");
        try (Rig rig = looking(Caller.ASYNC, user, UnaryOperator.identity())) {
            MDC.put("user", "u1");
            call(rig, user);
            MDC.clear();
            seen.clear();
            call(rig, user);
        }
        assertThat(seen).containsExactly("chain: null", "model: null");
    }

    @ParameterizedTest
    @EnumSource
    void a_trace_is_seen_everywhere_on_every_piece_and_left_on_no_thread(Caller caller) {
        Supplier<String> trace = () -> Context.current().get(TRACE);
        try (Rig rig = looking(caller, trace, b -> b.carry(ContextCarrier.of(Context::current, Context::makeCurrent)));
                Scope scope = Context.current().with(TRACE, "t1").makeCurrent()) {
            assertThat(scope).isNotNull();
            if (caller.isCancellable()) {
                call(rig, trace);
            } else {
                rig.call();
            }
            List<String> within = seen.stream()
                    .filter(each -> !each.startsWith("thread of the model"))
                    .toList();
            assertThat(within).contains("chain: t1", "model: t1").allMatch(each -> each.endsWith(": t1"));
            if (caller.isStream()) {
                assertThat(within)
                        .containsOnlyOnce("end: t1")
                        .filteredOn("piece: t1"::equals)
                        .hasSize(2);
            }
            if (caller == Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL) {
                Awaitility.await().until(() -> seen.contains("thread of the model: null"));
            }
        }
        assertThat(trace.get()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void the_context_that_an_interceptor_set_is_seen_by_the_model_and_on_each_piece(Caller caller) {
        Supplier<String> trace = () -> Context.current().get(TRACE);
        Interceptor tracing = Interceptor.of("tracing", Phase.DEADLINE, (call, next) -> {
            try (Scope scope = Context.current().with(TRACE, "attempt").makeCurrent()) {
                assertThat(scope).isNotNull();
                return next.proceed(call);
            }
        });
        try (Rig rig = looking(
                caller,
                trace,
                b -> b.carry(ContextCarrier.of(Context::current, Context::makeCurrent))
                        .with(tracing))) {
            if (caller.isCancellable()) {
                call(rig, trace);
            } else {
                rig.call();
            }
        }
        assertThat(seen).contains("model: attempt");
        if (caller.isStream()) {
            assertThat(seen).contains("piece: attempt", "end: null");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_carrier_that_throws_is_left_out_and_the_call_goes_on(Caller caller) {
        ContextCarrier capturing = new Throwing() {
            @Override
            public Object capture() {
                throw new IllegalStateException("in capture");
            }
        };
        ContextCarrier restoring = new Throwing() {
            @Override
            public AutoCloseable restore(Object context) {
                throw new NoClassDefFoundError("in restore");
            }
        };
        ContextCarrier closing = new Throwing() {
            @Override
            public AutoCloseable restore(Object context) {
                return () -> {
                    throw new IOException("in close");
                };
            }
        };
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.text("a b")),
                b -> b.carry(capturing).carry(restoring).carry(closing))) {
            for (int i = 0; i < 2; i++) {
                assertThat(rig.call().text()).isEqualTo("a b");
            }
        }
    }

    /** A carrier of which a subclass breaks one part. */
    private abstract static class Throwing implements ContextCarrier {
        @Override
        public Object capture() {
            return "context";
        }

        @Override
        public AutoCloseable restore(Object context) {
            return () -> {};
        }
    }

    @Test
    void context_is_carried_to_a_second_attempt_as_to_the_first() {
        Supplier<String> user = () -> MDC.get("user");
        Interceptor twice = Interceptor.of("twice", Phase.RETRY, (call, next) -> {
            next.proceed(call);
            return next.proceed(call.nextAttempt());
        });
        ScriptedChatModel plain = ScriptedChatModel.of(Script.answering(request -> {
            seen.add("attempt: " + user.get());
            return Reply.text("yes");
        }));
        try (Rig rig = Rig.of(Caller.ASYNC, plain, ScriptedStreamingChatModel.replying(), b -> b.with(twice))) {
            MDC.put("user", "u1");
            assertThat(rig.call().text()).isEqualTo("yes");
        }
        assertThat(seen).containsExactly("attempt: u1", "attempt: u1");
    }
}
