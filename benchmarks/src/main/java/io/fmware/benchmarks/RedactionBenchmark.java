package io.fmware.benchmarks;

import io.fmware.event.Redactor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Redacting 2 KB of prose, without and with secrets in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RedactionBenchmark {
    private final Redactor redactor = Redactor.standard();
    private final String prose = RedactionTexts.prose();
    private final String secrets = RedactionTexts.withSecrets();

    @Benchmark
    public String prose() {
        return redactor.redact(prose);
    }

    @Benchmark
    public String secrets() {
        return redactor.redact(secrets);
    }

    @Benchmark
    public String proseByRegexes() {
        return RegexRedactor.redact(prose);
    }

    @Benchmark
    public String secretsByRegexes() {
        return RegexRedactor.redact(secrets);
    }
}
