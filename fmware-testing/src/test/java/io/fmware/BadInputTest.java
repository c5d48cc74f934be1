package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BadInputTest {

    @ParameterizedTest
    @EnumSource
    void a_null_request_is_refused_on_the_thread_of_the_caller(Caller caller) {
        refused(caller, null, 100, "the chat request is null; build one with ChatRequest.builder()");
    }

    @ParameterizedTest
    @EnumSource
    void a_null_message_is_refused_with_its_place(Caller caller) {
        ChatRequest request = ChatRequest.builder()
                .messages(new ArrayList<>(Arrays.asList(UserMessage.from("hello"), null)))
                .build();

        refused(caller, request, 100, "message 1 of the chat request is null; leave it out");
    }

    @ParameterizedTest
    @EnumSource
    void an_oversized_request_is_refused_before_anything_is_done_for_it(Caller caller) {
        refused(
                caller,
                Rig.request("x".repeat(101)),
                100,
                "the chat request has 101 characters, but this pipeline takes 100 at most; shorten it, or raise"
                        + " FmPipeline.builder().maxRequestCharacters(..)");
    }

    private static void refused(Caller caller, ChatRequest request, long most, String message) {
        try (Rig rig = Rig.of(caller, Script.of(), b -> b.maxRequestCharacters(most))) {
            ThrowingCallable call = () -> {
                switch (caller) {
                    case CHAT -> rig.chatModel().chat(request);
                    case CHAT_WITH_A_DEADLINE -> rig.chatModel().chat(request, ChatRequestOptions.EMPTY);
                    case ASYNC -> assertThat(rig.chatModel().chatAsync(request)).isNull();
                    case STREAM -> rig.streamingModel().chat(request, new RecordingHandler());
                    case STREAM_FROM_A_THREAD_OF_THE_MODEL ->
                        rig.streamingModel().stream(request, new RecordingHandler());
                }
            };
            assertThatThrownBy(call)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void the_size_of_a_request_counts_text_and_inline_images_of_all_kinds_of_messages() {
        ChatRequest request = ChatRequest.builder()
                .messages(
                        SystemMessage.from("12"),
                        UserMessage.from(
                                TextContent.from("345"),
                                ImageContent.from(Image.builder()
                                        .base64Data("6789")
                                        .mimeType("image/png")
                                        .build())),
                        AiMessage.from("0"),
                        ToolExecutionResultMessage.from("id", "tool", "12345"))
                .build();
        try (Rig rig = Rig.of(Caller.CHAT, Script.replying("yes"), b -> b.maxRequestCharacters(15))) {
            assertThat(rig.call(request).text()).isEqualTo("yes");
        }
        refused(
                Caller.CHAT,
                request,
                14,
                "the chat request has 15 characters, but this pipeline takes 14 at most; shorten it, or raise"
                        + " FmPipeline.builder().maxRequestCharacters(..)");
    }

    @Test
    void a_null_handler_is_refused() {
        try (Rig rig = Rig.of(Caller.STREAM, Script.of())) {
            assertThatThrownBy(() -> rig.streamingModel().stream(Rig.request("hello"), null))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the handler of the stream is null; give one that takes the answer");
            assertThatThrownBy(() -> rig.streamingModel().chat(Rig.request("hello"), null))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the handler of the stream is null; give one that takes the answer");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void messages_are_copied_before_the_call_leaves_the_thread_of_the_caller(Caller caller) throws Exception {
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from("as asked")));
        CountDownLatch changed = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        Interceptor waiting = Interceptor.of("waiting", Phase.ADMIT, (call, next) -> {
            arrived.countDown();
            await(changed);
            return next.proceed(call);
        });
        Script script = Script.answering(
                request -> Reply.text(((UserMessage) request.messages().get(0)).singleText()
                        + request.messages().size()));
        try (Rig rig = Rig.of(caller, script, waiting)) {
            Rig.Running running = rig.start(
                    ChatRequest.builder().messages(messages).build(), ChatRequestOptions.EMPTY, new RecordingHandler());
            await(arrived);
            messages.set(0, UserMessage.from("changed"));
            messages.add(UserMessage.from("and added"));
            changed.countDown();

            assertThat(running.await().text()).isEqualTo("as asked1");
        }
    }

    @Test
    void a_model_that_was_abandoned_at_the_deadline_still_sees_the_messages_as_they_were() throws Exception {
        ManualClock clock = ManualClock.create();
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from("as asked")));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(1);
        CompletableFuture<List<ChatMessage>> seen = new CompletableFuture<>();
        ChatModel slow = new ChatModel() {
            @Override
            public ChatResponse chat(ChatRequest request) {
                asked.countDown();
                awaitUninterruptibly(changed);
                seen.complete(List.copyOf(request.messages()));
                return Reply.text("too late").response();
            }
        };
        try (Rig rig = Rig.of(
                Caller.CHAT,
                slow,
                ScriptedStreamingChatModel.replying(),
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))))) {
            Rig.Running running = rig.start(
                    ChatRequest.builder().messages(messages).build(), ChatRequestOptions.EMPTY, new RecordingHandler());
            await(asked);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(1));
            running.await().error(DeadlineExceededException.class);
            messages.set(0, UserMessage.from("changed"));
            changed.countDown();

            assertThat(seen.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS)).containsExactly(UserMessage.from("as asked"));
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Rig.BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_call_refuses_null_in_its_parts_with_the_name_of_the_part() {
        List<String> messages = new ArrayList<>();
        Interceptor asking = Interceptor.of("asking", Phase.ADMIT, (call, next) -> {
            messages.add(message(() -> call.withRequest(null)));
            messages.add(message(() -> call.withOptions(null)));
            messages.add(message(() -> call.withSink(null)));
            messages.add(message(() -> call.withTarget(null)));
            messages.add(message(() -> call.withDeadline((Duration) null)));
            messages.add(message(() -> call.fork(null)));
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(Caller.CHAT, Script.replying("yes"), asking)) {
            rig.call();
        }
        assertThat(messages).containsExactly("request", "options", "sink", "target", "allowed", "sink");
    }

    private static String message(Runnable action) {
        try {
            action.run();
            return "nothing";
        } catch (NullPointerException e) {
            return e.getMessage();
        }
    }

    @Test
    void a_chat_call_has_no_embedding_request() {
        List<String> messages = new ArrayList<>();
        Interceptor asking = Interceptor.of("asking", Phase.ADMIT, (call, next) -> {
            try {
                call.embeddingRequest();
            } catch (IllegalStateException e) {
                messages.add(e.getMessage());
            }
            FmReply reply = next.proceed(call);
            try {
                reply.embeddings();
            } catch (IllegalStateException e) {
                messages.add(e.getMessage());
            }
            return reply;
        });
        try (Rig rig = Rig.of(Caller.CHAT, Script.replying("yes"), asking)) {
            rig.call();
        }
        assertThat(messages)
                .containsExactly(
                        "this is a chat call; read request()", "this is the reply to a chat call; read response()");
    }

    @Test
    void neither_call_nor_reply_shows_its_text_to_a_log() {
        List<String> shown = new ArrayList<>();
        Interceptor showing = Interceptor.of("showing", Phase.ADMIT, (call, next) -> {
            shown.add(call.toString());
            FmReply reply = next.proceed(call);
            shown.add(reply.toString());
            return reply;
        });
        try (Rig rig = Rig.of(Caller.CHAT, Script.replying("the secret answer"), showing)) {
            rig.call(Rig.request("a secret question"));
        }
        assertThat(shown)
                .containsExactly(
                        "FmCall[CHAT to ScriptedChatModel, BLOCKING, attempt=1, deadline=none]",
                        "FmReply[CHAT from MODEL, attempts=1, usage=null]");
    }
}
