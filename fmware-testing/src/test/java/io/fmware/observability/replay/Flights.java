package io.fmware.observability.replay;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Records what an application does, and has it do that again. */
final class Flights {
    private final Path directory;
    private final UnaryOperator<FlightRecorder.Builder> settings;

    Flights(Path directory) {
        this(directory, builder -> builder.content(ContentRule.all()).pieces().exact());
    }

    Flights(Path directory, UnaryOperator<FlightRecorder.Builder> settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /** Runs the application in a run named {@code claim}; what it throws is recorded. */
    Cassette recorded(Supplier<?> application) {
        return recorded("claim", application);
    }

    Cassette recorded(String run, Supplier<?> application) {
        try {
            String id;
            try (FlightRecorder recorder = settings.apply(
                            FlightRecorder.builder(directory).segmentBytes(1 << 18))
                    .open()) {
                try (FmRun open = FmRun.builder(run).watch(recorder).open()) {
                    id = open.id();
                    attempt(application);
                }
            }
            Cassette cassette = Cassette.of(Recording.in(directory), id);
            Path file = directory.resolve("cassettes").resolve("cassette.json");
            cassette.write(file);
            return Cassette.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the application gives in a replay, or throws. */
    static @Nullable Object replayed(Replay replay, Supplier<?> application) {
        try (FmRun run = replay.open()) {
            return attempt(application);
        }
    }

    /** Why a replay stops, whatever the application makes of it. */
    static ReplayDivergedException stopped(Replay replay, Supplier<?> application) {
        try {
            replayed(replay, application);
        } catch (ReplayDivergedException e) {
            return e;
        }
        throw new AssertionError("the replay did not stop");
    }

    /** What the last message of a request asks. */
    static String question(ChatRequest request) {
        return ((UserMessage) request.messages().get(request.messages().size() - 1)).singleText();
    }

    /** What is thrown counts as what comes out: an application may swallow anything. */
    static @Nullable Object attempt(Supplier<?> application) {
        try {
            return application.get();
        } catch (RuntimeException e) {
            return e;
        }
    }
}
