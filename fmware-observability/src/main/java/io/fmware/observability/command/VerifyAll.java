package io.fmware.observability.command;

import io.fmware.observability.recorder.Fault;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.recorder.Verification;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks that a recording is as it was written. */
@Command(
        name = "verify",
        sortOptions = false,
        header = "Checks that a recording is as it was written.",
        footer = {"", "Exit code 1 where it is not."})
final class VerifyAll extends OnRecording {
    @Option(
            names = "--anchors",
            paramLabel = "FILE",
            description = "lines of a run, a tab, and the hash of its last event")
    private @Nullable Path anchors;

    VerifyAll(Screen screen) {
        super(screen);
    }

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        Map<String, String> heads = anchors == null ? Map.of() : read(anchors);
        Verification verified = recording.verify(heads);
        screen().line(Shown.many(verified.runs(), "run") + ", " + Shown.many(verified.events(), "event") + ", "
                + Shown.many(verified.contents(), "content"));
        if (verified.unended() > 0) {
            screen().line(Shown.many(verified.unended(), "run")
                    + " without an end: it goes on, or its process has died");
        }
        if (verified.unlinked() > 0) {
            screen().line(Shown.many(verified.unlinked(), "event")
                    + " without a hash: too many runs were open at once, or it was taken away");
        }
        if (!heads.isEmpty()) {
            screen().line("hashes known from elsewhere: " + heads.size());
        }
        Problems problems = new Problems(screen(), isFull());
        verified.problems().forEach(each -> problems.tell("problem", each.toString()));
        for (Fault each : verified.faults()) {
            problems.tell(each.kind().name().toLowerCase(Locale.ROOT), each.toString());
        }
        problems.end();
        screen().line(verified.isIntact() ? "intact" : screen().bad("not intact"));
        return verified.isIntact() ? OK : NOT;
    }

    private static Map<String, String> read(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new UserError(file + " is no text: give lines of a run, a tab and a hash");
        }
        Map<String, String> heads = new HashMap<>();
        int number = 0;
        for (String line : lines) {
            number++;
            int tab = line.lastIndexOf('\t');
            if (line.isBlank()) {
                continue;
            }
            if (tab < 1 || tab == line.length() - 1) {
                throw new UserError(file + ", line " + number + ": give a run, a tab and a hash");
            }
            heads.put(line.substring(0, tab), line.substring(tab + 1).strip());
        }
        return heads;
    }
}
