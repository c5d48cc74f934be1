package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.cache.FmCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What the exact cache costs, and whether it ever serves what it must not. */
final class CacheFigures implements FigureGroup {
    private static final String HIT = "cache.exact.hit.10k";
    private static final String HIT_P99 = "cache.exact.hit.10k.p99";
    private static final String FLIGHT = "cache.singleflight";
    private static final String STALE = "cache.stale";
    private static final String UNTOLD = "cache.stale.base.untold";
    private static final String OVERPURGE = "cache.overpurge";
    private static final String LEAK = "cache.leak";
    private static final int OPERATIONS = 1_000_000;
    private static final int PROMPT = 10 * 1024;
    private static final int THREADS = 4;
    private static final int CALLS_AT_ONCE = 1_000;
    private static final long SEED = 11;

    @Override
    public List<String> names() {
        return List.of(HIT, HIT_P99, FLIGHT, STALE, UNTOLD, OVERPURGE, LEAK);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        if (wanted.contains(HIT) || wanted.contains(HIT_P99)) {
            hits(wanted, output);
        }
        if (wanted.contains(FLIGHT)) {
            output.print(flight());
        }
        if (wanted.contains(STALE)) {
            output.print(stale(STALE, true, OPERATIONS));
        }
        if (wanted.contains(UNTOLD)) { // shows that the count counts
            output.print(stale(UNTOLD, false, OPERATIONS / 10));
        }
        if (wanted.contains(OVERPURGE)) {
            output.print(overpurge());
        }
        if (wanted.contains(LEAK)) {
            output.print(leak());
        }
    }

