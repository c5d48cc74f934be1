package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever happens to a stream, and in whatever order: pieces in order, then one end, then nothing. */
class StreamInterleavingTest {

    /** What can happen to a stream. */
    enum Event {
        PIECE,
        PIECE_FROM_ANOTHER_THREAD,
        COMPLETE,
        FAIL,
        CANCEL,
        DEADLINE,
        HANDLER_STARTS_TO_THROW,
        HANDLER_STARTS_TO_CANCEL
    }

    @Property(tries = 400)
    void a_stream_gives_its_pieces_in_order_then_one_end_then_nothing(@ForAll @Size(max = 12) List<Event> events) {
        ManualClock clock = ManualClock.create();
        Puppet puppet = new Puppet();
        try (Rig rig = Rig.of(
                Caller.STREAM,
                ScriptedChatModel.replying(),
                puppet,
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))))) {
            RecordingHandler handler = new RecordingHandler();
            Rig.Running running = rig.start(handler);
            Puppet.Strings strings = puppet.awaitStream();
            List<String> sent = new ArrayList<>();
            for (Event event : events) {
                happen(event, running, handler, strings, clock, sent);
            }
            running.cancel();

            Outcome outcome = handler.awaitEnd();
            List<String> pieces = outcome.events().subList(0, outcome.events().size() - 1);
            assertThat(pieces)
                    .as("pieces given of those that were sent, %s", sent)
                    .isEqualTo(sent.stream()
                            .limit(pieces.size())
                            .map(piece -> "text:" + piece)
                            .toList());
            if (outcome.error() == null) {
                assertThat(handler.streamedText()).isEqualTo(String.join("", sent.subList(0, pieces.size())));
            }
        }
    }

    private static void happen(
            Event event,
            Rig.Running running,
            RecordingHandler handler,
            Puppet.Strings strings,
            ManualClock clock,
            List<String> sent) {
        switch (event) {
            case PIECE -> {
                sent.add(sent.size() + " ");
                strings.partial(sent.get(sent.size() - 1));
            }
            case PIECE_FROM_ANOTHER_THREAD -> {
                sent.add(sent.size() + " ");
                onAnotherThread(() -> strings.partial(sent.get(sent.size() - 1)));
            }
            case COMPLETE -> {
                if (sent.isEmpty()) {
                    sent.add("whole"); // is given as a piece too
                }
                strings.complete(String.join("", sent));
            }
            case FAIL -> strings.fail(new RateLimitException("slow down"));
            case CANCEL -> running.cancel();
            case DEADLINE -> clock.advance(Duration.ofSeconds(1));
            case HANDLER_STARTS_TO_THROW ->
                handler.onText((text, handle) -> {
                    throw new IllegalStateException("no more");
                });
            case HANDLER_STARTS_TO_CANCEL -> handler.onText((text, handle) -> handle.cancel());
        }
    }

    private static void onAnotherThread(Runnable action) {
        Thread thread = new Thread(action, "of the model");
        thread.start();
        try {
            thread.join(Rig.BOUND_SECONDS * 1000L);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
