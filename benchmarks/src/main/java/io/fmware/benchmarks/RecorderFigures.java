package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmPipeline;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.RecorderLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * What the flight recorder costs. An event is handed over as bytes, encoded, redacted and linked, and acknowledged when it is in
 * the mapped segment, from where a SIGKILL of the process does not take it. Before that stands what {@code recorder.call.overhead}
 * measures; behind it only compressing, on a thread of its own.
 */
final class RecorderFigures implements FigureGroup {
    private static final String APPEND = "recorder.append";
    private static final String APPEND_P99 = "recorder.append.p99";
    private static final String APPEND_CHANNEL = "recorder.append.base.filechannel";
    private static final String APPEND_JFR = "recorder.append.peer.jfr";
    private static final String THROUGHPUT = "recorder.throughput";
    private static final String APPEND_LOG4J = "recorder.append.peer.log4j2";
    private static final String THROUGHPUT_CHANNEL = "recorder.throughput.base.filechannel";
    private static final String THROUGHPUT_JFR = "recorder.throughput.peer.jfr";
    private static final String THROUGHPUT_LOG4J = "recorder.throughput.peer.log4j2";
    private static final String OVERHEAD = "recorder.call.overhead";
    private static final String BYTES = "recorder.bytes.per.call";
    private static final int KILOBYTE = 1024;
    private static final int SMALL = 256;
    private static final int WARM = 100_000;
    private static final int TIMED = 300_000;
    private static final long PACE = 20_000;
    private static final int THREADS = 2;
    private static final int EACH = 1_500_000;
    private static final int CALLS = 20_000;

    @Override
    public List<String> names() {
        return List.of(
                APPEND,
                APPEND_P99,
                APPEND_CHANNEL,
                APPEND_JFR,
                APPEND_LOG4J,
                THROUGHPUT,
                THROUGHPUT_CHANNEL,
                THROUGHPUT_JFR,
                THROUGHPUT_LOG4J,
                OVERHEAD,
                BYTES);
    }

    /** Opens something that takes events. */
    private interface Opening {
        RecorderPeers.Sink in(Path directory) throws IOException;
    }

    /** Takes an event. */
    private interface Taking {
        void take(byte[] event) throws IOException;
    }

    private static RecorderPeers.Sink recorder(Path directory) throws IOException {
        RecorderLog log = new RecorderLog(directory);
        return new RecorderPeers.Sink() {
            @Override
            public void take(byte[] event) {
                if (!log.append(event)) {
                    throw new IllegalStateException("an event was lost");
                }
            }

            @Override
            public void close() {
                log.close();
            }
        };
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        if (wanted.contains(APPEND) || wanted.contains(APPEND_P99)) {
            inDirectory(directory -> {
                try (RecorderLog log = new RecorderLog(directory)) {
                    long[] nanos = timed(log::append);
                    String how = "event of 1 KB, one thread, one in 20 us, " + TIMED + " after " + WARM;
                    if (wanted.contains(APPEND)) {
                        output.print(
                                new Figure(APPEND, nanos[TIMED / 2] / 1e3, "us", "p50; " + Jdk.running() + "; " + how));
                    }
                    if (wanted.contains(APPEND_P99)) {
                        output.print(new Figure(
                                APPEND_P99, nanos[TIMED * 99 / 100] / 1e3, "us", "p99; " + Jdk.running() + "; " + how));
                    }
                }
            });
        }
        append(APPEND_CHANNEL, wanted, output, RecorderPeers::channel, RecorderPeers.CHANNEL);
        append(APPEND_JFR, wanted, output, RecorderPeers::jfr, RecorderPeers.JFR);
        append(APPEND_LOG4J, wanted, output, RecorderPeers::log4j, RecorderPeers.LOG4J);
        throughput(THROUGHPUT, wanted, output, RecorderFigures::recorder, "compressed meanwhile on the same two cores");
        throughput(THROUGHPUT_CHANNEL, wanted, output, RecorderPeers::channel, RecorderPeers.CHANNEL);
        throughput(THROUGHPUT_JFR, wanted, output, RecorderPeers::jfr, RecorderPeers.JFR);
        throughput(THROUGHPUT_LOG4J, wanted, output, RecorderPeers::log4j, RecorderPeers.LOG4J);
        if (wanted.contains(OVERHEAD) || wanted.contains(BYTES)) {
            calls(wanted, output);
        }
    }

    interface Work {
        void in(Path directory) throws Exception;
    }

