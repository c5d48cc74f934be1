package io.fmware.testing.conformance;

import static io.fmware.testing.conformance.Rule.rule;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
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
 * The rules for whatever wraps a {@link StreamingChatModel} and is a {@code StreamingChatModel} again; see
 * {@link ChatModelConformance} for how to use the kit.
 *
 * <p>Some rules ask for more than langchain4j's own {@code chat} does: one terminal event even if the delegate or the
 * handler misbehaves, an end for cancelled streams, a copy of the messages. Without them permits and spans leak and
 * answers are counted twice; a decorator that forwards callbacks as they come may say that it does not promise them.
 *
 * <p>Handlers may be called on any thread. Each test uses delegates of its own; the class has no state.
 *
 * <p>Long because each rule is one test, and the rules of a kind are read together.
 */
@Timeout(60)
public abstract class StreamingChatModelConformance extends ChatConformance<StreamingChatModel> {

    private static final String LATCH =
            "whoever counts, bills or releases a permit at the end does it twice, or goes on"
                    + " writing to a closed connection: let the first terminal event through and nothing after it";

    /** For subclasses. */
    protected StreamingChatModelConformance() {}

    /**
     * How long to wait, in real time, for what a decorator does on a thread of its own.
     *
     * @return 2 s unless overridden
     */
    protected Duration patience() {
        return Duration.ofSeconds(2);
    }

    /**
     * Whether a stream gives exactly one terminal event and nothing after it, whatever the delegate and the handler do.
     *
     * @return true unless overridden
     */
    protected boolean latchesTheTerminalEvent() {
        return true;
    }

    /**
     * Whether a cancelled stream ends with a terminal event; langchain4j's own streams do not.
     *
     * @return true unless overridden
     */
    protected boolean endsCancelledStreams() {
        return true;
    }

    /**
     * Whether the caller may change its list of messages once {@code chat} has returned.
     *
     * @return true unless overridden
     */
    protected boolean copiesMessages() {
        return true;
    }

    /** The listeners of the delegate are notified once of a call that succeeds. */
    @Test
    public void listenersOfTheDelegateAreNotifiedOncePerCall() {
        CountingListener listener = new CountingListener();
        streamed(decorate(listened(listener, Reply.text("yes"))));
        rule("listeners of the delegate are notified once per call", ONCE)
                .expect(CountingListener.counts(1, 1, 0), listener.toString());
    }

    /** The listeners of the delegate are notified once of a call that fails. */
    @Test
    public void listenersOfTheDelegateAreNotifiedOncePerError() {
        CountingListener listener = new CountingListener();
        streamed(decorate(listened(listener, Reply.error(new RateLimitException("slow down")))));
        rule("listeners of the delegate are notified once per error", ONCE)
                .expect(CountingListener.counts(1, 0, 1), listener.toString());
    }

    /** The attributes of request options reach the listeners of the delegate. */
    @Test
    public void requestOptionsReachTheDelegate() {
        CountingListener listener = new CountingListener();
        StreamingChatModel decorated = decorate(listened(listener, Reply.text("yes")));
        Rule rule = rule(
                "the attributes of ChatRequestOptions reach the listeners of the delegate",
                "tracing passes its parent span this way; doChat does not get the options, so override"
                        + " chat(ChatRequest, ChatRequestOptions, handler) and call the same method of the delegate");
        RecordingHandler handler = new RecordingHandler();
        rule.unharmed(() -> decorated.chat(request("hello"), options("key", "value"), handler));
        rule.expect(handler.ends(patience()), "the stream did not end");
        rule.expect("value", listener.attributes().get("key"));
    }

    /** The form with options streams as the form without, with options or with null. */
    @Test
    public void theFormWithOptionsAnswersLikeTheFormWithout() {
        Rule rule = rule(
                "chat(request, options, handler) answers like chat(request, handler)",
                "AiServices call this form; a wrapper that overrides only chat(ChatRequest, handler) leaves it at"
                        + " \"Not implemented\"");
        StreamingChatModel decorated = decorate(ScriptedStreamingChatModel.of(Script.always(Reply.text("yes"))));
        for (ChatRequestOptions options :
                new ChatRequestOptions[] {ChatRequestOptions.EMPTY, options("key", "value")}) {
            RecordingHandler handler = new RecordingHandler();
            rule.unharmed(() -> decorated.chat(request("hello"), options, handler));
            rule.expect(handler.ends(patience()), "the stream did not end");
            rule.expect("yes", handler.texts("partial"));
        }
        rule("null options are no options", "langchain4j's own implementation allows them")
                .unharmed(() -> decorated.chat(request("hello"), null, new RecordingHandler()));
    }

