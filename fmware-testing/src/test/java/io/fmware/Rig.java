package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A pipeline around a model, called in one of the ways of {@link Caller}. When it is closed it proves that nothing leaks: every
 * call was reported once, the pipeline drained, its threads are free and not interrupted, and no stream had a second end.
 * Calls may be made from several threads.
 */
final class Rig implements AutoCloseable {
    static final int BOUND_SECONDS = 10;

    private final Caller caller;
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RigThreads threads = new RigThreads();
    private final FmPipeline pipeline;
    private final List<RecordingHandler> handlers = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private ScriptedChatModel scriptedChat;
    private ScriptedStreamingChatModel scriptedStream;
    private FmChatModel chat;
    private FmStreamingChatModel stream;

    private Rig(Caller caller, UnaryOperator<FmPipeline.Builder> setUp) {
        this.caller = caller;
        this.pipeline = setUp.apply(FmPipeline.builder().metrics(metrics).executor(threads))
                .build();
    }

    /** A scripted model behind interceptors. */
    static Rig of(Caller caller, Script script, Interceptor... interceptors) {
        return of(caller, script, builder -> {
            List.of(interceptors).forEach(builder::with);
            return builder;
        });
    }

    /** A scripted model behind a pipeline that is set up as wanted. */
    static Rig of(Caller caller, Script script, UnaryOperator<FmPipeline.Builder> setUp) {
        return of(
                caller,
                ScriptedChatModel.builder().script(script),
                ScriptedStreamingChatModel.builder().script(script),
                setUp);
    }

    /** Scripted models with settings of their own. */
    static Rig of(
            Caller caller,
            ScriptedChatModel.Builder chat,
            ScriptedStreamingChatModel.Builder stream,
            UnaryOperator<FmPipeline.Builder> setUp) {
        Rig rig = new Rig(caller, setUp);
        if (caller == Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL) {
            stream.ownThread();
        }
        rig.scriptedChat = chat.build();
        rig.scriptedStream = stream.build();
        rig.wrap(rig.scriptedChat, rig.scriptedStream);
        return rig;
    }

    /** Any models. */
    static Rig of(Caller caller, ChatModel chat, StreamingChatModel stream, UnaryOperator<FmPipeline.Builder> setUp) {
        Rig rig = new Rig(caller, setUp);
        rig.wrap(chat, stream);
        return rig;
    }

    private void wrap(ChatModel plain, StreamingChatModel streaming) {
        this.chat = pipeline.wrap(plain);
        this.stream = pipeline.wrap(streaming);
    }