    static void inDirectory(Work work) throws Exception {
        Path directory = Files.createTempDirectory("flights");
        try {
            work.in(directory);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private static byte[] event(int length) {
        byte[] event = new byte[length];
        Arrays.fill(event, (byte) 'x');
        byte[] head = "{\"t\":\"call.started\",\"r\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"n\":1,\"x\":\""
                .getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, event, 0, head.length);
        event[length - 2] = '"';
        event[length - 1] = '}';
        return event;
    }

    private static long[] timed(Taking sink) throws IOException {
        byte[] event = event(KILOBYTE);
        long[] nanos = new long[TIMED];
        for (int i = -WARM; i < TIMED; i++) {
            long start = System.nanoTime();
            sink.take(event);
            if (i >= 0) {
                nanos[i] = System.nanoTime() - start;
            }
            while (System.nanoTime() - start < PACE) { // more than a disk can take tells of the disk
                Thread.onSpinWait();
            }
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static void append(String name, Set<String> wanted, Output output, Opening opening, String how)
            throws Exception {
        if (!wanted.contains(name)) {
            return;
        }
        inDirectory(directory -> {
            try (RecorderPeers.Sink sink = opening.in(directory)) {
                long[] nanos = timed(sink::take);
                output.print(new Figure(
                        name,
                        nanos[TIMED / 2] / 1e3,
                        "us",
                        "p50; " + Jdk.running() + "; event of 1 KB; " + how + "; p99 "
                                + nanos[TIMED * 99 / 100] / 1e3));
            }
        });
    }

    private static void throughput(String name, Set<String> wanted, Output output, Opening opening, String how)
            throws Exception {
        if (!wanted.contains(name)) {
            return;
        }
        inDirectory(directory -> {
            try (RecorderPeers.Sink sink = opening.in(directory)) {
                output.print(new Figure(
                        name,
                        THREADS * EACH / seconds(sink),
                        "events/s",
                        Jdk.running() + "; " + THREADS + " threads, events of 256 B, " + THREADS * EACH + " of them; "
                                + how));
            }
        });
    }

    private static double seconds(RecorderPeers.Sink sink) throws Exception {
        byte[] event = event(SMALL);
        for (int i = 0; i < WARM; i++) {
            sink.take(event);
        }
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                    for (int i = 0; i < EACH; i++) {
                        sink.take(event);
                    }
                } catch (InterruptedException | IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        long start = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void calls(Set<String> wanted, Output output) throws Exception {
        double bare = call(FmPipeline.builder().build());
        inDirectory(directory -> {
            double recorded;
            try (FlightRecorder recorder =
                    FlightRecorder.builder(directory).content(ContentRule.all()).open()) {
                recorded = call(FmPipeline.builder().watch(recorder).build());
            }
            String how = Jdk.running()
                    + "; prompt of 4 KB, different for each call, answer of 200 B, all contents recorded, "
                    + "redaction and hashing included; medians of " + CALLS + " calls; without a recorder " + bare / 1e3
                    + " us";
            if (wanted.contains(OVERHEAD)) {
                output.print(new Figure(OVERHEAD, (recorded - bare) / 1e3, "us", how));
            }
            if (wanted.contains(BYTES)) {
                long bytes;
                try (Stream<Path> files = Files.list(directory)) {
                    bytes = files.mapToLong(file -> file.toFile().length()).sum();
                }
                output.print(new Figure(BYTES, (double) bytes / (2 * CALLS), "B", how));
            }
        });
    }

    /** The median of the time of a call, in nanoseconds. */
    private static double call(FmPipeline pipeline) {
        long[] nanos = new long[CALLS];
        try (pipeline) {
            ChatModel model = pipeline.wrap(new ChatModel() {
                @Override
                public ChatResponse doChat(ChatRequest request) {
                    return ChatResponse.builder()
                            .aiMessage(AiMessage.from("A transfer costs nothing within the country. ".repeat(4)))
                            .tokenUsage(new TokenUsage(900, 40))
                            .build();
                }
            });
            for (int i = -CALLS; i < CALLS; i++) {
                ChatRequest request = ChatRequest.builder()
                        .messages(SystemMessage.from("Answer from the handbook."), UserMessage.from(prose(i)))
                        .build();
                long start = System.nanoTime();
                model.chat(request);
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - start;
                }
            }
        }
        Arrays.sort(nanos);
        return nanos[CALLS / 2];
    }

    private static String prose(int number) {
        StringBuilder text = new StringBuilder("Question " + number + ". ");
        for (int i = 0; text.length() < 4 * KILOBYTE; i++) {
            text.append("A transfer of ").append(i + number).append(" euros arrives on the next working day. ");
        }
        return text.substring(0, 4 * KILOBYTE);
    }
}