    private static void hits(Set<String> wanted, Output output) {
        int warm = 50_000;
        int timed = 200_000;
        ChatRequest request = ChatRequest.builder()
                .messages(SystemMessage.from("Answer from the handbook."), UserMessage.from(prose()))
                .build();
        try (FmPipeline pipeline = FmPipeline.builder()
                .with(FmCache.builder()
                        .personal(question -> false)
                        .timeSensitive(question -> false)
                        .build())
                .build()) {
            ChatModel model = pipeline.wrap(echo());
            long[] nanos = new long[timed];
            for (int i = -warm; i < timed; i++) {
                long start = System.nanoTime();
                model.chat(request);
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - start;
                }
            }
            Arrays.sort(nanos);
            String how = Jdk.running() + "; one thread, " + timed + " hits after " + warm
                    + ", prompt of 10 KB, digest included; lowest " + nanos[0] / 1e3 + " us";
            if (wanted.contains(HIT)) {
                output.print(new Figure(HIT, nanos[timed / 2] / 1e3, "us", "p50; " + how));
            }
            if (wanted.contains(HIT_P99)) {
                output.print(new Figure(HIT_P99, nanos[timed * 99 / 100] / 1e3, "us", "p99; " + how));
            }
        }
    }

    private static String prose() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < PROMPT; i++) {
            text.append("A transfer of ").append(i).append(" euros arrives on the next working day. ");
        }
        return text.substring(0, PROMPT);
    }

    private static ChatModel echo() {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder().aiMessage(AiMessage.from("yes")).build();
            }
        };
    }

    private static Figure flight() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ChatModel slow = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                asked.incrementAndGet();
                LockSupport.parkNanos(500_000_000);
                return ChatResponse.builder().aiMessage(AiMessage.from("yes")).build();
            }
        };
        FmCache cache = FmCache.exact();
        ExecutorService users = Executors.newFixedThreadPool(CALLS_AT_ONCE);
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel model = pipeline.wrap(slow);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < CALLS_AT_ONCE; i++) {
                answers.add(users.submit(() -> {
                    go.await();
                    return model.chat("What is the capital of France?");
                }));
            }
            go.countDown();
            for (Future<String> each : answers) {
                each.get();
            }
            return new Figure(
                    FLIGHT,
                    asked.get(),
                    "calls",
                    Jdk.running() + "; " + CALLS_AT_ONCE + " equal requests at once, "
                            + cache.stats().shared() + " waited, "
                            + cache.stats().hits() + " came after the answer");
        } finally {
            users.shutdownNow();
        }
    }

    private static Figure stale(String name, boolean telling, int operations) throws Exception {
        AtomicLong stale = new AtomicLong();
        AtomicLong asked = new AtomicLong();
        ExecutorService users = Executors.newFixedThreadPool(THREADS);
        try (CacheWorld world = new CacheWorld(telling)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(SEED + thread);
                all.add(users.submit(() -> {
                    for (int i = 0; i < operations / THREADS; i++) {
                        CacheWorld.Asked answer = operation(world, random);
                        if (answer != null) {
                            asked.incrementAndGet();
                            stale.addAndGet(answer.stale() ? 1 : 0);
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            return new Figure(
                    name,
                    stale.get(),
                    "count",
                    Jdk.running() + "; seed " + SEED + ", " + operations + " operations of " + THREADS + " threads, "
                            + asked.get() + " of them questions, "
                            + world.cache().stats().hits() + " hits and "
                            + world.cache().stats().shared()
                            + " shared; documents, tools and prompts change, documents are"
                            + " added, answers are disliked"
                            + (telling ? "" : "; the cache is told of none but the last"));
        } finally {
            users.shutdownNow();
        }
    }

    private static CacheWorld.@Nullable Asked operation(CacheWorld world, Random random) {
        int dice = random.nextInt(1_000);
        if (dice < 40) {
            world.changeDocument(random.nextInt(CacheWorld.DOCUMENTS));
        } else if (dice < 50) {
            world.changeTool(random.nextInt(CacheWorld.TOOLS));
        } else if (dice < 52) {
            world.changePrompt(random.nextInt(CacheWorld.PROMPTS));
        } else if (dice < 54) {
            world.addDocument();
        } else {
            CacheWorld.Asked answer = world.ask(random.nextInt(CacheWorld.QUESTIONS));
            if (dice < 64) {
                world.dislike(answer.id());
            }
            return answer;
        }
        return null;
    }

    /** A question that has to be asked again, though its answer was known and is still right, was dropped without need. */
    private static Figure overpurge() {
        Random random = new Random(SEED);
        Map<Integer, CacheWorld.Asked> known = new HashMap<>();
        long dropped = 0;
        long needless = 0;
        try (CacheWorld world = new CacheWorld(true)) {
            for (int i = 0; i < OPERATIONS / 10; i++) {
                int dice = random.nextInt(100);
                if (dice < 5) {
                    world.changeDocument(random.nextInt(CacheWorld.DOCUMENTS));
                } else if (dice < 6) {
                    world.changeTool(random.nextInt(CacheWorld.TOOLS));
                } else if (dice < 7) {
                    world.addDocument();
                } else {
                    int question = random.nextInt(CacheWorld.QUESTIONS);
                    String truth = world.truth(question);
                    CacheWorld.Asked now = world.ask(question);
                    CacheWorld.Asked before = known.put(question, now);
                    if (before != null && !before.id().equals(now.id())) {
                        dropped++;
                        needless += before.answer().equals(truth) ? 1 : 0;
                    }
                }
            }
        }
        return new Figure(
                OVERPURGE,
                100.0 * needless / Math.max(1, dropped),
                "%",
                Jdk.running() + "; seed " + SEED + ", " + OPERATIONS / 10 + " operations; of " + dropped
                        + " answers that were dropped and asked for again " + needless + " were still right");
    }

    private static Figure leak() throws InterruptedException, ExecutionException {
        AtomicLong crossings = new AtomicLong();
        FmCache cache = FmCache.exact();
        ExecutorService users = Executors.newFixedThreadPool(THREADS);
        ThreadLocal<String> whose = ThreadLocal.withInitial(() -> "");
        ChatModel telling = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from(whose.get()))
                        .build();
            }
        };
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel model = pipeline.wrap(telling);
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(SEED + thread);
                all.add(users.submit(() -> {
                    for (int i = 0; i < OPERATIONS / THREADS; i++) {
                        crossings.addAndGet(crosses(pipeline, model, whose, random) ? 1 : 0);
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            return new Figure(
                    LEAK,
                    crossings.get(),
                    "count",
                    Jdk.running() + "; seed " + SEED + ", " + OPERATIONS
                            + " requests of 20 tenants with 20 users, 3 histories and" + " 3 temperatures, "
                            + cache.stats().hits() + " hits");
        } finally {
            users.shutdownNow();
        }
    }

    private static boolean crosses(FmPipeline pipeline, ChatModel model, ThreadLocal<String> whose, Random random) {
        int choices = 20;
        String tenant = "tenant" + random.nextInt(choices);
        String user = "user" + random.nextInt(choices);
        int history = random.nextInt(3);
        double temperature = random.nextInt(3) / 10.0;
        boolean personal = random.nextBoolean();
        String question = personal ? "What are my fees?" : "What are the fees?";
        whose.set(tenant + (personal ? " " + user : "") + " " + history + " " + temperature);
        ChatRequest.Builder request = ChatRequest.builder().temperature(temperature);
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < history; i++) {
            messages.add(UserMessage.from("hello " + i));
            messages.add(AiMessage.from("hello"));
        }
        messages.add(UserMessage.from(question));
        try (FmRun run = pipeline.run("ask").tenant(tenant).user(user).open()) {
            String answer =
                    model.chat(request.messages(messages).build()).aiMessage().text();
            return !answer.equals(whose.get());
        }
    }
}
