package io.fmware.benchmarks;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.FmPipeline;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens many streams at once through a pipeline. The stub sends a token and then keeps its thread, as a client that reads a
 * socket does, until every stream is open.
 */
final class ConcurrentStreams {
    private static final int PATIENCE_SECONDS = 120;

    private final int streams;
    private final CountDownLatch opened;
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch ended;
    private final List<Counting> handlers = new ArrayList<>();

    private ConcurrentStreams(int streams) {
        this.streams = streams;
        this.opened = new CountDownLatch(streams);
        this.ended = new CountDownLatch(streams);
    }

    /**
     * What came of the streams.
     *
     * @param streams how many were started
     * @param openAtOnce how many had given a token and no terminal event at the moment when they were let to their end
     * @param endedOnce how many of them ended in exactly one terminal event, their answer
     * @param heapMegabytes live heap while they were open
     * @param millis from the start of the first stream to the end of the last
     */
    record Result(int streams, long openAtOnce, long endedOnce, long heapMegabytes, long millis) {}

    /** Runs in a JVM of its own and prints the result. */
    public static void main(String[] arguments) throws InterruptedException {
        System.out.println(new ConcurrentStreams(Integer.parseInt(arguments[0])).run());
        System.exit(0); // streams that are stuck do not keep the JVM
    }

    private Result run() throws InterruptedException {
        StreamingChatModel stub = new Blocking();
        FmPipeline pipeline = NoOps.sinkWrapping(5);
        StreamingChatModel model = pipeline.wrap(stub);
        long start = System.nanoTime();
        for (int i = 0; i < streams; i++) {
            Counting handler = new Counting();
            handlers.add(handler);
            model.chat(Stubs.REQUEST, handler);
        }
        opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long open = handlers.stream().filter(Counting::isOpen).count();
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1_000_000;
        released.countDown();
        ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        pipeline.close(); // waits for what is still under way, so that a second terminal event is seen
        long once = handlers.stream().filter(Counting::endedOnce).count();
        return new Result(streams, open, once, heap, millis);
    }

    private final class Blocking implements StreamingChatModel {
        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            handler.onPartialResponse("token ");
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody cancels", e);
            }
            handler.onCompleteResponse(Stubs.RESPONSE);
        }
    }

    private final class Counting implements StreamingChatResponseHandler {
        private final AtomicInteger tokens = new AtomicInteger();
        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicInteger errors = new AtomicInteger();

        @Override
        public void onPartialResponse(String token) {
            if (tokens.incrementAndGet() == 1) {
                opened.countDown();
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            answers.incrementAndGet();
            ended.countDown();
        }

        @Override
        public void onError(Throwable error) {
            errors.incrementAndGet();
            ended.countDown();
        }

        boolean isOpen() {
            return tokens.get() == 1 && answers.get() == 0 && errors.get() == 0;
        }

        boolean endedOnce() {
            return answers.get() == 1 && errors.get() == 0;
        }
    }
}
