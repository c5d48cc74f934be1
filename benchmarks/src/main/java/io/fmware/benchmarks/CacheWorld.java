package io.fmware.benchmarks;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.rag.content.Content;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.cache.Dependency;
import io.fmware.cache.FmCache;
import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Documents, tools and prompts that change, and questions whose answers are made of them. An answer says of which versions it was
 * made, though the request does not: nothing but the boundaries of the run tells the cache of them. Thread-safe.
 */
final class CacheWorld implements AutoCloseable {
    static final int DOCUMENTS = 400;
    static final int FIRST_DOCUMENTS = 200;
    static final int TOOLS = 20;
    static final int PROMPTS = 5;
    static final int QUESTIONS = 500;
    private static final int TOPICS = 40;
    private static final String CORPUS = "handbook";

    private final boolean telling;
    private final FmCache cache = FmCache.exact();
    private final FmPipeline pipeline = FmPipeline.builder().with(cache).build();
    private final ChatModel model = pipeline.wrap((ChatModel) new Answering());
    private final Versions documents = new Versions(DOCUMENTS);
    private final Versions tools = new Versions(TOOLS);
    private final Versions prompts = new Versions(PROMPTS);
    private final AtomicInteger count = new AtomicInteger(FIRST_DOCUMENTS);
    private final AtomicInteger countTold = new AtomicInteger(FIRST_DOCUMENTS);
    /** The ids of answers, each with the time from which on it must not be served. */
    private final Map<String, Long> disliked = new ConcurrentHashMap<>();

    private final AtomicLong answers = new AtomicLong();
    private final ThreadLocal<String> made = ThreadLocal.withInitial(() -> "");

    /**
     * A world.
     *
     * @param telling whether the cache is told of changes
     */
    CacheWorld(boolean telling) {
        this.telling = telling;
    }

    private void tell(Dependency changed) {
        if (telling) {
            cache.changed(changed);
        }
    }

    /** What is so, and what the cache has been told of and has acknowledged. */
    private static final class Versions {
        private final AtomicIntegerArray now;
        private final AtomicIntegerArray told;

        Versions(int size) {
            this.now = new AtomicIntegerArray(size);
            this.told = new AtomicIntegerArray(size);
        }

        void change(int which, Runnable tell) {
            int version = now.incrementAndGet(which);
            tell.run();
            told.accumulateAndGet(which, version, Math::max);
        }
    }

    private final class Answering implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            long number = answers.incrementAndGet();
            return ChatResponse.builder()
                    .id("a" + number)
                    .aiMessage(AiMessage.from(made.get()))
                    .build();
        }
    }

    /** What came of a question. */
    record Asked(String id, String answer, boolean stale) {}

    private static boolean isAbout(int document, int question) {
        return document % TOPICS == question % TOPICS && (document / TOPICS + question) % 2 == 0;
    }

    private List<Integer> documentsFor(int question, int among) {
        List<Integer> found = new ArrayList<>();
        for (int document = 0; document < among; document++) {
            if (isAbout(document, question)) {
                found.add(document);
            }
        }
        return found;
    }

    Asked ask(int question) {
        int tool = question % TOOLS;
        int prompt = question % PROMPTS;
        int[] least = new int[DOCUMENTS];
        int leastCount = countTold.get();
        for (int each : documentsFor(question, leastCount)) {
            least[each] = documents.told.get(each);
        }
        int leastTool = tools.told.get(tool);
        int leastPrompt = prompts.told.get(prompt);
        long start = System.nanoTime();
        ChatResponse response;
        try (FmRun run = pipeline.run("ask").open()) {
            StringBuilder from = new StringBuilder();
            FmRun.cross(BoundaryKind.RETRIEVAL, CORPUS, () -> retrieve(question, from));
            FmRun.cross(
                    BoundaryKind.TOOL,
                    "tool" + tool,
                    () -> from.append("t=").append(tools.now.get(tool)).append(' '));
            cache.dependsOn(Dependency.prompt("prompt" + prompt));
            from.append("p=").append(prompts.now.get(prompt)).append(' ');
            made.set(from.toString());
            response = model.chat(ChatRequest.builder()
                    .messages(UserMessage.from("question " + question))
                    .build());
        }
        String answer = response.aiMessage().text();
        boolean stale = disliked.getOrDefault(response.id(), Long.MAX_VALUE) < start
                || value(answer, "t") < leastTool
                || value(answer, "p") < leastPrompt;
        for (int each : documentsFor(question, leastCount)) {
            stale |= value(answer, "d" + each) < least[each];
        }
        return new Asked(response.id(), answer, stale);
    }

    private List<Content> retrieve(int question, StringBuilder from) {
        List<Content> found = new ArrayList<>();
        for (int document : documentsFor(question, count.get())) {
            from.append('d')
                    .append(document)
                    .append('=')
                    .append(documents.now.get(document))
                    .append(' ');
            found.add(Content.from(TextSegment.from("text", Metadata.from("id", "d" + document))));
        }
        return found;
    }

    /** What the answer to a question is now. */
    String truth(int question) {
        StringBuilder from = new StringBuilder();
        retrieve(question, from);
        return from + "t=" + tools.now.get(question % TOOLS) + " p=" + prompts.now.get(question % PROMPTS) + " ";
    }

    /** The version of something that an answer was made of, -1 where it was not made of it. */
    private static int value(String answer, String what) {
        int at = (" " + answer).indexOf(" " + what + "=");
        if (at < 0) {
            return -1;
        }
        int from = at + what.length() + 1;
        return Integer.parseInt(answer.substring(from, answer.indexOf(' ', from)));
    }

    void changeDocument(int which) {
        documents.change(which, () -> tell(Dependency.document(CORPUS, "d" + which)));
    }

    void changeTool(int which) {
        tools.change(which, () -> tell(Dependency.tool("tool" + which)));
    }

    void changePrompt(int which) {
        prompts.change(which, () -> tell(Dependency.prompt("prompt" + which)));
    }

    /** Adds a document, as long as there is room for one. */
    void addDocument() {
        int added = count.getAndUpdate(n -> Math.min(DOCUMENTS, n + 1)) + 1;
        tell(Dependency.corpus(CORPUS));
        countTold.accumulateAndGet(Math.min(DOCUMENTS, added), Math::max);
    }

    void dislike(String id) {
        try (FmRun run = pipeline.run("feedback").open()) {
            FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", id));
        }
        disliked.putIfAbsent(id, System.nanoTime());
    }

    FmCache cache() {
        return cache;
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
