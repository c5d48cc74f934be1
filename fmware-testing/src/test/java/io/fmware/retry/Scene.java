package io.fmware.retry;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.fmware.CallOutcome;
import io.fmware.FmMetrics;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** A pipeline around a model, asked in one of the ways. Closing it proves that nothing is left under way. */
public final class Scene implements AutoCloseable, FmMetrics {
    private static final int BOUND_SECONDS = 10;

    private final Way way;
    private final FmPipeline pipeline;
    private final ChatModel chat;
    private final StreamingChatModel stream;
    private final List<String> actions = new CopyOnWriteArrayList<>();
    private final List<CallOutcome> outcomes = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<StreamingHandle> handle = new CompletableFuture<>();

    private Scene(Way way, ChatModel chat, StreamingChatModel stream, UnaryOperator<FmPipeline.Builder> setUp) {
        this.way = way;
        this.chat = chat;
        this.stream = stream;
        this.pipeline = setUp.apply(FmPipeline.builder().metrics(this)).build();
    }

    /** Models that answer by one script, behind interceptors. */
    public static Scene of(Way way, Script script, Interceptor... interceptors) {
        return of(way, script, builder -> {
            List.of(interceptors).forEach(builder::with);
            return builder;
        });
    }

    /** Models that answer by one script, behind a pipeline of one's own. */
    public static Scene of(Way way, Script script, UnaryOperator<FmPipeline.Builder> setUp) {
        return of(way, ScriptedChatModel.of(script), ScriptedStreamingChatModel.of(script), setUp);
    }

    /** Any models. */
    public static Scene of(
            Way way, ChatModel chat, StreamingChatModel stream, UnaryOperator<FmPipeline.Builder> setUp) {
        return new Scene(way, chat, stream, setUp);
    }

    public static ChatRequest request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text)).build();
    }

    public static Script script(Reply... replies) {
        return Script.of(replies);
    }

    public Answered ask(String text) {
        return ask(request(text), ChatRequestOptions.EMPTY);
    }

    public Answered ask(ChatRequest request, ChatRequestOptions options) {
        return await(start(request, options));
    }

    /** Asks on another thread where the caller would be blocked. */
    public CompletableFuture<Answered> start(ChatRequest request, ChatRequestOptions options) {
        CompletableFuture<StreamingHandle> started = new CompletableFuture<>();
        handle = started; // before the call begins: it may be cancelled from inside
        return switch (way) {
            case CHAT -> onAThread(request, options, started);
            case ASYNC -> {
                CompletableFuture<ChatResponse> asked = pipeline.wrap(chat).chatAsync(request, options);
                started.complete(cancelling(asked));
                yield asked.handle((response, error) -> new Answered(response, error, List.of()));
            }
            case STREAM -> {
                Recorder recorder = new Recorder();
                started.complete(pipeline.wrap(stream).stream(request, options, recorder));
                yield recorder.answered;
            }
        };
    }

    private CompletableFuture<Answered> onAThread(
            ChatRequest request, ChatRequestOptions options, CompletableFuture<StreamingHandle> started) {
        CompletableFuture<Answered> answered = new CompletableFuture<>();
        Thread user = new Thread(
                () -> {
                    try {
                        answered.complete(new Answered(pipeline.wrap(chat).chat(request, options), null, List.of()));
                    } catch (Throwable t) {
                        answered.complete(new Answered(null, t, List.of()));
                    }
                },
                "user");
        user.setDaemon(true);
        started.complete(new Handle(user::interrupt));
        user.start();
        return answered;
    }

    private static StreamingHandle cancelling(CompletableFuture<?> asked) {
        return new Handle(() -> asked.cancel(true));
    }

    public static Answered await(CompletableFuture<Answered> answered) {
        return bounded(answered, "the call did not end");
    }

    private static <T> T bounded(CompletableFuture<T> future, String problem) {
        try {
            return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(problem + " within " + BOUND_SECONDS + " s", e);
        }
    }

    /** Cancels the call that was started last, as the user would: the future, the stream, or by interrupting the thread that waits. */
    public void cancel() {
        bounded(handle, "the call was not started").cancel();
    }

    /** What the models were asked, where they are scripted. */
    public List<ChatRequest> requests() {
        return way == Way.STREAM
                ? ((ScriptedStreamingChatModel) stream).requests()
                : ((ScriptedChatModel) chat).requests();
    }

    public void awaitRequests(int count) {
        if (way == Way.STREAM) {
            ((ScriptedStreamingChatModel) stream).awaitRequests(count);
        } else {
            ((ScriptedChatModel) chat).awaitRequests(count);
        }
    }

    public FmPipeline pipeline() {
        return pipeline;
    }

    public List<String> actions() {
        return actions;
    }

    /** The outcome of the only call; to be read once the scene is closed or the call was awaited and reported. */
    public List<CallOutcome> outcomes() {
        return outcomes;
    }

    @Override
    public void callEnded(CallOutcome outcome) {
        outcomes.add(outcome);
    }

    @Override
    public void interceptorActed(String interceptor, String action) {
        actions.add(interceptor + ": " + action);
    }

    @Override
    public void close() {
        if (chat instanceof ScriptedChatModel scripted) {
            scripted.release();
        }
        if (stream instanceof ScriptedStreamingChatModel scripted) {
            scripted.release();
        }
        pipeline.close();
    }

    private record Handle(Runnable action) implements StreamingHandle {
        @Override
        public void cancel() {
            action.run();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }

    private static final class Recorder implements StreamingChatResponseHandler {
        private final List<String> events = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Answered> answered = new CompletableFuture<>();

        @Override
        public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
            events.add("text:" + partial.text());
        }

        @Override
        public void onPartialThinking(PartialThinking partial) {
            events.add("thinking:" + partial.text());
        }

        @Override
        public void onPartialToolCall(PartialToolCall partial) {
            events.add("part:" + partial.partialArguments());
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            events.add("tool:" + call.toolExecutionRequest().name());
        }

        @Override
        public void onUnmappedRawEvent(Object event) {
            events.add("raw:" + event);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            if (!answered.complete(new Answered(response, null, List.copyOf(events)))) {
                throw new AssertionError("a second terminal event");
            }
        }

        @Override
        public void onError(Throwable error) {
            if (!answered.complete(new Answered(null, error, List.copyOf(events)))) {
                throw new AssertionError("a second terminal event");
            }
        }
    }
}
