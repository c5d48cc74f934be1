package io.fmware.benchmarks;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A stream of one token from its start until its terminal event, one stream at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamSetupBenchmark {
    private final StreamingChatModel plain = new Stubs.Streaming(1);
    private final StreamingChatModel wrapped = NoOps.sinkWrapping(0).wrap(plain);
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final StreamingChatModel handedOver = new HandedOver(plain, pool);

    @TearDown
    public void close() {
        pool.shutdown();
    }

    @Benchmark
    public int plain() throws InterruptedException {
        return Awaiting.stream(plain);
    }

    @Benchmark
    public int wrapped() throws InterruptedException {
        return Awaiting.stream(wrapped);
    }

    @Benchmark
    public int handedOver() throws InterruptedException {
        return Awaiting.stream(handedOver);
    }

    /** The threads of a pipeline without the pipeline: one that waits, for the chain, and one that asks the model. */
    private record HandedOver(StreamingChatModel model, ExecutorService pool) implements StreamingChatModel {

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return model.defaultRequestParameters();
        }

        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            pool.execute(() -> {
                CountDownLatch ended = new CountDownLatch(1);
                Awaiting answer = new Awaiting(ended);
                pool.execute(() -> model.chat(request, answer));
                try {
                    ended.await();
                    handler.onCompleteResponse(Stubs.RESPONSE);
                } catch (InterruptedException e) {
                    handler.onError(e);
                }
            });
        }
    }
}
