package io.fmware.benchmarks;

import static io.fmware.benchmarks.JmhFigure.added;
import static io.fmware.benchmarks.JmhFigure.addedBytes;
import static io.fmware.benchmarks.JmhFigure.ratio;
import static io.fmware.benchmarks.JmhFigure.time;

import java.util.List;

/** What the chain costs for a call and for a stream. */
final class ChainFigures {
    private static final String PLAIN = "ChatBenchmark.plain";
    private static final String FIVE = "ChatBenchmark.five";
    private static final String TEN = "ChatBenchmark.ten";
    private static final String PLAIN_STUB = "ChatBenchmark.plainStub";
    private static final String FIVE_STUB = "ChatBenchmark.fiveStub";

    private static final String SLOPE = "chat, (10 no-op interceptors - 5) / 5";
    private static final String OPENAI = "stub with OpenAI parameters";
    private static final String TOKEN = "per token, burst of " + StreamTokenBenchmark.TOKENS;
    private static final String SETUP =
            "stream of 1 token from start to terminal event, one at a time, minus the plain stub";
    private static final String THREADS =
            "the same on two threads of a cached pool, without a pipeline: one waits, one asks";

    private ChainFigures() {}

    static FigureGroup group() {
        return new JmhFigures(List.of(
                added("chain.noop.interceptor", TEN, FIVE, SLOPE).per(5),
                addedBytes("chain.noop.interceptor", TEN, FIVE, SLOPE).per(5),
                added("chain.noop.interceptor", TEN, FIVE, SLOPE).per(5).on(25),
                addedBytes("chain.noop.interceptor", TEN, FIVE, SLOPE).per(5).on(25),
                ratio("chain.total.5", FIVE, PLAIN, "5 no-op interceptors / ChatModel.chat, " + OPENAI),
                time("chain.total.5", FIVE, "5 no-op interceptors, " + OPENAI),
                ratio("chain.total.5", FIVE, PLAIN, "5 no-op interceptors / ChatModel.chat, " + OPENAI)
                        .on(25),
                ratio("chain.total.5.stub", FIVE_STUB, PLAIN_STUB, "the same, stub with plain parameters"),
                time("chain.total.5.stub", FIVE_STUB, "5 no-op interceptors, stub with plain parameters"),
                time("chain.total.5.stub.base.plain", PLAIN_STUB, "ChatModel.chat, stub with plain parameters"),
                time("chain.total.0", "ChatBenchmark.none", "a pipeline without interceptors, " + OPENAI),
                time("chain.total.1", "ChatBenchmark.one", "1 no-op interceptor, " + OPENAI),
                time("chain.total.10", TEN, "10 no-op interceptors, " + OPENAI),
                time("chain.total.5.base.plain", PLAIN, "ChatModel.chat, " + OPENAI),
                ratio(
                        "chain.total.5.base.naive",
                        "ChatBenchmark.naive",
                        PLAIN,
                        "5 decorators doChat -> delegate.chat that forward listeners"),
                time("chain.total.5.base.naive", "ChatBenchmark.naive", "the same"),
                ratio("chain.total.5.base.thin", "ChatBenchmark.thin", PLAIN, "5 pass-throughs chat -> delegate.chat"),
                time("chain.total.5.base.thin", "ChatBenchmark.thin", "the same"),
                ratio(
                        "chain.total.5.peer.resilience4j",
                        "Resilience4jBenchmark.stack",
                        "Resilience4jBenchmark.plain",
                        "Resilience4j 2.4.0: limiter, bulkhead, breaker, retry, fallback / ChatModel.chat"),
                time("chain.total.5.peer.resilience4j", "Resilience4jBenchmark.stack", "the same"),
                time("chain.total.5.peer.resilience4j.base.plain", "Resilience4jBenchmark.plain", "ChatModel.chat"),
                ratio(
                        "chain.total.5.peer.resilience4j-fallbacks",
                        "Resilience4jBenchmark.fallbacks",
                        "Resilience4jBenchmark.plain",
                        "Resilience4j 2.4.0: 5 fallbacks that are not needed / ChatModel.chat"),
                time("chain.total.5.peer.resilience4j-fallbacks", "Resilience4jBenchmark.fallbacks", "the same"),
                ratio(
                        "chain.total.5.peer.springai",
                        "SpringAiBenchmark.five",
                        "SpringAiBenchmark.none",
                        "Spring AI 2.0.0: ChatClient with 5 no-op advisors / without"),
                time("chain.total.5.peer.springai", "SpringAiBenchmark.five", "the same"),
                time(
                        "chain.total.5.peer.springai.base.client",
                        "SpringAiBenchmark.none",
                        "ChatClient without advisors"),
                time(
                        "chain.total.5.peer.springai.base.plain",
                        "SpringAiBenchmark.plain",
                        "its stub ChatModel.call, which returns a constant"),
                ratio(
                        "chain.total.5.peer.langchain4j-guardrails",
                        "GuardrailBenchmark.five",
                        "GuardrailBenchmark.plain",
                        "langchain4j 1.18.1: AI service with 3 input and 2 output guardrails that pass / without"),
                time("chain.total.5.peer.langchain4j-guardrails", "GuardrailBenchmark.five", "the same"),
                time(
                        "chain.total.5.peer.langchain4j-guardrails.base.plain",
                        "GuardrailBenchmark.plain",
                        "AI service without guardrails"),
                added(
                        "chain.stream.token.5",
                        "StreamTokenBenchmark.five",
                        "StreamTokenBenchmark.none",
                        TOKEN + ", 5 interceptors that wrap the sink minus none"),
                added(
                        "chain.stream.token.0",
                        "StreamTokenBenchmark.none",
                        "StreamTokenBenchmark.plain",
                        TOKEN + ", a pipeline without interceptors minus the plain stub"),
                added(
                        "chain.stream.token.5.peer.springai",
                        "SpringAiStreamBenchmark.five",
                        "SpringAiStreamBenchmark.none",
                        TOKEN + ", Spring AI 2.0.0: ChatClient with 5 advisors that map the Flux minus none"),
                added(
                        "chain.stream.token.0.peer.springai",
                        "SpringAiStreamBenchmark.none",
                        "SpringAiStreamBenchmark.plain",
                        TOKEN + ", Spring AI 2.0.0: ChatClient without advisors minus its stub's Flux"),
                added("chain.stream.setup", "StreamSetupBenchmark.wrapped", "StreamSetupBenchmark.plain", SETUP)
                        .inMicroseconds(),
                added("chain.stream.setup", "StreamSetupBenchmark.wrapped", "StreamSetupBenchmark.plain", SETUP)
                        .inMicroseconds()
                        .on(25),
                added(
                                "chain.stream.setup.base.threads",
                                "StreamSetupBenchmark.handedOver",
                                "StreamSetupBenchmark.plain",
                                THREADS)
                        .inMicroseconds()));
    }
}
