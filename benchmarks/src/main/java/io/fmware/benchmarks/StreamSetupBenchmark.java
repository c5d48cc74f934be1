package io.fmware.benchmarks;

import dev.langchain4j.model.chat.StreamingChatModel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A stream of one token from its start until its terminal event, one stream at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamSetupBenchmark {
    private final StreamingChatModel plain = new Stubs.Streaming(1);
    private final StreamingChatModel wrapped = NoOps.sinkWrapping(0).wrap(plain);

    @Benchmark
    public int plain() throws InterruptedException {
        return Awaiting.stream(plain);
    }

    @Benchmark
    public int wrapped() throws InterruptedException {
        return Awaiting.stream(wrapped);
    }
}
