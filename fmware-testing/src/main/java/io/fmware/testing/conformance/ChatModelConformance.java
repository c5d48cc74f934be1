package io.fmware.testing.conformance;

import static io.fmware.testing.conformance.Rule.rule;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The rules for whatever wraps a {@link ChatModel} and is a {@code ChatModel} again.
 *
 * <pre>{@code
 * class MyDecoratorTest extends ChatModelConformance {
 *     @Override
 *     protected ChatModel decorate(ChatModel delegate) {
 *         return new MyDecorator(delegate);
 *     }
 * }
 * }</pre>
 *
 * <p>The decorator is to be set up so that it calls its delegate once per call and changes neither request nor response. A
 * rule that it does not mean to keep is left out by overriding the method that promises it.
 *
 * <p>Each test uses delegates of its own; the class has no state.
 *
 * <p>Long because each rule is one test, and the rules of a kind are read together.
 */
@Timeout(60)
public abstract class ChatModelConformance extends ChatConformance<ChatModel> {

    /** For subclasses. */
    protected ChatModelConformance() {}

    /** The listeners of the delegate are notified once of a call that succeeds. */
    @Test
    public void listenersOfTheDelegateAreNotifiedOncePerCall() {
        CountingListener listener = new CountingListener();
        decorate(listened(listener, Reply.text("yes"))).chat(request("hello"));
        rule("listeners of the delegate are notified once per call", ONCE)
                .expect(CountingListener.counts(1, 1, 0), listener.toString());
    }

    /** The listeners of the delegate are notified once of a call that fails. */
    @Test
    public void listenersOfTheDelegateAreNotifiedOncePerError() {
        CountingListener listener = new CountingListener();
        Rule rule = rule("listeners of the delegate are notified once per error", ONCE);
        ChatModel decorated = decorate(listened(listener, Reply.error(new RateLimitException("slow down"))));
        rule.thrownBy(() -> decorated.chat(request("hello")));
        rule.expect(CountingListener.counts(1, 0, 1), listener.toString());
    }

    /** The listeners of the delegate are notified once per call even below two layers of the decorator. */
    @Test
    public void listenersAreNotifiedOnceBelowTwoLayers() {
        CountingListener listener = new CountingListener();
        decorate(decorate(listened(listener, Reply.text("yes")))).chat(request("hello"));
        rule("listeners of the delegate are notified once per call below two layers", ONCE)
                .expect(CountingListener.counts(1, 1, 0), listener.toString());
    }

    /** The attributes of request options reach the listeners of the delegate. */
    @Test
    public void requestOptionsReachTheDelegate() {
        CountingListener listener = new CountingListener();
        ChatModel decorated = decorate(listened(listener, Reply.text("yes")));
        Rule rule = rule(
                "the attributes of ChatRequestOptions reach the listeners of the delegate",
                "tracing passes its parent span this way; doChat does not get the options, so override"
                        + " chat(ChatRequest, ChatRequestOptions) and call the same method of the delegate");
        rule.unharmed(() -> decorated.chat(request("hello"), options("key", "value")));
        rule.expect("value", listener.attributes().get("key"));
    }

    /** The form with options answers as the form without, with options or with null. */
    @Test
    public void theFormWithOptionsAnswersLikeTheFormWithout() {
        Rule rule = rule(
                "chat(request, options) answers like chat(request)",
                "AiServices and agents call this form; a wrapper that overrides only chat(ChatRequest) leaves it at"
                        + " \"Not implemented\"");
        ChatModel decorated = decorate(ScriptedChatModel.of(Script.always(Reply.text("yes"))));
        for (ChatRequestOptions options :
                new ChatRequestOptions[] {ChatRequestOptions.EMPTY, options("key", "value")}) {
            ChatResponse response = rule.unharmed(() -> decorated.chat(request("hello"), options));
            rule.expect("yes", response == null ? null : response.aiMessage().text());
        }
        rule("null options are no options", "langchain4j's own implementation allows them")
                .unharmed(() -> decorated.chat(request("hello"), null));
    }

    /** Every form of {@code chat} reaches the delegate once, with the same message. */
    @Test
    public void everyFormOfChatReachesTheDelegateOnce() {
        Rule rule = rule(
                "every form of chat reaches the delegate once with the messages given",
                "users and langchain4j itself use all five; each has a default that ends in chat(ChatRequest)");
        List<ChatMessage> messages = List.of(UserMessage.from("hello"));
        for (Form form : Form.values()) {
            ScriptedChatModel delegate = ScriptedChatModel.of(Script.always(Reply.text("yes")));
            ChatModel decorated = decorate(delegate);
            String answer = rule.unharmed(() -> form.call(decorated));
            rule.expect("yes", answer);
            rule.expect(1, delegate.requests().size());
            rule.expect(messages, delegate.requests().get(0).messages());
        }
    }

