package io.fmware.observability.command;

import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.recorder.RecordingFollower;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Events as they come. */
@Command(name = "follow", sortOptions = false, header = "Shows events as they come, until it is stopped with Ctrl-C.")
final class FollowEvents extends OnRecording {
    private static final Duration EACH = Duration.ofMillis(250);

    @Option(names = "--from-start", description = "what is there already, too")
    private boolean fromStart;

    @Option(names = "--failed", description = "only what tells of something that failed, or was rejected")
    private boolean failed;

    @Mixin
    private EventFilter filter = new EventFilter();

    FollowEvents(Screen screen) {
        super(screen);
    }

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        Predicate<RecordedEvent> wanted = filter.wanted(this);
        EventText text = new EventText(this, null);
        RecordingFollower follower = recording.follow();
        if (!fromStart) {
            follower.poll(event -> {}, faults);
        }
        do {
            follower.poll(
                    event -> {
                        if (wanted.test(event) && (!failed || event.isFailure())) {
                            screen().line(line(event, text));
                        }
                    },
                    faults);
            screen().flush(); // a person watches
        } while (screen().pause(EACH));
        return OK;
    }

    private String line(RecordedEvent event, EventText text) {
        String type = name(event.type());
        return screen().faint(Times.millis(event.at(), zone())) + "  " + run(event.run()) + "  "
                + (event.isFailure() ? screen().bad(type) : type) + "  " + content(event.path()) + text.fields(event);
    }
}
