package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What langchain4j makes easy to get wrong in a model that wraps another. */
class WrappedModelTest {

    @Test
    void chat_and_streaming_are_two_adapters_since_one_class_for_both_does_not_compile_on_the_next_langchain4j() {
        assertThat(FmChatModel.class).isAssignableTo(ChatModel.class);
        assertThat(StreamingChatModel.class.isAssignableFrom(FmChatModel.class)).isFalse();
        assertThat(FmStreamingChatModel.class).isAssignableTo(StreamingChatModel.class);
        assertThat(ChatModel.class.isAssignableFrom(FmStreamingChatModel.class)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void the_answer_of_the_model_is_the_answer_of_the_call(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("a b c"))) {
            Outcome outcome = rig.call();

            assertThat(outcome.text()).isEqualTo("a b c");
            assertThat(outcome.events())
                    .isEqualTo(caller.isStream() ? List.of("text:a ", "text:b ", "text:c", "complete") : List.of());
        }
    }

    @ParameterizedTest
    @EnumSource
    void defaults_of_the_model_are_merged_once_and_the_request_is_seen_as_written(Caller caller) {
        ChatRequestParameters defaults = ChatRequestParameters.builder()
                .modelName("default-model")
                .temperature(0.1)
                .build();
        List<FmCall> seen = new ArrayList<>();
        try (Rig rig = Rig.of(
                caller,
                ScriptedChatModel.builder().script(Script.replying("yes")).defaultRequestParameters(defaults),
                ScriptedStreamingChatModel.builder()
                        .script(Script.replying("yes"))
                        .defaultRequestParameters(defaults),
                with((call, next) -> {
                    seen.add(call);
                    return next.proceed(call);
                }))) {
            rig.call(Rig.request("hello").toBuilder().temperature(0.9).build());

            assertThat(rig.requests().get(0).modelName()).isEqualTo("default-model");
            assertThat(rig.requests().get(0).temperature()).isEqualTo(0.9);
            FmCall call = seen.get(0);
            assertThat(call.request().modelName()).isNull();
            assertThat(call.effectiveRequest().modelName()).isEqualTo("default-model");
            assertThat(call.effectiveRequest().temperature()).isEqualTo(0.9);
            assertThat(call.effectiveRequest()).isSameAs(call.effectiveRequest());
        }
    }

    @Test
    void the_name_of_the_first_model_is_not_sent_to_another() {
        ScriptedChatModel other = ScriptedChatModel.builder()
                .script(Script.replying("yes"))
                .defaultRequestParameters(
                        ChatRequestParameters.builder().modelName("b").build())
                .build();
        List<FmCall> seen = new ArrayList<>();
        try (Rig rig = Rig.of(Caller.CHAT, Script.of(), (call, next) -> {
            FmCall turned = call.withTarget(Target.of(other).named("backup"));
            seen.add(turned);
            return next.proceed(turned);
        })) {
            rig.call(Rig.request("hello").toBuilder()
                    .modelName("a")
                    .temperature(0.3)
                    .build());

            assertThat(other.requests().get(0).modelName()).isEqualTo("b");
            assertThat(other.requests().get(0).temperature()).isEqualTo(0.3);
            assertThat(seen.get(0).target().name()).isEqualTo("backup");
        }
    }

    @ParameterizedTest
    @EnumSource
    void listeners_of_the_model_are_told_once_of_each_attempt(Caller caller) {
        Listener listener = new Listener();
        try (Rig rig = listened(
                caller,
                listener,
                Script.of(Reply.error(new RateLimitException("slow down")), Reply.text("yes")),
                retryingOnce())) {
            assertThat(rig.call().text()).isEqualTo("yes");

            assertThat(listener.told).containsExactly("request", "error", "request", "response");
        }
    }

