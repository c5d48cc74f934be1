package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.BoundaryKind;
import io.fmware.observability.recorder.EventJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds what of a cassette cannot be replayed, or may go another way, before it is. */
final class Problems {
    private static final int MOST_TOLD = 10;

    private Problems() {}

    static boolean isWhole(JsonNode json) {
        return EventJson.isWhole(json);
    }

    /** All of them, a line for each. */
    static List<String> of(List<Taped> runs) {
        List<String> problems = new ArrayList<>();
        for (Taped run : runs) {
            for (Step each : run.steps().values()) {
                String lacking = lacking(each);
                if (lacking != null) {
                    problems.add(each.path() + ": " + lacking);
                } else if (isAnswered(each.kind()) && each.given() != null && EventJson.isRedacted(each.given())) {
                    problems.add(each.path() + ": the answer was redacted; code that reads it sees the marks");
                }
                if (isAnswered(each.kind()) && (each.asked() == null || !isWhole(each.asked()))) {
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
        for (Taped run : cassette.runs()) {
            for (Step each : run.steps().values()) {
                String why = isNeeded(run, each, settings) ? lacking(each) : null;
                if (why != null) {
                    lacking.add(each.path() + ": " + why);
                }
            }
        }
        if (!lacking.isEmpty()) {
            throw new IllegalArgumentException(
                    "the " + cassette + " cannot be replayed, "
                            + (lacking.size() == 1 ? "an answer is" : lacking.size() + " answers are")
                            + " missing:\n- "
                            + String.join("\n- ", lacking.subList(0, Math.min(MOST_TOLD, lacking.size())))
                            + (lacking.size() > MOST_TOLD ? "\n- and " + (lacking.size() - MOST_TOLD) + " more" : "")
                            + "\nRecord with the content of all events, or replay with Mode.OBSERVE, which goes as far as it can");
        }
    }

    private static boolean isNeeded(Taped run, Step step, Settings settings) {
        if (settings.level() == Replay.Level.ATTEMPT) {
            boolean isCall = step.kind() == BoundaryKind.CALL || step.kind() == BoundaryKind.EMBEDDING;
            return isAnswered(step.kind()) && !(isCall && run.attempted().contains(step.path()));
        }
        return isAnswered(step.kind()) && step.kind() != BoundaryKind.ATTEMPT;
    }

    /** Why a boundary cannot be answered, {@code null} where it can. */
    private static @Nullable String lacking(Step step) {
        if (!isAnswered(step.kind()) || step.error() != null) {
            return null;
        }
        if (step.given() == null) {
            return "the recording ends before it was answered";
        }
        if (!isWhole(Objects.requireNonNull(step.given()))) {
            return "the answer was not recorded";
        }
        return Answers.lacking(step, step.given());
    }

    /** Whether a replay answers boundaries of a kind; what is in the others runs for real. */
    static boolean isAnswered(BoundaryKind kind) {
        return switch (kind) {
            case RUN, AGENT, STEP, PLAN, FORK, JOIN, MEMORY_WRITE -> false;
            default -> true;
        };
    }
}