    /** Every form of {@code chat} reaches the delegate once, with the same message. */
    @Test
    public void everyFormOfChatReachesTheDelegateOnce() {
        Rule rule = rule(
                "every form of chat reaches the delegate once with the messages given",
                "users and langchain4j itself use all four; each has a default that ends in chat(ChatRequest,"
                        + " handler)");
        for (Form form : Form.values()) {
            ScriptedStreamingChatModel delegate = ScriptedStreamingChatModel.of(Script.always(Reply.text("yes")));
            StreamingChatModel decorated = decorate(delegate);
            RecordingHandler handler = new RecordingHandler();
            rule.unharmed(() -> form.call(decorated, handler));
            rule.expect(handler.ends(patience()), "the stream of " + form + " did not end");
            rule.expect("yes", handler.texts("partial"));
            rule.expect(1, delegate.requests().size());
            rule.expect(
                    List.of(UserMessage.from("hello")),
                    delegate.requests().get(0).messages());
        }
    }

    /** No form of {@code chat} bypasses the decorator. */
    @Test
    public void noFormOfChatBypassesTheDecorator() {
        Rule rule = rule(
                "every form of chat passes through the decorator",
                "a convenience method that is forwarded as it is skips whatever the decorator is for");
        for (Form form : Form.values()) {
            StreamingChatModel decorated = decorate(ScriptedStreamingChatModel.of(Script.always(Reply.text("yes"))));
            long before = interceptions(decorated);
            Assumptions.assumeTrue(before >= 0, "interceptions(...) is not overridden");
            RecordingHandler handler = new RecordingHandler();
            rule.unharmed(() -> form.call(decorated, handler));
            rule.expect(handler.ends(patience()), "the stream of " + form + " did not end");
            rule.expect(
                    interceptions(decorated) == before + 1,
                    form + " was counted " + (interceptions(decorated) - before) + " times");
        }
    }

    /** The default parameters of the delegate are merged into the request that it gets. */
    @Test
    public void defaultParametersOfTheDelegateApply() {
        ScriptedStreamingChatModel delegate = ScriptedStreamingChatModel.builder()
                .script(Script.always(Reply.text("yes")))
                .defaultRequestParameters(ChatRequestParameters.builder()
                        .modelName("default-model")
                        .temperature(0.1)
                        .build())
                .build();
        RecordingHandler handler = new RecordingHandler();
        decorate(delegate).chat(request("hello").toBuilder().temperature(0.9).build(), handler);
        Rule rule = rule(
                "the delegate's default parameters apply, and the request's own win over them",
                "without the merge the model name is lost: call delegate.chat, or forward defaultRequestParameters()");
        rule.expect(handler.ends(patience()), "the stream did not end");
        rule.expect("default-model", delegate.requests().get(0).modelName());
        rule.expect(0.9, delegate.requests().get(0).temperature());
    }

    /** Parameters of a provider's own type survive. */
    @Test
    public void parametersOfTheProvidersOwnTypeSurvive() {
        Rule rule = rule(
                "parameters of a provider's own type reach the delegate in that type",
                "doChat of OpenAI and others casts them: unmerged ones end in a ClassCastException");
        AtomicReference<@Nullable Integer> seed = new AtomicReference<>();
        StreamingChatModel decorated = decorate(ScriptedStreamingChatModel.builder()
                .script(Script.answering(request -> {
                    seed.set(TypedParameters.seedOf(request));
                    return Reply.text("yes");
                }))
                .defaultRequestParameters(TypedParameters.withSeed(7))
                .build());
        RecordingHandler handler = new RecordingHandler();
        rule.unharmed(() -> decorated.chat(request("hello"), handler));
        rule.expect(handler.ends(patience()), "the stream did not end");
        rule.expect(handler.error() == null, "onError got " + handler.error());
        rule.expect(7, seed.get());
    }