    @ParameterizedTest
    @EnumSource
    void listeners_of_the_model_are_not_told_of_an_answer_that_needed_no_model(Caller caller) {
        Listener listener = new Listener();
        try (Rig rig = listened(
                caller,
                listener,
                Script.of(),
                (call, next) -> FmReply.of(Reply.text("known").response(), FmReply.Source.CACHE))) {
            Outcome outcome = rig.call();

            assertThat(outcome.text()).isEqualTo("known");
            assertThat(outcome.events()).isEqualTo(caller.isStream() ? List.of("text:known", "complete") : List.of());
            assertThat(listener.told).isEmpty();
            assertThat(rig.chatModel().listeners()).isEmpty();
            assertThat(rig.streamingModel().listeners()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void options_reach_the_model_without_what_was_meant_for_the_pipeline(Caller caller) {
        Listener listener = new Listener();
        try (Rig rig = listened(caller, listener, Script.replying("yes"), (call, next) -> next.proceed(call))) {
            ChatRequestOptions options = ChatRequestOptions.builder()
                    .addListenerAttribute("trace", "abc")
                    .build();
            rig.call(Rig.request("hello"), CallOptions.deadline(options, Duration.ofHours(1)));

            assertThat(listener.attributes).isEqualTo(Map.of("trace", "abc"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void options_that_an_interceptor_sets_reach_the_model(Caller caller) {
        Listener listener = new Listener();
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute("tenant", "t1")
                .build();
        try (Rig rig = listened(
                caller, listener, Script.replying("yes"), (call, next) -> next.proceed(call.withOptions(options)))) {
            rig.call();

            assertThat(listener.attributes).isEqualTo(Map.of("tenant", "t1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_overrides_only_the_form_without_options_works(Caller caller) {
        try (Rig rig = Rig.of(caller, new OldChatModel(), new OldStreamingChatModel(), UnaryOperator.identity())) {
            assertThat(rig.call().text()).isEqualTo("old");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_overrides_only_the_form_without_options_works_with_a_deadline_in_the_options(Caller caller) {
        try (Rig rig = Rig.of(caller, new OldChatModel(), new OldStreamingChatModel(), UnaryOperator.identity())) {
            assertThat(rig.call(Rig.request("hello"), CallOptions.deadline(Duration.ofMinutes(1)))
                            .text())
                    .isEqualTo("old");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_request_of_a_subclass_reaches_a_model_that_looks_at_it(Caller caller) {
        OldChatModel chat = new OldChatModel();
        OldStreamingChatModel stream = new OldStreamingChatModel();
        try (Rig rig = Rig.of(caller, chat, stream, with((call, next) -> next.proceed(call)))) {
            assertThat(rig.call(new OwnRequest()).text()).isEqualTo("old");

            assertThat(caller.isStream() ? stream.seen.get() : chat.seen.get()).isExactlyInstanceOf(OwnRequest.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void null_options_are_no_options(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("yes"))) {
            assertThat(rig.call(Rig.request("hello"), null).text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_exception_of_the_model_arrives_as_it_is_and_blames_no_interceptor(Caller caller) {
        RateLimitException error = new RateLimitException("slow down");
        try (Rig rig = Rig.of(
                caller,
                Script.of(Reply.error(error)),
                Interceptor.of("outer", Phase.ADMIT, (call, next) -> next.proceed(call)),
                Interceptor.of("inner", Phase.LIMIT, (call, next) -> next.proceed(call)))) {
            assertThat(rig.call().error()).isSameAs(error);
            assertThat(error.getSuppressed()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_checked_exception_of_a_stream_arrives_as_it_is(Caller caller) {
        Exception error = new java.io.IOException("connection reset");
        try (Rig rig = Rig.of(caller, Script.of(Reply.error(error)))) {
            assertThat(rig.call().error()).isSameAs(error);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_streaming_model_that_throws_instead_of_calling_back_ends_in_one_error(Caller caller) {
        RateLimitException error = new RateLimitException("slow down");
        Script script = Script.of(
                Reply.builder().error(error).quirks(Quirk.THROWS_FROM_CALL).build());
        try (Rig rig = Rig.of(caller, script)) {
            Outcome outcome = rig.call();

            assertThat(outcome.events()).containsExactly("error");
            assertThat(outcome.error()).isSameAs(error);
        }
    }

    @Test
    void every_form_of_chat_goes_through_the_chain_once() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Rig rig = Rig.of(Caller.CHAT, Script.always(Reply.text("yes")), (call, next) -> {
            seen.add("call");
            return next.proceed(call);
        })) {
            List<ChatMessage> messages = List.of(UserMessage.from("hello"));
            rig.chatModel().chat("hello");
            rig.chatModel().chat(UserMessage.from("hello"));
            rig.chatModel().chat(messages);
            rig.chatModel().chat(Rig.request("hello"));
            rig.chatModel().chat(Rig.request("hello"), ChatRequestOptions.EMPTY);
            rig.chatModel().doChat(Rig.request("hello"));
            rig.chatModel().chatAsync(Rig.request("hello")).join();
            rig.chatModel().doChatAsync(Rig.request("hello")).join();
            assertThat(seen).hasSize(8);

            for (int form = 0; form < 5; form++) {
                RecordingHandler handler = new RecordingHandler();
                switch (form) {
                    case 0 -> rig.streamingModel().chat("hello", handler);
                    case 1 -> rig.streamingModel().chat(messages, handler);
                    case 2 -> rig.streamingModel().chat(Rig.request("hello"), handler);
                    case 3 -> rig.streamingModel().chat(Rig.request("hello"), ChatRequestOptions.EMPTY, handler);
                    default -> rig.streamingModel().doChat(Rig.request("hello"), handler);
                }
                assertThat(handler.awaitEnd().text()).isEqualTo("yes");
            }
            assertThat(seen).hasSize(13);
            seen.forEach(each -> rig.expectAnotherCall());
        }
    }

    private static UnaryOperator<FmPipeline.Builder> with(Interceptor interceptor) {
        return builder -> builder.with(interceptor);
    }

    private static Rig listened(Caller caller, ChatModelListener listener, Script script, Interceptor interceptor) {
        return Rig.of(
                caller,
                ScriptedChatModel.builder().script(script).listeners(listener),
                ScriptedStreamingChatModel.builder().script(script).listeners(listener),
                with(interceptor));
    }

    private static Interceptor retryingOnce() {
        return (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException e) {
                return next.proceed(call.nextAttempt());
            }
        };
    }

    private static final class Listener implements ChatModelListener {
        final List<String> told = new CopyOnWriteArrayList<>();
        volatile Map<Object, Object> attributes = Map.of();

        @Override
        public void onRequest(ChatModelRequestContext context) {
            told.add("request");
            attributes = Map.copyOf(context.attributes());
        }

        @Override
        public void onResponse(ChatModelResponseContext context) {
            told.add("response");
        }

        @Override
        public void onError(ChatModelErrorContext context) {
            told.add("error");
        }
    }

    private static final class OwnRequest extends ChatRequest {
        OwnRequest() {
            super(ChatRequest.builder().messages(UserMessage.from("hello")));
        }
    }

    private static final class OldChatModel implements ChatModel {
        final AtomicReference<ChatRequest> seen = new AtomicReference<>();

        @Override
        public ChatResponse chat(ChatRequest request) {
            seen.set(request);
            return Reply.text("old").response();
        }
    }

    private static final class OldStreamingChatModel implements StreamingChatModel {
        final AtomicReference<ChatRequest> seen = new AtomicReference<>();

        @Override
        public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
            seen.set(request);
            handler.onPartialResponse("old");
            handler.onCompleteResponse(Reply.text("old").response());
        }
    }
}
