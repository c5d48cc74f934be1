package io.fmware.observability.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A recording made with a clock that is moved by hand, and the command on a screen that can be read. */
final class CommandRig implements AutoCloseable {
    final ManualClock clock = ManualClock.create();
    final Path flights;
    final FlightRecorder recorder;
    final FmPipeline pipeline;
    boolean watched;
    boolean coloured;
    /** What happens while the command waits; it ends when there is nothing left. */
    final Deque<Runnable> meanwhile = new ArrayDeque<>();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    CommandRig(Path flights) throws IOException {
        this(flights, ContentRule.all());
    }

    CommandRig(Path flights, ContentRule rule) throws IOException {
        this.flights = flights;
        this.recorder = FlightRecorder.builder(flights)
                .content(rule)
                .key(new byte[16])
                .time(clock)
                .open();
        this.pipeline = FmPipeline.builder().watch(recorder).time(clock).build();
    }

    void after(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    /** A claim that is settled, in 500 ms. */
    void settled(String id, String user) {
        ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Reply.builder()
                .text("We pay 900 euros.")
                .usage(1_200, 30)
                .modelName("gpt-4o")
                .build()));
        try (FmRun run = pipeline.run("claim").id(id).user(user).open();
                FmRun.Scope agent = run.agent("settlement")) {
            after(10);
            FmRun.note(at -> new FmEvent.Planned(at, List.of("look up", "settle"), "the damage is small"));
            FmRun.cross(BoundaryKind.TOOL, "lookUpCover", request("{\"policy\":\"P-2041\"}"), asked -> {
                after(90);
                return "covers up to 1500 euros";
            });
            after(400);
            agent.output(model.chat("Settle the claim of " + user));
        }
    }

    /** A claim that fails with the tool. */
    void failed(String id, String user, RuntimeException error) {
        try (FmRun run = pipeline.run("claim").id(id).user(user).open()) {
            try (FmRun.Scope agent = run.agent("settlement")) {
                FmRun.cross(BoundaryKind.TOOL, "lookUpCover", request("{\"policy\":\"P-9\"}"), asked -> {
                    after(30);
                    throw error;
                });
                agent.output("nothing");
            } catch (RuntimeException e) {
                run.failed(e);
            }
        }
    }

    private static dev.langchain4j.agent.tool.ToolExecutionRequest request(String arguments) {
        return dev.langchain4j.agent.tool.ToolExecutionRequest.builder()
                .id("call-1")
                .name("lookUpCover")
                .arguments(arguments)
                .build();
    }

    int run(String... args) {
        return run(clock, args);
    }

    int run(TimeSource time, String... args) {
        out.reset();
        err.reset();
        Screen screen = new Screen(
                out,
                new PrintStream(err, true, UTF_8),
                UTF_8,
                watched,
                coloured,
                ZoneOffset.ofHours(1),
                time,
                wanted -> {
                    Runnable next = meanwhile.poll();
                    if (next != null) {
                        next.run();
                    }
                    return next != null;
                });
        return Flights.run(screen, args);
    }

    String out() {
        return out.toString(UTF_8);
    }

    String err() {
        return err.toString(UTF_8);
    }

    @Override
    public void close() {
        pipeline.close();
        recorder.close();
    }
}