    /** No form of {@code chat} bypasses the decorator. */
    @Test
    public void noFormOfChatBypassesTheDecorator() {
        Rule rule = rule(
                "every form of chat passes through the decorator",
                "a convenience method that is forwarded as it is skips whatever the decorator is for");
        for (Form form : Form.values()) {
            ChatModel decorated = decorate(ScriptedChatModel.of(Script.always(Reply.text("yes"))));
            long before = interceptions(decorated);
            Assumptions.assumeTrue(before >= 0, "interceptions(...) is not overridden");
            rule.unharmed(() -> form.call(decorated));
            rule.expect(
                    interceptions(decorated) == before + 1,
                    form + " was counted " + (interceptions(decorated) - before) + " times");
        }
    }

    /** The default parameters of the delegate are merged into the request that it gets. */
    @Test
    public void defaultParametersOfTheDelegateApply() {
        ScriptedChatModel delegate = ScriptedChatModel.builder()
                .script(Script.always(Reply.text("yes")))
                .defaultRequestParameters(ChatRequestParameters.builder()
                        .modelName("default-model")
                        .temperature(0.1)
                        .build())
                .build();
        decorate(delegate).chat(request("hello").toBuilder().temperature(0.9).build());
        Rule rule = rule(
                "the delegate's default parameters apply, and the request's own win over them",
                "without the merge the model name is lost: call delegate.chat, or forward defaultRequestParameters()");
        rule.expect("default-model", delegate.requests().get(0).modelName());
        rule.expect(0.9, delegate.requests().get(0).temperature());
    }

    /** Parameters of a provider's own type survive, from the delegate's defaults and from the request. */
    @Test
    public void parametersOfTheProvidersOwnTypeSurvive() {
        Rule rule = rule(
                "parameters of a provider's own type reach the delegate in that type",
                "doChat of OpenAI and others casts them: unmerged ones end in a ClassCastException");
        AtomicReference<@Nullable Integer> seed = new AtomicReference<>();
        ScriptedChatModel delegate = ScriptedChatModel.builder()
                .script(Script.answering(request -> {
                    seed.set(TypedParameters.seedOf(request));
                    return Reply.text("yes");
                }))
                .defaultRequestParameters(TypedParameters.withSeed(7))
                .build();
        ChatModel decorated = decorate(delegate);
        rule.unharmed(() -> decorated.chat(request("hello")));
        rule.expect(7, seed.get());
        ChatRequest typed = ChatRequest.builder()
                .messages(UserMessage.from("hello"))
                .parameters(TypedParameters.withSeed(8))
                .build();
        rule.unharmed(() -> decorated.chat(typed));
        rule.expect(8, seed.get());
    }

    /** {@code defaultRequestParameters()} are those of the delegate. */
    @Test
    public void defaultRequestParametersAreForwarded() {
        Assumptions.assumeTrue(forwardsDefaultRequestParameters(), "not promised");
        ChatRequestParameters parameters = TypedParameters.withSeed(7);
        ChatModel delegate =
                ScriptedChatModel.builder().defaultRequestParameters(parameters).build();
        rule(
                        "defaultRequestParameters() are those of the delegate",
                        "AiServices reads them to decide on tools and response formats, and tracing to name the model")
                .expect(parameters, decorate(delegate).defaultRequestParameters());
    }

    /** {@code provider()} is that of the delegate. */
    @Test
    public void providerIsForwarded() {
        Assumptions.assumeTrue(forwardsProviderAndCapabilities(), "not promised");
        ChatModel delegate =
                ScriptedChatModel.builder().provider(ModelProvider.ANTHROPIC).build();
        rule("provider() is that of the delegate", "telemetry reports the provider as OTHER")
                .expect(ModelProvider.ANTHROPIC, decorate(delegate).provider());
    }

