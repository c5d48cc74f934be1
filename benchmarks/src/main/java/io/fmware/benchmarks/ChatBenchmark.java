package io.fmware.benchmarks;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One chat call: through a pipeline, without one, and through decorators written by hand. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChatBenchmark {
    private final ChatModel plain = new Stubs.Chat(Stubs.openAiParameters());
    private final ChatModel plainStub = new Stubs.Chat(Stubs.plainParameters());
    private final ChatModel none = NoOps.passing(0).wrap(plain);
    private final ChatModel one = NoOps.passing(1).wrap(plain);
    private final ChatModel five = NoOps.passing(5).wrap(plain);
    private final ChatModel ten = NoOps.passing(10).wrap(plain);
    private final ChatModel fiveStub = NoOps.passing(5).wrap(plainStub);
    private final ChatModel naive = Baselines.stacked(plain, 5, Baselines.Naive::new);
    private final ChatModel thin = Baselines.stacked(plain, 5, Baselines.Thin::new);

    @Benchmark
    public ChatResponse plain() {
        return plain.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse plainStub() {
        return plainStub.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse none() {
        return none.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse one() {
        return one.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse five() {
        return five.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse ten() {
        return ten.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse fiveStub() {
        return fiveStub.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse naive() {
        return naive.chat(Stubs.REQUEST);
    }

    @Benchmark
    public ChatResponse thin() {
        return thin.chat(Stubs.REQUEST);
    }
}
