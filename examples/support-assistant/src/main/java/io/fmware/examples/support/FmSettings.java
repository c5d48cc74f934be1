package io.fmware.examples.support;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.fmware.cost.Money;
import io.fmware.cost.Price;
import io.fmware.cost.PriceTable;
import io.fmware.http.BlockingHttpClient;
import io.fmware.testing.ExtractiveChatModel;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Which model answers, as the environment says.
 *
 * @param kind {@code local}, {@code openai} or {@code ollama}
 * @param baseUrl where the server is; empty for {@code local}
 * @param model the name of the model
 * @param key the key; empty if there is none
 * @param budget what may be spent on it
 */
record FmSettings(String kind, String baseUrl, String model, String key, Money budget) {
    private static final String PREFIX = "FMWARE_FM";
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(5);

    /** In tokens; so that what an answer costs at most is known before it is asked for. */
    private static final int LONGEST_ANSWER = 1_000;

    private static final String LOCAL = "extractive";
    private static final String STANDBY = "standby";

    /** With whose price the local model is reckoned, to show what a run would cost. */
    static final String PRICED_AS = "gpt-4o-mini";

    /** Reads and checks the environment. */
    static FmSettings of(Map<String, String> env) {
        String kind = value(env, PREFIX, "local").toLowerCase(Locale.ROOT);
        Money budget = money(env, "FMWARE_BUDGET", "1.00");
        return switch (kind) {
            case "local" -> new FmSettings(kind, "", LOCAL, "", budget);
            case "openai" -> {
                String key = value(env, "OPENAI_API_KEY", "");
                if (key.isEmpty()) {
                    throw new UserError(
                            "OPENAI_API_KEY is not set; set it to the key of the server, or unset FMWARE_FM to"
                                    + " answer without a server");
                }
                yield new FmSettings(
                        kind,
                        url(env, "OPENAI_BASE_URL", "https://api.openai.com/v1"),
                        value(env, "OPENAI_MODEL", "gpt-4o-mini"),
                        key,
                        budget);
            }
            case "ollama" ->
                new FmSettings(
                        kind,
                        url(env, "OLLAMA_BASE_URL", "http://localhost:11434"),
                        value(env, "OLLAMA_MODEL", "llama3.1"),
                        "",
                        budget);
            default -> throw new UserError("FMWARE_FM is '" + kind + "'; set it to local, openai or ollama");
        };
    }

    private static String value(Map<String, String> env, String name, String otherwise) {
        String value = env.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static String url(Map<String, String> env, String name, String otherwise) {
        String value = value(env, name, otherwise);
        try {
            URI uri = new URI(value);
            if (uri.getUserInfo() != null) {
                throw new UserError(name + " holds a user name or password; leave it out");
            }
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return value;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new UserError(name + " is '" + value + "'; set it to a URL such as " + otherwise);
    }

    private static Money money(Map<String, String> env, String name, String otherwise) {
        String value = value(env, name, otherwise);
        try {
            return Money.usd(value);
        } catch (IllegalArgumentException e) {
            throw new UserError(name + " is '" + value + "'; set it to US dollars such as " + otherwise);
        }
    }

    /** The prices of models, with the local one as if it were another, and nothing for the one that stands by. */
    PriceTable prices() {
        return PriceTable.standard().toBuilder()
                .add("OTHER", LOCAL, localPrice())
                .add("OTHER", STANDBY, Price.free())
                .build();
    }

    /** Also for a model that has no price. */
    Price localPrice() {
        return PriceTable.standard()
                .find("OPEN_AI", PRICED_AS)
                .orElseThrow(() -> new IllegalStateException("the table of prices has no " + PRICED_AS));
    }

    /** Makes sure that something answers at the URL, whatever it says. */
    void checkReachable() {
        if (baseUrl.isEmpty()) {
            return;
        }
        try {
            HttpClient client =
                    HttpClient.newBuilder().connectTimeout(PATIENCE_AT_START).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl))
                    .timeout(PATIENCE_AT_START)
                    .build();
            client.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UserError(
                    "nothing answers at " + baseUrl + "; start the server, or correct " + variable("BASE_URL"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while connecting to " + baseUrl);
        }
    }

    /**
     * The model. It never retries by itself: that is for the pipeline.
     *
     * @param timeout the time for one attempt
     */
    ChatModel chatModel(Duration timeout) {
        return switch (kind) {
            case "openai" ->
                OpenAiChatModel.builder()
                        .baseUrl(baseUrl)
                        .apiKey(key)
                        .modelName(model)
                        .temperature(0.0)
                        .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                        .strictJsonSchema(true)
                        .maxTokens(LONGEST_ANSWER)
                        .httpClientBuilder(BlockingHttpClient.builder()) // reads Retry-After
                        .timeout(timeout)
                        .maxRetries(0)
                        .build();
            case "ollama" ->
                OllamaChatModel.builder()
                        .baseUrl(baseUrl)
                        .modelName(model)
                        .temperature(0.0)
                        .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                        .numPredict(LONGEST_ANSWER)
                        .httpClientBuilder(BlockingHttpClient.builder()) // reads Retry-After
                        .timeout(timeout)
                        .maxRetries(0)
                        .build();
            default -> local(model);
        };
    }

    /** The model that stands by, in this process. */
    static ChatModel standby() {
        return local(STANDBY);
    }

    private static ChatModel local(String name) {
        return ExtractiveChatModel.builder()
                .defaultRequestParameters(ChatRequestParameters.builder()
                        .modelName(name)
                        .maxOutputTokens(LONGEST_ANSWER)
                        .build())
                .build();
    }

    String refusedKey() {
        return key.isEmpty()
                ? "the server at " + baseUrl + " asks for a key; correct " + variable("BASE_URL")
                : "the server at " + baseUrl + " refuses the key; correct " + variable("API_KEY");
    }

    String notFound() {
        return "the server at " + baseUrl + " does not know the model '" + model + "'; correct " + variable("MODEL")
                + " or " + variable("BASE_URL");
    }

    private String variable(String suffix) {
        return kind.toUpperCase(Locale.ROOT) + "_" + suffix;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return kind + (baseUrl.isEmpty() ? "" : " " + model + " at " + baseUrl);
    }
}
