package io.fmware.benchmarks;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;

/** One chat call with Spring AI: the model by itself, and its client with and without advisors. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SpringAiBenchmark {
    private final ChatModel model = new SpringAiStubs.Model(0);
    private final ChatClient none = SpringAiStubs.client(model, 0);
    private final ChatClient five = SpringAiStubs.client(model, 5);

    @Benchmark
    public ChatResponse plain() {
        return model.call(SpringAiStubs.PROMPT);
    }

    @Benchmark
    public ChatResponse none() {
        return Objects.requireNonNull(none.prompt(SpringAiStubs.PROMPT).call().chatResponse());
    }

    @Benchmark
    public ChatResponse five() {
        return Objects.requireNonNull(five.prompt(SpringAiStubs.PROMPT).call().chatResponse());
    }
}
