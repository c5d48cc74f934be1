package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScriptedChatModelTest {

    @Test
    void gives_replies_in_order() {
        ScriptedChatModel model = ScriptedChatModel.replying("first", "second");
        assertThat(model.chat("one")).isEqualTo("first");
        assertThat(model.chat("two")).isEqualTo("second");
    }

    @Test
    void says_which_call_has_no_reply_and_what_to_do() {
        ScriptedChatModel model = ScriptedChatModel.replying("only");
        model.chat("one");
        assertThatThrownBy(() -> model.chat("two"))
                .isInstanceOf(ScriptExhaustedException.class)
                .hasMessage("call 2 of ScriptedChatModel has no reply in Script[1 in order, 0 by condition]: add a"
                        + " reply(...) for it, a when(...) that its request meets, or otherwise(...). It asked:"
                        + " \"two\"");
    }

    @Test
    void conditions_win_over_the_order_and_do_not_use_it_up() {
        ScriptedChatModel model = ScriptedChatModel.of(Script.builder()
                .when("refund", Reply.text("by condition"))
                .when(request -> request.temperature() != null, Reply.text("by parameter"))
                .reply("first")
                .otherwise(Reply.text("otherwise"))
                .build());
        assertThat(model.chat("a refund, please")).isEqualTo("by condition");
        assertThat(model.chat("hello")).isEqualTo("first");
        assertThat(model.chat(ChatRequest.builder()
                                .messages(UserMessage.from("hello"))
                                .temperature(0.5)
                                .build())
                        .aiMessage()
                        .text())
                .isEqualTo("by parameter");
        assertThat(model.chat("hello")).isEqualTo("otherwise");
        assertThat(model.chat("another refund")).isEqualTo("by condition");
    }

    @Test
    void calculates_replies_from_the_request() {
        ScriptedChatModel model = ScriptedChatModel.of(Script.answering(
                request -> Reply.text("messages: " + request.messages().size())));
        assertThat(model.chat("hello")).isEqualTo("messages: 1");
    }

    @Test
    void gives_thinking_tool_calls_usage_and_finish_reason() {
        ChatResponse response = ScriptedChatModel.of(Reply.builder()
                        .text("text")
                        .thinking("thinking")
                        .toolCall("lookUp", "{\"key\":1}")
                        .usage(10, 20)
                        .id("id-1")
                        .modelName("model-1")
                        .build())
                .chat(UserMessage.from("hello"));
        assertThat(response.aiMessage().text()).isEqualTo("text");
        assertThat(response.aiMessage().thinking()).isEqualTo("thinking");
        assertThat(response.aiMessage().toolExecutionRequests())
                .extracting(call -> call.id() + call.name() + call.arguments())
                .containsExactly("call-1lookUp{\"key\":1}");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(10, 20));
        assertThat(response.id()).isEqualTo("id-1");
        assertThat(response.modelName()).isEqualTo("model-1");
    }

    @Test
    void throws_any_throwable_as_it_is() {
        RateLimitException unchecked = new RateLimitException("slow down");
        IOException checked = new IOException("broken pipe");
        LinkageError fatal = new LinkageError("no class");
        ScriptedChatModel model =
                ScriptedChatModel.of(Reply.error(unchecked), Reply.error(checked), Reply.error(fatal));
        assertThatThrownBy(() -> model.chat("hello")).isSameAs(unchecked);
        assertThatThrownBy(() -> model.chat("hello")).isSameAs(checked);
        assertThatThrownBy(() -> model.chat("hello")).isSameAs(fatal);
    }

    @Test
    void keeps_the_messages_of_a_request_as_they_were_on_arrival() {
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from("before")));
        ScriptedChatModel model = ScriptedChatModel.replying("yes");
        model.chat(messages);
        messages.set(0, UserMessage.from("after"));
        assertThat(model.requests().get(0).messages()).containsExactly(UserMessage.from("before"));
    }

    @Test
    void merges_its_defaults_and_shows_options_to_its_listeners() {
        AtomicReference<Object> attribute = new AtomicReference<>();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .script(Script.replying("yes"))
                .defaultRequestParameters(
                        ChatRequestParameters.builder().modelName("default").build())
                .provider(ModelProvider.OLLAMA)
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .listeners(new ChatModelListener() {
                    @Override
                    public void onRequest(ChatModelRequestContext context) {
                        attribute.set(context.attributes().get("key"));
                    }
                })
                .build();
        model.chat(
                ChatRequest.builder().messages(UserMessage.from("hello")).build(),
                ChatRequestOptions.builder()
                        .addListenerAttribute("key", "value")
                        .build());
        assertThat(model.requests().get(0).modelName()).isEqualTo("default");
        assertThat(attribute).hasValue("value");
        assertThat(model.provider()).isEqualTo(ModelProvider.OLLAMA);
        assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    @Test
    void takes_the_time_of_the_whole_stream_by_its_clock() throws Exception {
        ManualClock clock = ManualClock.create();
        Reply slow = Reply.builder()
                .text("one two three")
                .firstDelay(Duration.ofSeconds(2))
                .chunkDelay(Duration.ofSeconds(1))
                .build();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .script(Script.of(slow))
                .timeSource(clock)
                .build();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> model.chat("hello"));
        clock.awaitTimers(1);
        clock.advance(Duration.ofSeconds(2));
        clock.awaitTimers(1);
        clock.advance(Duration.ofMillis(1999));
        assertThat(answer).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("one two three");
    }

    @Test
    void a_blocked_call_ends_by_an_interrupt() throws Exception {
        ScriptedChatModel model =
                ScriptedChatModel.of(Reply.builder().quirks(Quirk.BLOCKS).build());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                model.chat("hello");
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        caller.start();
        model.awaitRequests(1);
        caller.interrupt();
        caller.join(10_000);
        assertThat(thrown.get()).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void a_call_that_ignores_interrupts_ends_when_the_model_is_released() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Reply.builder()
                .text("at last")
                .quirks(Quirk.BLOCKS_UNINTERRUPTIBLY)
                .build());
        AtomicReference<String> answer = new AtomicReference<>();
        Thread caller = new Thread(() -> answer.set(model.chat("hello")));
        caller.start();
        model.awaitRequests(1);
        caller.interrupt();
        model.release();
        caller.join(10_000);
        assertThat(answer).hasValue("at last");
    }

    @Test
    void a_reply_that_never_comes_and_a_stall_end_when_the_model_is_released() throws Exception {
        ManualClock clock = ManualClock.create();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .script(Script.of(
                        Reply.never(), Reply.builder().text("a b").stallAfter(1).build()))
                .timeSource(clock)
                .build();
        CompletableFuture<ChatResponse> never =
                CompletableFuture.supplyAsync(() -> model.chat(UserMessage.from("hello")));
        clock.awaitWaiters(1);
        CompletableFuture<String> stalled = CompletableFuture.supplyAsync(() -> model.chat("hello"));
        clock.awaitWaiters(2);
        assertThat(never).isNotDone();
        assertThat(stalled).isNotDone();
        model.release();
        assertThat(stalled.get(10, TimeUnit.SECONDS)).isEqualTo("a b");
        assertThat(never.get(10, TimeUnit.SECONDS).aiMessage().text()).isNull();
    }

    @Test
    void a_truncated_reply_has_neither_usage_nor_finish_reason() {
        ChatResponse response = ScriptedChatModel.of(Reply.builder()
                        .text("one two three")
                        .usage(1, 3)
                        .truncateAfter(2)
                        .build())
                .chat(UserMessage.from("hello"));
        assertThat(response.aiMessage().text()).isEqualTo("one two ");
        assertThat(response.tokenUsage()).isNull();
        assertThat(response.finishReason()).isNull();
    }

    @Test
    void a_null_response_is_null() {
        ScriptedChatModel model =
                ScriptedChatModel.of(Reply.builder().quirks(Quirk.NULL_RESPONSE).build());
        assertThat(model.chat(UserMessage.from("hello"))).isNull();
    }

    @Test
    void a_negative_number_of_chunks_is_refused() {
        assertThatThrownBy(() -> Reply.builder().stallAfter(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a number of chunks is not negative: -1");
        assertThatThrownBy(() -> Reply.builder().chunkSize(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chunkSize must be at least 1, was 0");
    }
}