    /** {@code supportedCapabilities()} are those of the delegate. */
    @Test
    public void supportedCapabilitiesAreForwarded() {
        Assumptions.assumeTrue(forwardsProviderAndCapabilities(), "not promised");
        ChatModel delegate = ScriptedChatModel.builder()
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .build();
        rule(
                        "supportedCapabilities() are those of the delegate",
                        "AiServices falls back from a JSON schema to instructions in the prompt, without a word")
                .expect(
                        Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA),
                        decorate(delegate).supportedCapabilities());
    }

    /** Models work that override {@code chat(ChatRequest)} and nothing else. */
    @Test
    public void modelsThatOverrideOnlyChatWork() {
        Assumptions.assumeTrue(supportsLegacyModels(), "not promised");
        Rule rule = rule(
                "a delegate that overrides only chat(ChatRequest) works",
                "some shipped models do: their doChat says \"Not implemented\", so call delegate.chat(request) where"
                        + " there are no options");
        ChatModel decorated = decorate(new LegacyChatModel(Reply.text("yes").response()));
        for (Form form : Form.values()) {
            String answer = rule.unharmed(() -> form.call(decorated));
            rule.expect("yes", answer);
        }
    }

    /** A request of a subclass reaches, as it is, a delegate that overrides {@code chat(ChatRequest)}. */
    @Test
    public void requestsOfASubclassAreNotRebuilt() {
        Assumptions.assumeTrue(supportsLegacyModels() && keepsRequestSubclasses(), "not promised");
        LegacyChatModel delegate = new LegacyChatModel(Reply.text("yes").response());
        decorate(delegate).chat(new TypedRequest("hello"));
        rule(
                        "a ChatRequest of a subclass reaches a delegate that overrides chat(ChatRequest) as it is",
                        "the default chat method rebuilds requests and drops what the subclass adds")
                .expect(
                        TypedRequest.class.getSimpleName(),
                        delegate.requests().get(0).getClass().getSimpleName());
    }

    /** An exception of the delegate arrives as it is. */
    @Test
    public void exceptionsOfTheDelegateArriveUnchanged() {
        Rule rule = rule(
                "an exception of the delegate arrives as it is",
                "callers tell retriable from other errors by type: RateLimitException, TimeoutException and so on");
        for (RuntimeException error :
                List.of(new RateLimitException("slow down"), new IllegalArgumentException("bad input"))) {
            ChatModel decorated = decorate(ScriptedChatModel.of(Reply.error(error)));
            Throwable thrown = rule.thrownBy(() -> decorated.chat(request("hello")));
            rule.expect(thrown.getClass() == error.getClass(), "thrown was " + thrown + " instead of " + error);
        }
    }

    /** The request reaches the delegate as it was written. */
    @Test
    public void requestsReachTheDelegateAsWritten() {
        ChatRequest written = ChatRequest.builder()
                .messages(SystemMessage.from("be brief"), UserMessage.from("hello"))
                .parameters(DefaultChatRequestParameters.builder()
                        .stopSequences("END")
                        .maxOutputTokens(100)
                        .toolSpecifications(
                                ToolSpecification.builder().name("lookUp").build())
                        .build())
                .build();
        ScriptedChatModel delegate = ScriptedChatModel.replying("yes");
        decorate(delegate).chat(written);
        rule("messages and parameters reach the delegate as written", "whatever is dropped changes the answer")
                .expect(written, delegate.requests().get(0));
    }

    /** The response arrives as the delegate gave it, metadata included. */
    @Test
    public void responsesArriveUnchanged() {
        ChatResponse given = Reply.builder()
                .text("yes")
                .thinking("hm")
                .toolCall("lookUp", "{}")
                .usage(3, 5)
                .id("id-1")
                .modelName("model-1")
                .build()
                .response()
                .toBuilder()
                .metadata(new TypedMetadata())
                .build();
        ChatModel delegate = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return given;
            }
        };
        ChatResponse seen = decorate(delegate).chat(request("hello"));
        Rule rule = rule(
                "the response arrives with its thinking, tool calls and metadata",
                "usage, finish reason and the provider's own metadata are read by budgets, agents and telemetry");
        rule.expect(given.aiMessage(), seen.aiMessage());
        rule.expect(TypedMetadata.class, seen.metadata().getClass());
    }

    /** Answers of concurrent calls are not mixed up. */
    @Test
    public void concurrentCallsAreNotMixedUp() {
        Rule rule =
                rule("concurrent calls get their own answers", "a model is shared by all threads of an application");
        ChatModel decorated = decorate(ScriptedChatModel.of(Script.answering(
                request -> Reply.text("re: " + ((UserMessage) request.messages().get(0)).singleText()))));
        List<String> mixed = Collections.synchronizedList(new ArrayList<>());
        Threads.run(8, thread -> {
            for (int i = 0; i < 50; i++) {
                String question = thread + "/" + i;
                String answer = decorated.chat(question);
                if (!("re: " + question).equals(answer)) {
                    mixed.add(question + " got " + answer);
                }
            }
        });
        rule.expect(mixed.isEmpty(), String.join(", ", mixed));
    }

    private static ChatModel listened(CountingListener listener, Reply reply) {
        return ScriptedChatModel.builder()
                .script(Script.always(reply))
                .listeners(listener)
                .build();
    }

    /** The forms of {@code chat}. */
    private enum Form {
        REQUEST,
        REQUEST_AND_OPTIONS,
        TEXT,
        MESSAGES,
        LIST;

        String call(ChatModel model) {
            UserMessage message = UserMessage.from("hello");
            return switch (this) {
                case REQUEST -> model.chat(request("hello")).aiMessage().text();
                case REQUEST_AND_OPTIONS ->
                    model.chat(request("hello"), ChatRequestOptions.EMPTY)
                            .aiMessage()
                            .text();
                case TEXT -> model.chat("hello");
                case MESSAGES -> model.chat(message).aiMessage().text();
                case LIST ->
                    model.chat(List.<ChatMessage>of(message)).aiMessage().text();
            };
        }
    }

    /** Metadata of a provider's own type. */
    private static final class TypedMetadata extends ChatResponseMetadata {

        TypedMetadata() {
            super(ChatResponseMetadata.builder().id("id-1"));
        }
    }
}
