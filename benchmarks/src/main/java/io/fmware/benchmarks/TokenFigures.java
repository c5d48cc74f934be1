package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiTokenCountEstimator;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.cost.TokenEstimator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** How far off estimates of tokens are. */
final class TokenFigures implements FigureGroup {
    private static final String ERROR = "tokens.estimate.error";
    private static final String OPEN_AI = ERROR + ".openai";
    private static final String EXCEEDED = "tokens.estimate.exceeded";
    private static final List<String> OF_ERROR =
            List.of(ERROR, ERROR + ".p90", ERROR + ".cold", ERROR + ".base.chars4", ERROR + ".tuned", EXCEEDED);

    private static final int LEARNED = 50;
    private static final int MEASURED = 200;

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(OF_ERROR);
        TokenTexts.KINDS.forEach(kind -> names.add(ERROR + "." + kind));
        names.add(OPEN_AI);
        return names;
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        Optional<Path> data = PublicData.file("banking77/test.csv");
        boolean errors = OF_ERROR.stream().anyMatch(wanted::contains);
        boolean kinds = TokenTexts.KINDS.stream().anyMatch(kind -> wanted.contains(ERROR + "." + kind));
        if ((errors || kinds) && data.isEmpty()) {
            output.skip(ERROR, PublicData.missing("banking77/test.csv"));
        }
        if (errors && data.isPresent()) {
            error(wanted, new TokenTexts(data.get().getParent().getParent()), output);
        }
        if (kinds && data.isPresent()) {
            errorByKind(wanted, new TokenTexts(data.get().getParent().getParent()), output);
        }
        if (wanted.contains(OPEN_AI)) {
            openAi(data.map(file -> new TokenTexts(file.getParent().getParent())), output);
        }
    }

    /** Answers with a usage. */
    private record Stub(java.util.function.Function<List<ChatMessage>, TokenUsage> usage) implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from("yes"))
                    .tokenUsage(usage.apply(request.messages()))
                    .build();
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OTHER;
        }
    }

    // Estimates

    /** Relative errors of one way to estimate. */
    private record Errors(List<Double> all, int[] exceeded) {
        Errors() {
            this(new ArrayList<>(), new int[1]);
        }

        void add(double estimate, double actual) {
            all.add(100 * Math.abs(estimate - actual) / actual);
        }

        double quantile(double q) {
            double[] sorted =
                    all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
        }
    }

    private static void error(Set<String> wanted, TokenTexts texts, Output output) {
        Errors learned = new Errors();
        Errors cold = new Errors();
        Errors chars4 = new Errors();
        List<SimulatedTokenizer> tokenizers = SimulatedTokenizer.reported(texts);
        Map<String, List<String>> domains = texts.reported();
        run(tokenizers, domains, domains, learned, cold, chars4, output);
        String conditions = tokenizers.stream().map(SimulatedTokenizer::name).toList() + " on " + domains.keySet()
                + ", none of which it was tuned on; after " + LEARNED + " calls, " + MEASURED
                + " calls of each pair, of which nothing is learned";
        print(wanted, output, ERROR, learned.quantile(.5), "median; " + conditions);
        print(wanted, output, ERROR + ".p90", learned.quantile(.9), "90th percentile; " + conditions);
        print(wanted, output, ERROR + ".cold", cold.quantile(.5), "median before anything was learned; " + conditions);
        print(wanted, output, ERROR + ".base.chars4", chars4.quantile(.5), "median of characters / 4; " + conditions);
        print(
                wanted,
                output,
                EXCEEDED,
                100.0 * learned.exceeded()[0] / learned.all().size(),
                "calls that took more input than inputAtMost; " + conditions);
        if (wanted.contains(ERROR + ".tuned")) {
            Errors tuned = new Errors();
            Map<String, List<String>> mayBeLookedAt = texts.tuned();
            run(
                    SimulatedTokenizer.tuned(texts),
                    mayBeLookedAt,
                    mayBeLookedAt,
                    tuned,
                    new Errors(),
                    new Errors(),
                    output);
            print(
                    wanted,
                    output,
                    ERROR + ".tuned",
                    tuned.quantile(.5),
                    "median on tokenizers and texts that may be tuned on");
        }
    }

    /** Texts that are no English prose; each kind alone, as the sum would hide those that are estimated badly. */
    private static void errorByKind(Set<String> wanted, TokenTexts texts, Output output) {
        List<SimulatedTokenizer> tokenizers = SimulatedTokenizer.reported(texts);
        for (String kind : TokenTexts.KINDS) {
            if (wanted.contains(ERROR + "." + kind)) {
                Errors learned = new Errors();
                Errors cold = new Errors();
                Errors chars4 = new Errors();
                Map<String, List<String>> learnedFrom = Map.of(kind, TokenTexts.ofKind(kind, true));
                Map<String, List<String>> measuredOn = Map.of(kind, TokenTexts.ofKind(kind, false));
                run(tokenizers, learnedFrom, measuredOn, learned, cold, chars4, output);
                output.print(new Figure(
                        ERROR + "." + kind,
                        learned.quantile(.5),
                        "%",
                        "median; 90th percentile " + Figure.shown(learned.quantile(.9))
                                + ", before anything was learned "
                                + Figure.shown(cold.quantile(.5)) + ", of characters / 4 "
                                + Figure.shown(chars4.quantile(.5)) + ", beyond inputAtMost "
                                + learned.exceeded()[0] + "; "
                                + tokenizers.stream()
                                        .map(SimulatedTokenizer::name)
                                        .toList() + ", after " + LEARNED + " calls, " + MEASURED
                                + " calls of each, of other sentences or snippets"));
            }
        }
    }

    private static void print(Set<String> wanted, Output output, String name, double value, String conditions) {
        if (wanted.contains(name)) {
            output.print(new Figure(name, value, "%", conditions));
        }
    }

    private static void run(
            List<SimulatedTokenizer> tokenizers,
            Map<String, List<String>> learnedFrom,
            Map<String, List<String>> measuredOn,
            Errors learned,
            Errors cold,
            Errors chars4,
            Output output) {
        for (SimulatedTokenizer tokenizer : tokenizers) {
            for (Map.Entry<String, List<String>> domain : measuredOn.entrySet()) {
                Errors own = new Errors();
                session(tokenizer, learnedFrom.get(domain.getKey()), domain.getValue(), own, cold, chars4);
                learned.all().addAll(own.all());
                learned.exceeded()[0] += own.exceeded()[0];
                output.rest()
                        .printf(
                                "%s on %s: %.1f %%, p90 %.1f %%%n",
                                tokenizer.name(), domain.getKey(), own.quantile(.5), own.quantile(.9));
            }
        }
    }

    private static void session(
            SimulatedTokenizer tokenizer,
            List<String> learnedFrom,
            List<String> measuredOn,
            Errors learned,
            Errors cold,
            Errors chars4) {
        TokenEstimator estimator = TokenEstimator.learning();
        TokenEstimator fresh = TokenEstimator.learning();
        int[] call = {0};
        Interceptor measuring = Interceptor.of("measuring", Phase.ADMIT, (asked, next) -> {
            double estimate = estimator.input(asked);
            long atMost = estimator.inputAtMost(asked);
            var reply = next.proceed(asked);
            int actual = reply.usage().inputTokenCount();
            if (call[0]++ >= LEARNED) {
                learned.add(estimate, actual);
                learned.exceeded()[0] += actual > atMost ? 1 : 0;
                cold.add(fresh.input(asked), actual);
                chars4.add(characters(asked.request().messages()) / 4.0, actual);
            }
            if (call[0] <= LEARNED) {
                estimator.learn(asked, reply.usage());
            }
            return reply;
        });
        ChatModel stub = new Stub(messages -> new TokenUsage(
                tokenizer.count(messages.stream().map(TokenFigures::text).toList()), 10));
        Random random = new Random(7);
        try (FmPipeline pipeline = FmPipeline.builder().with(measuring).build()) {
            ChatModel model = pipeline.wrap(stub);
            for (int i = 0; i < LEARNED + MEASURED; i++) {
                model.chat(request(i < LEARNED ? learnedFrom : measuredOn, random));
            }
        }
    }

    private static ChatRequest request(List<String> texts, Random random) {
        List<ChatMessage> messages = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            messages.add(SystemMessage.from(
                    random.nextBoolean()
                            ? "You are a helpful assistant. Answer in one sentence."
                            : "Answer as JSON: {\"answer\": \"..\", \"confidence\": 0.5}. Today is 2026-03-14."));
        }
        int turns = random.nextInt(3);
        for (int i = 0; i < turns; i++) {
            messages.add(UserMessage.from(texts.get(random.nextInt(texts.size()))));
            messages.add(AiMessage.from(texts.get(random.nextInt(texts.size()))));
        }
        messages.add(UserMessage.from(texts.get(random.nextInt(texts.size()))));
        return ChatRequest.builder()
                .messages(messages)
                .parameters(
                        ChatRequestParameters.builder().modelName("unknown-1").build())
                .build();
    }

    private static String text(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return system.text();
        }
        return message instanceof AiMessage ai ? ai.text() : ((UserMessage) message).singleText();
    }

    private static long characters(List<ChatMessage> messages) {
        return messages.stream().mapToLong(each -> text(each).length()).sum();
    }

    // OpenAI

    private static void openAi(Optional<TokenTexts> texts, Output output) {
        long off = 0;
        for (Map.Entry<String, Integer> each : Map.of(
                        "gpt-4-0613", 129, "gpt-3.5-turbo-0613", 129, "gpt-4o", 124, "gpt-4o-mini", 124)
                .entrySet()) {
            off += Math.abs(count(each.getKey(), cookbook()) - each.getValue());
        }
        int compared = 4;
        if (texts.isPresent()) {
            for (String model : List.of("gpt-4", "gpt-4o")) {
                OpenAiTokenCountEstimator peer = new OpenAiTokenCountEstimator(model);
                Random random = new Random(11);
                for (List<String> domain : texts.get().reported().values()) {
                    for (int i = 0; i < 50; i++) {
                        List<ChatMessage> messages = request(domain, random).messages();
                        off += Math.abs(count(model, messages) - peer.estimateTokenCountInMessages(messages));
                        compared++;
                    }
                }
            }
        }
        output.print(new Figure(
                OPEN_AI,
                off,
                "tokens",
                "sum of the differences to OpenAI's cookbook (4 models) and to langchain4j's OpenAiTokenCountEstimator, "
                        + compared + " requests"));
    }

    private static long count(String model, List<ChatMessage> messages) {
        long[] counted = {0};
        TokenEstimator estimator = TokenEstimator.openAi(model);
        Interceptor counting = Interceptor.of("counting", Phase.ADMIT, (call, next) -> {
            counted[0] = estimator.input(call);
            return next.proceed(call);
        });
        try (FmPipeline pipeline = FmPipeline.builder().with(counting).build()) {
            pipeline.wrap(new Stub(asked -> new TokenUsage(1, 1)))
                    .chat(ChatRequest.builder().messages(messages).build());
        }
        return counted[0];
    }

    /** The example of OpenAI's cookbook, "How to count tokens with tiktoken"; a role is a token, whichever it is. */
    private static List<ChatMessage> cookbook() {
        return Arrays.asList(
                SystemMessage.from(
                        "You are a helpful, pattern-following assistant that translates corporate jargon into"
                                + " plain English."),
                UserMessage.from("example_user", "New synergies will help drive top-line growth."),
                UserMessage.from("example_assistant", "Things working well together will increase revenue."),
                UserMessage.from(
                        "example_user",
                        "Let's circle back when we have more bandwidth to touch base on opportunities for increased"
                                + " leverage."),
                UserMessage.from("example_assistant", "Let's talk later when we're less busy about how to do better."),
                UserMessage.from(
                        "This late pivot means we don't have time to boil the ocean for the client" + " deliverable."));
    }
}
