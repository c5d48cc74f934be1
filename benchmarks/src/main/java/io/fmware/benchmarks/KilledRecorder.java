package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Recording;

/**
 * A process that records until it is killed. Each thread writes into a mapped file, which outlives the process, how many rounds were
 * acknowledged: the number of a round is written there when all of its events were.
 */
final class KilledRecorder {
    static final int THREADS = 2;
    /** What one round records: the run, a decision, the call, its attempt. */
    static final int EVENTS = 7;

    static final String JFR_EVENT = "fmware.Round";

    private KilledRecorder() {}

    /** What a thread does in a round. */
    private interface Round {
        void run(int thread, long number);
    }

    /** A round in the JDK's recorder: one event. */
    @jdk.jfr.Name(JFR_EVENT)
    @jdk.jfr.StackTrace(false)
    static final class RoundEvent extends Event {
        @SuppressWarnings("unused") // JFR reads it
        int thread;

        @SuppressWarnings("unused") // JFR reads it
        long number;

        @SuppressWarnings("unused") // JFR reads it
        String text = "";
    }

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[1]);
        try (FileChannel channel = FileChannel.open(
                Path.of(args[2]), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            MappedByteBuffer acknowledged = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) Long.BYTES * THREADS);
            Round round = args[0].equals("jfr") ? jfr() : fmware(directory);
            for (int i = 1; i < THREADS; i++) {
                int thread = i;
                new Thread(() -> rounds(round, thread, acknowledged)).start();
            }
            rounds(round, 0, acknowledged);
        }
    }

    private static void rounds(Round round, int thread, MappedByteBuffer acknowledged) {
        for (long i = 1; ; i++) {
            round.run(thread, i);
            acknowledged.putLong(Long.BYTES * thread, i);
        }
    }

    private static Round fmware(Path directory) throws IOException {
        FlightRecorder recorder = FlightRecorder.builder(directory)
                .content(ContentRule.all())
                .segmentBytes(1 << 20)
                .open();
        FmPipeline pipeline = FmPipeline.builder().watch(recorder).build();
        ChatModel model = pipeline.wrap(new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder().aiMessage(AiMessage.from("yes")).build();
            }
        });
        return (thread, number) -> {
            try (FmRun run = pipeline.run("claim").id(thread + "-" + number).open()) {
                FmRun.note(at -> new FmEvent.Decided(at, "pay?", List.of("pay", "refuse"), "pay", "it is covered"));
                model.chat("Is claim " + number + " of thread " + thread + " covered?");
            }
            if (recorder.lost() > 0) {
                throw new IllegalStateException("events were lost before the kill");
            }
        };
    }

    private static Round jfr() {
        Recording recording = new Recording();
        recording.enable(RoundEvent.class);
        recording.setToDisk(true);
        recording.start();
        return (thread, number) -> {
            RoundEvent event = new RoundEvent();
            event.thread = thread;
            event.number = number;
            event.text = "Is claim " + number + " of thread " + thread + " covered?";
            event.commit();
        };
    }
}
