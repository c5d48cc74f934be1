package io.fmware.cost;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which vocabulary a model of OpenAI has, and the vocabularies, each read once. Thread-safe. */
final class OpenAiEncodings {
    private static final String CLASS = "com.knuddels.jtokkit.Encodings";
    private static final String NEWEST = "o200k_base";
    private static final String OLDER = "cl100k_base";

    /** By the beginnings of their names, as in tiktoken's model.py; the first that fits counts. */
    private static final List<Map.Entry<String, String>> BY_PREFIX = List.of(
            Map.entry("gpt-4o", NEWEST),
            Map.entry("gpt-4.", NEWEST),
            Map.entry("gpt-4", OLDER),
            Map.entry("gpt-3.5", OLDER),
            Map.entry("gpt-35", OLDER), // as Azure has it
            Map.entry("text-embedding-", OLDER),
            Map.entry("chatgpt-4o", NEWEST),
            Map.entry("gpt-", NEWEST));

    private static final Map<String, CompletableFuture<TextTokens>> LOADED = new ConcurrentHashMap<>();

    private OpenAiEncodings() {}

    static boolean isPresent() {
        return Presence.PRESENT;
    }

    private static final class Presence {
        private static final boolean PRESENT = look();

        private static boolean look() {
            try {
                Class.forName(CLASS, false, OpenAiEncodings.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException | LinkageError e) {
                return false;
            }
        }
    }

    /** The vocabulary of a model, {@code null} where it is none of OpenAI's. */
    static @Nullable String nameFor(String model) {
        String name = model.startsWith("ft:") ? model.substring("ft:".length()) : model;
        if (name.length() > 1 && name.charAt(0) == 'o' && Character.isDigit(name.charAt(1))) {
            return NEWEST;
        }
        return BY_PREFIX.stream()
                .filter(each -> name.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Reads a vocabulary, on a thread of its own, where that has not been done or begun. */
    static CompletableFuture<TextTokens> load(String encoding) {
        CompletableFuture<TextTokens> known = LOADED.get(encoding);
        return known != null ? known : LOADED.computeIfAbsent(encoding, OpenAiEncodings::begin);
    }

    private static CompletableFuture<TextTokens> begin(String encoding) {
        CompletableFuture<TextTokens> loading = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        loading.complete(Jtokkit.load(encoding));
                    } catch (Throwable t) { // out of memory, say: the next call tries again
                        LOADED.remove(encoding);
                        loading.completeExceptionally(t);
                    }
                },
                "fmware-vocabulary");
        thread.setDaemon(true);
        thread.start();
        return loading;
    }
}
