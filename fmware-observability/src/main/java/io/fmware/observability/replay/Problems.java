package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.BoundaryKind;
import io.fmware.observability.recorder.EventJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds what of a cassette cannot be replayed, or may go another way, before it is. */
final class Problems {
    private static final int MOST_TOLD = 10;
    private static final String TO_THE_END = "Replay a run that was recorded to its end";
    private static final String ALL_CONTENT =
            "Record with all contents, FlightRecorder.Builder.content(ContentRule.all())";

    /**
     * Why a boundary cannot be answered.
     *
     * @param cure what helps
     */
    private record Lack(String why, String cure) {}

    private Problems() {}

    static boolean isWhole(JsonNode json) {
        return EventJson.isWhole(json);
    }

    /** All of them, a line for each. */
    static List<String> of(List<Taped> runs) {
        List<String> problems = new ArrayList<>();
        for (Taped run : runs) {
            for (Step each : run.steps().values()) {
                Lack lacking = lacking(each);
                if (lacking != null) {
                    problems.add(each.path() + ": " + lacking.why());
                } else if (each.kind().isAnswered() && each.given() != null && EventJson.isRedacted(each.given())) {
                    problems.add(each.path() + ": the answer was redacted; code that reads it sees the marks");
                }
                if (each.kind().isAnswered() && (each.asked() == null || !isWhole(each.asked()))) {
                    problems.add(each.path() + ": what was asked was not recorded, and is not compared");
                }
            }
            if (!run.exact()) {
                run.steps().values().stream()
                        .filter(each -> each.kind() == BoundaryKind.FORK)
                        .forEach(each -> problems.add(each.path()
                                + ": the order of its branches was recorded as it was seen, not exactly; what they read of"
                                + " each other may differ (FlightRecorder.Builder.exact())"));
            }
        }
        return problems;
    }

    /** Refuses to replay strictly what lacks answers. */
    static void refuse(Cassette cassette, Settings settings) {
        if (!settings.isStrict() || settings.fork() != null) {
            return;
        }
        List<String> lacking = new ArrayList<>();
        Set<String> cures = new TreeSet<>();
        for (Taped run : cassette.runs()) {
            for (Step each : run.steps().values()) {
                Lack lack = isNeeded(run, each, settings) ? lacking(each) : null;
                if (lack != null) {
                    cures.add(lack.cure());
                    lacking.add(each.path() + ": " + lack.why());
                }
            }
        }
        if (!lacking.isEmpty()) {
            throw new IllegalArgumentException("the " + cassette + " cannot be replayed, "
                    + (lacking.size() == 1 ? "an answer is" : lacking.size() + " answers are")
                    + " missing:\n- "
                    + String.join("\n- ", lacking.subList(0, Math.min(MOST_TOLD, lacking.size())))
                    + (lacking.size() > MOST_TOLD ? "\n- and " + (lacking.size() - MOST_TOLD) + " more" : "")
                    + "\n" + String.join("; ", cures) + ", or replay with Mode.OBSERVE, which goes as far as it can");
        }
    }

    private static boolean isNeeded(Taped run, Step step, Settings settings) {
        if (settings.level() == Replay.Level.ATTEMPT) {
            boolean isCall = step.kind() == BoundaryKind.CALL || step.kind() == BoundaryKind.EMBEDDING;
            return step.kind().isAnswered() && !(isCall && run.attempted().contains(step.path()));
        }
        return step.kind().isAnswered() && step.kind() != BoundaryKind.ATTEMPT;
    }

    /** Why a boundary cannot be answered, {@code null} where it can. */
    private static @Nullable Lack lacking(Step step) {
        ObjectNode given = step.given();
        if (!step.kind().isAnswered() || step.error() != null) {
            return null;
        }
        if (given == null) {
            return new Lack("the recording ends before it was answered", TO_THE_END);
        }
        if (!isWhole(given)) {
            return new Lack("the answer was not recorded", ALL_CONTENT);
        }
        String why = Answers.lacking(step, given);
        return why == null ? null : new Lack(why, ALL_CONTENT);
    }
}
