package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.InputGuardrailResult;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.service.AiServices;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One call of an AI service of langchain4j, with five guardrails that let everything pass and without them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GuardrailBenchmark {

    /** The service. */
    public interface Service {
        String answer(String question);
    }

    private final Service plain = AiServices.create(Service.class, new Stubs.Chat(Stubs.openAiParameters()));
    private final Service guarded = AiServices.builder(Service.class)
            .chatModel(new Stubs.Chat(Stubs.openAiParameters()))
            .inputGuardrails(List.of(new PassingInput(), new PassingInput(), new PassingInput()))
            .outputGuardrails(List.of(new PassingOutput(), new PassingOutput()))
            .build();

    private static final class PassingInput implements InputGuardrail {
        @Override
        public InputGuardrailResult validate(UserMessage message) {
            return success();
        }
    }

    private static final class PassingOutput implements OutputGuardrail {
        @Override
        public OutputGuardrailResult validate(AiMessage message) {
            return success();
        }
    }

    @Benchmark
    public String plain() {
        return plain.answer("How do I activate my card?");
    }

    @Benchmark
    public String five() {
        return guarded.answer("How do I activate my card?");
    }
}
