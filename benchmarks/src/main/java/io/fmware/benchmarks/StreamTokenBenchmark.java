package io.fmware.benchmarks;

import dev.langchain4j.model.chat.StreamingChatModel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One token in a burst: through a pipeline, with and without interceptors that wrap the sink, and without one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(StreamTokenBenchmark.TOKENS)
public class StreamTokenBenchmark {
    static final int TOKENS = 10_000;

    private final StreamingChatModel plain = new Stubs.Streaming(TOKENS);
    private final StreamingChatModel none = NoOps.sinkWrapping(0).wrap(plain);
    private final StreamingChatModel five = NoOps.sinkWrapping(5).wrap(plain);

    @Benchmark
    public int plain() throws InterruptedException {
        return Awaiting.stream(plain);
    }

    @Benchmark
    public int none() throws InterruptedException {
        return Awaiting.stream(none);
    }

    @Benchmark
    public int five() throws InterruptedException {
        return Awaiting.stream(five);
    }
}