    /** {@code defaultRequestParameters()} are those of the delegate. */
    @Test
    public void defaultRequestParametersAreForwarded() {
        Assumptions.assumeTrue(forwardsDefaultRequestParameters(), "not promised");
        ChatRequestParameters parameters = TypedParameters.withSeed(7);
        StreamingChatModel delegate = ScriptedStreamingChatModel.builder()
                .defaultRequestParameters(parameters)
                .build();
        rule(
                        "defaultRequestParameters() are those of the delegate",
                        "AiServices reads them to decide on tools and response formats, and tracing to name the model")
                .expect(parameters, decorate(delegate).defaultRequestParameters());
    }

    /** {@code provider()} is that of the delegate. */
    @Test
    public void providerIsForwarded() {
        Assumptions.assumeTrue(forwardsProviderAndCapabilities(), "not promised");
        StreamingChatModel delegate = ScriptedStreamingChatModel.builder()
                .provider(ModelProvider.ANTHROPIC)
                .build();
        rule("provider() is that of the delegate", "telemetry reports the provider as OTHER")
                .expect(ModelProvider.ANTHROPIC, decorate(delegate).provider());
    }

    /** {@code supportedCapabilities()} are those of the delegate. */
    @Test
    public void supportedCapabilitiesAreForwarded() {
        Assumptions.assumeTrue(forwardsProviderAndCapabilities(), "not promised");
        StreamingChatModel delegate = ScriptedStreamingChatModel.builder()
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .build();
        rule(
                        "supportedCapabilities() are those of the delegate",
                        "AiServices falls back from a JSON schema to instructions in the prompt, without a word")
                .expect(
                        Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA),
                        decorate(delegate).supportedCapabilities());
    }

    /** Models work that override {@code chat(ChatRequest, handler)} and nothing else. */
    @Test
    public void modelsThatOverrideOnlyChatWork() {
        Assumptions.assumeTrue(supportsLegacyModels(), "not promised");
        Rule rule = rule(
                "a delegate that overrides only chat(ChatRequest, handler) works",
                "some shipped models do: their doChat says \"Not implemented\", so call delegate.chat(request, handler)"
                        + " where there are no options");
        StreamingChatModel decorated =
                decorate(new LegacyStreamingChatModel(Reply.text("yes").response()));
        for (Form form : Form.values()) {
            RecordingHandler handler = new RecordingHandler();
            rule.unharmed(() -> form.call(decorated, handler));
            rule.expect(handler.ends(patience()), "the stream of " + form + " did not end");
            rule.expect("yes", handler.texts("partial"));
        }
    }

    /** A request of a subclass reaches, as it is, a delegate that overrides {@code chat(ChatRequest, handler)}. */
    @Test
    public void requestsOfASubclassAreNotRebuilt() {
        Assumptions.assumeTrue(supportsLegacyModels() && keepsRequestSubclasses(), "not promised");
        LegacyStreamingChatModel delegate =
                new LegacyStreamingChatModel(Reply.text("yes").response());
        RecordingHandler handler = new RecordingHandler();
        decorate(delegate).chat(new TypedRequest("hello"), handler);
        Rule rule = rule(
                "a ChatRequest of a subclass reaches a delegate that overrides chat(ChatRequest, handler) as it is",
                "the default chat method rebuilds requests and drops what the subclass adds");
        rule.expect(handler.ends(patience()), "the stream did not end");
        rule.expect(
                TypedRequest.class.getSimpleName(),
                delegate.requests().get(0).getClass().getSimpleName());
    }

    /** Text, thinking, tool calls and raw events arrive, in order and once. */
    @Test
    public void allCallbacksAreForwardedInOrder() {
        Reply reply = Reply.builder()
                .rawEvent("ping")
                .thinking("let me see")
                .text("The answer is 42.")
                .toolCall("lookUp", "{\"key\": 17}")
                .build();
        RecordingHandler plain = new RecordingHandler();
        ScriptedStreamingChatModel.of(reply).chat(request("hello"), plain);
        RecordingHandler seen = streamed(decorate(ScriptedStreamingChatModel.of(reply)));
        rule(
                        "all callbacks of the delegate arrive in order and once: text, thinking, partial and complete"
                                + " tool calls, raw events",
                        "a wrapper of the handler must override all of them: the ones that it leaves out are lost"
                                + " without a word")
                .expect(plain.events(), seen.events());
    }

    /** Text arrives from a delegate that uses only the callbacks without context. */
    @Test
    public void callbacksWithoutContextAreForwarded() {
        Reply reply =
                Reply.builder().text("one two").quirks(Quirk.LEGACY_CALLBACKS).build();
        RecordingHandler seen = streamed(decorate(ScriptedStreamingChatModel.of(reply)));
        rule(
                        "partial responses without a context arrive",
                        "a handler has both forms; a wrapper that overrides only one loses half of the models")
                .expect("one two", seen.texts("partial"));
    }

    /** The handle of the delegate's stream, or one that reaches it, is offered to the handler. */
    @Test
    public void cancellingReachesTheDelegate() {
        CancelProbe delegate = new CancelProbe();
        RecordingHandler handler = new RecordingHandler();
        StreamingChatModel decorated = decorate(delegate);
        Threads.start(() -> decorated.chat(request("hello"), handler));
        Rule rule = rule(
                "the context of a partial response carries a handle that cancels the delegate's stream",
                "a wrapper that forwards only the text loses it, and abandoned streams go on, and are paid, to their"
                        + " end");
        rule.expect(handler.comes(event -> event.kind().equals("partial"), patience()), "no partial response came");
        StreamingHandle handle = handler.handle();
        rule.expect(handle != null, "the partial response came without a context");
        if (handle != null) {
            handle.cancel();
            rule.expect(delegate.isCancelled(patience()), "the delegate was not cancelled");
            rule.expect(handle.isCancelled(), "isCancelled() says no after cancel()");
        }
    }

    /** A cancelled stream ends with one terminal event. */
    @Test
    public void aCancelledStreamEnds() {
        Assumptions.assumeTrue(endsCancelledStreams(), "not promised");
        RecordingHandler handler = new RecordingHandler();
        StreamingChatModel decorated = decorate(new CancelProbe());
        Threads.start(() -> decorated.chat(request("hello"), handler));
        Rule rule = rule(
                "a cancelled stream ends with one terminal event",
                "langchain4j's streams just stop: whoever waits for the end waits for ever, and permits and spans"
                        + " leak");
        rule.expect(handler.comes(event -> event.kind().equals("partial"), patience()), "no partial response came");
        StreamingHandle handle = handler.handle();
        rule.expect(handle != null, "there is no handle to cancel with");
        if (handle != null) {
            handle.cancel();
            rule.expect(
                    handler.ends(patience()),
                    "no terminal event within " + patience().toMillis() + " ms");
            handler.awaitQuiet();
            rule.expect(1L, handler.terminals());
        }
    }

    /** There is one terminal event, after all partial ones, and together these are the text of the response. */
    @Test
    public void oneTerminalEventFollowsAllPartialOnes() {
        Reply reply = Reply.builder().text("one two three four").build();
        RecordingHandler seen = streamed(decorate(ScriptedStreamingChatModel.builder()
                .script(Script.of(reply))
                .ownThread()
                .build()));
        Rule rule = rule(
                "one terminal event follows all partial ones, and together these are the text of the response",
                "a page that renders partial responses shows something else than what is stored");
        rule.expect(1L, seen.terminals());
        rule.expect(seen.events().get(seen.events().size() - 1).terminal(), "the events were " + seen.events());
        ChatResponse response = seen.response();
        rule.expect("one two three four", seen.texts("partial"));
        rule.expect(
                "one two three four",
                response == null ? null : response.aiMessage().text());
    }

    /** A handler that throws at a partial response gets one error and nothing afterwards. */
    @Test
    public void aHandlerThatThrowsGetsOneErrorAndNothingElse() {
        Assumptions.assumeTrue(latchesTheTerminalEvent(), "not promised");
        RecordingHandler handler = new RecordingHandler() {
            @Override
            public void onPartialResponse(String partial) {
                super.onPartialResponse(partial);
                throw new IllegalStateException("the page was closed");
            }
        };
        decorate(ScriptedStreamingChatModel.replying("one two three")).chat(request("hello"), handler);
        Rule rule = rule(
                "a handler that throws at a partial response gets one onError and nothing afterwards",
                "langchain4j goes on with partial responses and onCompleteResponse after that error: " + LATCH);
        rule.expect(handler.ends(patience()), "onError was not called");
        handler.awaitQuiet();
        rule.expect(
                "[partial(one ), error(IllegalStateException)]",
                handler.events().toString());
    }

    /** A handler that throws at the complete response gets no second terminal event. */
    @Test
    public void aHandlerThatThrowsAtTheEndGetsNoSecondEnd() {
        Assumptions.assumeTrue(latchesTheTerminalEvent(), "not promised");
        RecordingHandler handler = new RecordingHandler() {
            @Override
            public void onCompleteResponse(ChatResponse complete) {
                super.onCompleteResponse(complete);
                throw new IllegalStateException("the page was closed");
            }
        };
        StreamingChatModel decorated = decorate(ScriptedStreamingChatModel.replying("yes"));
        Rule rule = rule("a handler that throws in onCompleteResponse gets no onError after it", LATCH);
        try {
            decorated.chat(request("hello"), handler);
        } catch (IllegalStateException e) {
            rule.expect("the page was closed", e.getMessage());
        }
        rule.expect(handler.ends(patience()), "the stream did not end");
        handler.awaitQuiet();
        rule.expect(1L, handler.terminals());
    }

    /** A delegate that completes twice is heard once. */
    @Test
    public void aSecondCompletionIsDropped() {
        expectOneEnd("a second onCompleteResponse of the delegate is dropped", Quirk.COMPLETES_TWICE);
    }

    /** An error after the completion is dropped. */
    @Test
    public void anErrorAfterTheCompletionIsDropped() {
        expectOneEnd("an onError after onCompleteResponse is dropped", Quirk.ERROR_AFTER_COMPLETE);
    }

    /** Partial responses after the completion are dropped. */
    @Test
    public void partialResponsesAfterTheCompletionAreDropped() {
        expectOneEnd("a partial response after onCompleteResponse is dropped", Quirk.PARTIAL_AFTER_TERMINAL);
    }

    /** A completion after an error is dropped. */
    @Test
    public void aCompletionAfterAnErrorIsDropped() {
        Assumptions.assumeTrue(latchesTheTerminalEvent(), "not promised");
        Reply reply = Reply.builder()
                .text("one two")
                .failAfter(1, new IllegalStateException("broken event"))
                .quirks(Quirk.COMPLETE_AFTER_ERROR)
                .build();
        RecordingHandler seen = streamed(decorate(ScriptedStreamingChatModel.of(reply)));
        seen.awaitQuiet();
        rule(
                        "an onCompleteResponse after onError is dropped",
                        "langchain4j's clients give both at a broken event: " + LATCH)
                .expect(1L, seen.terminals());
    }

    private void expectOneEnd(String what, Quirk quirk) {
        Assumptions.assumeTrue(latchesTheTerminalEvent(), "not promised");
        Reply reply = Reply.builder().text("yes").quirks(quirk).build();
        RecordingHandler seen = streamed(decorate(ScriptedStreamingChatModel.of(reply)));
        seen.awaitQuiet();
        rule(what, LATCH).expect("[partial(yes), complete]", seen.events().toString());
    }

    /** An error of the delegate reaches {@code onError} as it is, after the partial responses before it. */
    @Test
    public void errorsOfTheDelegateArriveUnchanged() {
        RateLimitException error = new RateLimitException("slow down");
        Reply reply = Reply.builder().text("one two").failAfter(1, error).build();
        RecordingHandler seen = streamed(decorate(ScriptedStreamingChatModel.of(reply)));
        Rule rule = rule(
                "an error of the delegate reaches onError as it is",
                "callers tell retriable from other errors by type: RateLimitException, TimeoutException and so on");
        rule.expect("[partial(one ), error(RateLimitException)]", seen.events().toString());
    }

    /** An exception that the delegate throws out of {@code chat} surfaces once: thrown, or handed to {@code onError}. */
    @Test
    public void anExceptionThrownOutOfChatSurfacesOnce() {
        RuntimeException error = new RateLimitException("slow down");
        Reply reply =
                Reply.builder().error(error).quirks(Quirk.THROWS_FROM_CALL).build();
        RecordingHandler handler = new RecordingHandler();
        Throwable thrown = null;
        try {
            decorate(ScriptedStreamingChatModel.of(reply)).chat(request("hello"), handler);
            handler.ends(patience());
        } catch (RuntimeException e) {
            thrown = e;
        }
        handler.awaitQuiet();
        Throwable surfaced = thrown != null ? thrown : handler.error();
        Rule rule = rule(
                "an exception thrown out of the delegate's chat is thrown on or handed to onError, once",
                "requests that are refused before they are sent fail this way; swallowed, the caller waits for ever");
        rule.expect(surfaced != null && surfaced.getClass() == error.getClass(), "what surfaced was " + surfaced);
        rule.expect(thrown != null ? 0L : 1L, handler.terminals());
    }

    /** Messages that the caller changes after {@code chat} returned do not change what the delegate sees. */
    @Test
    public void messagesChangedAfterTheCallAreNotSeen() {
        Assumptions.assumeTrue(copiesMessages(), "not promised");
        LateReader delegate = new LateReader(Reply.text("yes").response());
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from("hello")));
        RecordingHandler handler = new RecordingHandler();
        decorate(delegate).chat(ChatRequest.builder().messages(messages).build(), handler);
        messages.set(0, UserMessage.from("changed"));
        delegate.go();
        Rule rule = rule(
                "messages changed after chat returned are not seen by the delegate",
                "in langchain4j 1.18 ChatRequest.messages() is a view of the caller's list, and a stream outlives"
                        + " the call: copy the list");
        rule.expect(handler.ends(Duration.ofSeconds(4)), "the stream did not end");
        rule.expect(!delegate.seen().contains(UserMessage.from("changed")), "the delegate saw " + delegate.seen());
    }

    /** A stream can be started inside {@code onCompleteResponse} of another. */
    @Test
    public void aStreamCanBeStartedInsideOnCompleteResponse() {
        StreamingChatModel decorated = decorate(ScriptedStreamingChatModel.builder()
                .script(Script.always(Reply.text("yes")))
                .ownThread()
                .build());
        RecordingHandler second = new RecordingHandler();
        RecordingHandler first = new RecordingHandler() {
            @Override
            public void onCompleteResponse(ChatResponse complete) {
                decorated.chat(request("and then?"), second);
                super.onCompleteResponse(complete);
            }
        };
        decorated.chat(request("hello"), first);
        rule(
                        "a stream can be started inside onCompleteResponse of another",
                        "tools are executed there, and their results sent to the model")
                .expect(first.ends(patience()) && second.ends(patience()), "the second stream did not end");
    }

    /** Streams of concurrent calls are not mixed up. */
    @Test
    public void concurrentStreamsAreNotMixedUp() {
        StreamingChatModel decorated = decorate(ScriptedStreamingChatModel.builder()
                .script(Script.answering(request ->
                        Reply.text("re: " + ((UserMessage) request.messages().get(0)).singleText())))
                .ownThread()
                .build());
        List<String> mixed = Collections.synchronizedList(new ArrayList<>());
        Threads.run(8, thread -> {
            for (int i = 0; i < 20; i++) {
                String question = thread + "/" + i;
                RecordingHandler handler = new RecordingHandler();
                decorated.chat(question, handler);
                if (!handler.ends(patience()) || !("re: " + question).equals(handler.texts("partial"))) {
                    mixed.add(question + " got " + handler.events());
                }
            }
        });
        rule("concurrent streams get their own answers", "a model is shared by all threads of an application")
                .expect(mixed.isEmpty(), String.join(", ", mixed));
    }

    private RecordingHandler streamed(StreamingChatModel decorated) {
        RecordingHandler handler = new RecordingHandler();
        decorated.chat(request("hello"), handler);
        rule("a stream ends with a terminal event", "whoever waits for the end waits for ever")
                .expect(handler.ends(patience()), "the events were " + handler.events());
        return handler;
    }

    private static StreamingChatModel listened(CountingListener listener, Reply reply) {
        return ScriptedStreamingChatModel.builder()
                .script(Script.always(reply))
                .listeners(listener)
                .build();
    }

    /** The forms of {@code chat}. */
    private enum Form {
        REQUEST,
        REQUEST_AND_OPTIONS,
        TEXT,
        LIST;

        void call(StreamingChatModel model, RecordingHandler handler) {
            switch (this) {
                case REQUEST -> model.chat(request("hello"), handler);
                case REQUEST_AND_OPTIONS -> model.chat(request("hello"), ChatRequestOptions.EMPTY, handler);
                case TEXT -> model.chat("hello", handler);
                case LIST -> model.chat(List.<ChatMessage>of(UserMessage.from("hello")), handler);
            }
        }
    }
}
