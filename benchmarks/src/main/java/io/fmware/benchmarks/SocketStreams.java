package io.fmware.benchmarks;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.fmware.FmPipeline;
import io.fmware.http.BlockingHttpClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * How many streams of a real provider client behind a pipeline can be open at once over real sockets. Opens the streams
 * against a server in a JVM of its own, which sends a first token at once and the rest of the answer only when it is told that
 * every stream has its first token, or that no more of them are getting one.
 *
 * <p>Everything happens on the loopback interface. Run it with the class path of the benchmarks:
 * {@code java -Xmx512m -cp ... io.fmware.benchmarks.SocketStreams 10000 blocking}. Each stream needs one file descriptor
 * here and one in the server.
 */
public final class SocketStreams {

    private static final Duration STALL = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofMinutes(3);

    /**
     * What came of the streams.
     *
     * @param streams how many were started
     * @param openAtOnce how many had their first token before any of them was let to its end
     * @param completed how many ended in {@code onCompleteResponse}
     * @param failed how many ended in {@code onError}
     * @param terminalEvents how many times either was called, over all streams
     * @param opening from the start until the last stream was open, or until no more of them opened
     * @param total from the start until the last terminal event; when openings stalled, the stall is in it
     * @param heapMegabytes live heap of the client's JVM while the streams were open
     */
    public record Result(
            int streams,
            int openAtOnce,
            int completed,
            int failed,
            int terminalEvents,
            Duration opening,
            Duration total,
            long heapMegabytes) {}

    private final int streams;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger terminalEvents = new AtomicInteger();

    private SocketStreams(int streams) {
        this.streams = streams;
    }

    /**
     * Opens streams and lets them end.
     *
     * @param streams how many
     * @param blockingClient true for FMware's blocking client, false for the client that langchain4j finds by itself
     * @return what came of them
     * @throws IOException if the server's JVM cannot be started
     */
    public static Result run(int streams, boolean blockingClient) throws IOException {
        HttpClientBuilder client =
                blockingClient ? BlockingHttpClient.builder() : HttpClientBuilderLoader.loadHttpClientBuilder();
        try (StreamServer server = StreamServer.fork()) {
            return new SocketStreams(streams).against(server, client);
        }
    }

    private Result against(StreamServer server, HttpClientBuilder client) throws IOException {
        StreamingChatModel openAi = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(client)
                .baseUrl(server.url())
                .apiKey("none")
                .modelName("any")
                .timeout(LONGEST)
                .build();
        FmPipeline pipeline = FmPipeline.builder().build();
        StreamingChatModel model = pipeline.wrap(openAi);
        long start = System.nanoTime();
        for (int i = 0; i < streams; i++) {
            model.chat("Hello", new Counting());
        }
        Duration opening = untilReached(opened::get, start);
        int openAtOnce = opened.get();
        long heap = liveHeapMegabytes();
        server.release();
        Duration total = untilReached(() -> completed.get() + failed.get(), start);
        pipeline.close();
        return new Result(
                streams, openAtOnce, completed.get(), failed.get(), terminalEvents.get(), opening, total, heap);
    }

    /** Waits until a count has reached the number of streams or has stalled; the time of its last step. */
    private Duration untilReached(IntSupplier count, long start) {
        int last = -1;
        long lastStep = System.nanoTime();
        while (last < streams) {
            int current = count.getAsInt();
            long now = System.nanoTime();
            if (current != last) {
                last = current;
                lastStep = now;
            } else if (now - lastStep > STALL.toNanos() || now - start > LONGEST.toNanos()) {
                break;
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
        return Duration.ofNanos(lastStep - start);
    }

    private static long liveHeapMegabytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1_000_000;
    }

    private final class Counting implements StreamingChatResponseHandler {

        private final AtomicInteger tokens = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();

        @Override
        public void onPartialResponse(String token) {
            if (tokens.getAndIncrement() == 0) {
                opened.incrementAndGet();
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end(completed);
        }

        @Override
        public void onError(Throwable error) {
            end(failed);
        }

        private void end(AtomicInteger outcome) {
            terminalEvents.incrementAndGet();
            if (ends.getAndIncrement() == 0) {
                outcome.incrementAndGet();
            }
        }
    }

    /**
     * Runs once and prints the result.
     *
     * @param arguments the number of streams, and {@code blocking} or {@code langchain4j}
     * @throws IOException if the server's JVM cannot be started
     */
    public static void main(String[] arguments) throws IOException {
        System.out.println(run(Integer.parseInt(arguments[0]), arguments[1].equals("blocking")));
    }
}
