package io.fmware.benchmarks;

import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.event.Redactor;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Replay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Whether a handler of a stream is told in a replay what it was told when the stream was recorded. */
final class ReplayStreamFigures implements FigureGroup {
    private static final String STREAM = "replay.stream";
    private static final String REDACTED = "replay.stream.redacted";
    private static final String FAILED = "replay.stream.failed";
    private static final int STREAMS = 500;
    private static final int SHOWN = 5;

    @Override
    public List<String> names() {
        return List.of(STREAM, REDACTED, FAILED);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        long first = Long.getLong("fmware.seed", 1);
        String seeds = "; " + STREAMS + " streams, seeds " + first + " to " + (first + STREAMS - 1);
        if (wanted.contains(STREAM)) {
            long[] told = new long[1];
            double share = share(first, output, seed -> {
                PlannedStream stream = PlannedStream.of(seed);
                Heard[] heard = heard(stream);
                told[0] += heard[0].events().size();
                return heard[0].difference(heard[1]);
            });
            output.print(new Figure(
                    STREAM,
                    share,
                    "%",
                    Jdk.running() + seeds + ", " + told[0]
                            + " callbacks: texts, thinking and tool calls in pieces of 1 to "
                            + PlannedStream.LONGEST
                            + " characters, cut anywhere, usage, finish reasons; each callback and "
                            + "all that it was given is compared"));
        }
        if (wanted.contains(REDACTED)) {
            double share = share(first, output, ReplayStreamFigures::leak);
            output.print(
                    new Figure(
                            REDACTED,
                            share,
                            "%",
                            Jdk.running() + seeds + ", each with a secret of one of "
                                    + Carriers.kinds().size()
                                    + " kinds in its text, cut anywhere: nothing of it is in the cassette or in what the handler is "
                                    + "told, and the pieces together are the text of the answer, which is that of the recording"));
        }
        if (wanted.contains(FAILED)) {
            double share = share(first, output, seed -> {
                Heard[] heard = heard(PlannedStream.of(seed).failing(new Dice(seed)));
                return heard[0].difference(heard[1]);
            });
            output.print(new Figure(
                    FAILED, share, "%", Jdk.running() + seeds + ", each cut off by an error after some of its pieces"));
        }
    }

    /** Compares one stream. */
    private interface Comparison {
        /** What is wrong, empty for nothing. */
        String of(long seed) throws Exception;
    }

    private static double share(long first, Output output, Comparison comparison) throws Exception {
        int same = 0;
        int shown = 0;
        for (long seed = first; seed < first + STREAMS; seed++) {
            String wrong;
            try {
                wrong = comparison.of(seed);
            } catch (ReplayDivergedException e) {
                wrong = String.valueOf(e.getMessage());
            }
            if (wrong.isEmpty()) {
                same++;
            } else if (shown++ < SHOWN) {
                output.rest().println("stream of seed " + seed + ": " + wrong);
            }
        }
        return 100.0 * same / STREAMS;
    }

    /** What the handler was told first, and what in the replay. */
    private static Heard[] heard(PlannedStream stream) throws Exception {
        Heard recorded = new Heard();
        Heard replayed = new Heard();
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            Cassette cassette = ReplayWork.recorded(() -> recorded.ask(pipeline.wrap(stream)));
            replay(cassette, replayed);
        }
        return new Heard[] {recorded, replayed};
    }

    private static void replay(Cassette cassette, Heard told) throws InterruptedException {
        try (FmPipeline pipeline = FmPipeline.builder().build();
                FmRun run = Replay.of(cassette).open()) {
            told.ask(pipeline.wrap(PlannedStream.dead()));
        }
    }

    private static String leak(long seed) throws Exception {
        Dice dice = new Dice(seed);
        List<String> kinds = Carriers.kinds();
        Carriers.Planted planted = Carriers.plant(kinds.get((int) Math.floorMod(seed, kinds.size())), dice);
        PlannedStream stream = PlannedStream.of(seed, planted.text());
        String[] wrong = {""};
        RecorderFigures.inDirectory(directory -> {
            Heard replayed = new Heard();
            Cassette cassette;
            try (FmPipeline pipeline = FmPipeline.builder().build()) {
                String id = ReplayWork.recordedRun(
                        directory, Redactor.standard(), () -> new Heard().ask(pipeline.wrap(stream)));
                cassette = Cassette.of(Recording.in(directory), id);
            }
            replay(cassette, replayed);
            Path file = directory.resolve("cassette.json");
            cassette.write(file);
            String whole = Redactor.standard().redact(planted.text());
            if (planted.secret().isLeakedBy(replayed.events().toString())) {
                wrong[0] = "the handler was told " + planted.secret();
            } else if (planted.secret().isLeakedBy(Files.readString(file))) {
                wrong[0] = "the cassette has " + planted.secret();
            } else if (!plain(replayed.text()).equals(plain(replayed.answer()))) {
                wrong[0] = "the pieces are '" + replayed.text() + "', the answer is '" + replayed.answer() + "'";
            } else if (!plain(replayed.answer()).equals(plain(whole))) {
                wrong[0] = "the answer is '" + replayed.answer() + "', recorded was '" + whole + "'";
            }
        });
        return wrong[0];
    }

    /** Without the hashes of marks, which a cassette does not have. */
    private static String plain(String text) {
        return text.replaceAll("\\[([a-z0-9-]+):[0-9a-f]{8}]", "[$1]");
    }
}