    static ChatRequest request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text)).build();
    }

    FmPipeline pipeline() {
        return pipeline;
    }

    FmChatModel chatModel() {
        return chat;
    }

    FmStreamingChatModel streamingModel() {
        return stream;
    }

    RecordingMetrics metrics() {
        return metrics;
    }

    RigThreads threads() {
        return threads;
    }

    /** The name of the model in messages. */
    String modelName() {
        return caller.isStream() ? "ScriptedStreamingChatModel" : "ScriptedChatModel";
    }

    List<ChatRequest> requests() {
        return caller.isStream() ? scriptedStream.requests() : scriptedChat.requests();
    }

    void awaitRequests(int count) {
        if (caller.isStream()) {
            scriptedStream.awaitRequests(count);
        } else {
            scriptedChat.awaitRequests(count);
        }
    }

    void release() {
        scriptedChat.release();
        scriptedStream.release();
    }

    Outcome call() {
        return call(request("hello"));
    }

    Outcome call(ChatRequest request) {
        return call(request, ChatRequestOptions.EMPTY);
    }

    /** Calls on this thread and waits for the end. */
    Outcome call(ChatRequest request, ChatRequestOptions options) {
        if (caller != Caller.CHAT && caller != Caller.CHAT_WITH_A_DEADLINE) {
            return start(request, options, new RecordingHandler()).await();
        }
        accepted.incrementAndGet();
        try {
            return new Outcome(chat.chat(request, bounded(options)), null, List.of());
        } catch (Throwable t) {
            return new Outcome(null, t, List.of());
        }
    }

    Running start() {
        return start(new RecordingHandler());
    }

    Running start(RecordingHandler handler) {
        return start(request("hello"), ChatRequestOptions.EMPTY, handler);
    }

    /** Starts a call; one that blocks its caller gets a thread. What refuses the call at once is thrown. */
    Running start(ChatRequest request, ChatRequestOptions options, RecordingHandler handler) {
        Running running = switch (caller) {
            case CHAT, CHAT_WITH_A_DEADLINE -> new OnAThread(request, bounded(options));
            case ASYNC -> new InTheFuture(chat.chatAsync(request, options));
            case STREAM, STREAM_FROM_A_THREAD_OF_THE_MODEL -> {
                StreamingHandle handle = stream.stream(request, options, handler);
                handlers.add(handler);
                yield new AsAStream(handle, handler);
            }
        };
        accepted.incrementAndGet();
        return running;
    }

    /** A call that the pipeline accepts without having been started through this rig. */
    void expectAnotherCall() {
        accepted.incrementAndGet();
    }

    /** A call that the pipeline is expected to refuse was counted as accepted. */
    void expectRefusal() {
        accepted.decrementAndGet();
    }

    private ChatRequestOptions bounded(ChatRequestOptions options) {
        boolean unbounded = options != null
                && !CallOptions.deadline(options, TimeSource.system()).isSet();
        return caller == Caller.CHAT_WITH_A_DEADLINE && unbounded
                ? CallOptions.deadline(options, Duration.ofHours(1))
                : options;
    }

    @Override
    public void close() {
        if (scriptedChat != null) {
            release();
        }
        closeWithinTheBound();
        threads.verifyAndClose();
        handlers.forEach(RecordingHandler::verify);
        assertThat(metrics.calls()).as("calls that were reported as ended").hasSize(accepted.get());
    }

    private void closeWithinTheBound() {
        Thread closer = new Thread(pipeline::close, "closer");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS) / 2);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while closing the pipeline", e);
        }
        assertThat(closer.isAlive())
                .as("close() still waits: a call that has ended is counted as under way")
                .isFalse();
    }

    /** A call under way. */
    interface Running {
        Outcome await();

        void cancel();
    }

    private record AsAStream(StreamingHandle handle, RecordingHandler handler) implements Running {
        @Override
        public Outcome await() {
            return handler.awaitEnd();
        }

        @Override
        public void cancel() {
            handle.cancel();
        }
    }

    private record InTheFuture(CompletableFuture<ChatResponse> future) implements Running {
        @Override
        public Outcome await() {
            try {
                return new Outcome(future.get(BOUND_SECONDS, TimeUnit.SECONDS), null, List.of());
            } catch (ExecutionException e) {
                return new Outcome(null, e.getCause(), List.of());
            } catch (CancellationException e) {
                return new Outcome(null, e, List.of());
            } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError("the future was not completed within " + BOUND_SECONDS + " s", e);
            }
        }

        @Override
        public void cancel() {
            future.cancel(true);
        }
    }

    private final class OnAThread implements Running {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final Thread thread;

        OnAThread(ChatRequest request, ChatRequestOptions options) {
            this.thread = new Thread(() -> outcome.complete(chat(request, options)), "user");
            thread.setDaemon(true);
            thread.start();
        }

        private Outcome chat(ChatRequest request, ChatRequestOptions options) {
            try {
                return new Outcome(chat.chat(request, options), null, List.of());
            } catch (Throwable t) {
                return new Outcome(null, t, List.of());
            }
        }

        @Override
        public Outcome await() {
            try {
                return outcome.get(BOUND_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError("chat did not return within " + BOUND_SECONDS + " s", e);
            }
        }

        @Override
        public void cancel() {
            thread.interrupt();
        }
    }
}
