package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.Boundary;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares what goes in and comes out in one run with what was recorded. Thread-safe. */
final class Comparison {
    private static final int MOST_NEAREST = 3;
    private static final double LEAST_LIKENESS = 0.3;
    private static final String ASKED = "asked ";
    private static final String GIVEN = "given ";

    private final Session session;
    private final @Nullable Taped taped;
    private final String run;
    private final String name;

    /**
     * @param taped what was recorded, {@code null} for a run that was not
     * @param place where in the cassette that is
     */
    Comparison(Session session, @Nullable Taped taped, int place, String name) {
        this.session = session;
        this.taped = taped;
        this.run = place + " ";
        this.name = name;
    }

    /** What goes in; a strict replay stops where that is something else. */
    void asked(Boundary b, Saying saying, Step step) {
        String what = ASKED + run + step.path();
        Known known = session.settings().known();
        if (step.asked() == null || known.has(what, saying.fields())) {
            return;
        }
        JsonNode recorded = step.asked();
        JsonNode asked = Objects.requireNonNull(saying.told().asked(), "what goes in");
        if (isSame(recorded, asked) || !Problems.isWhole(recorded)) {
            known.add(what, saying.fields());
            return;
        }
        List<String> difference = Differences.between(recorded, asked);
        session.note(new Divergence(
                Divergence.Kind.CHANGED,
                saying.path(),
                "what is asked of " + b.kind().word() + " " + b.name() + " has changed",
                difference,
                nearest(saying.told()),
                Hints.of(difference),
                Callers.line()));
        session.rethrow();
    }

    /** What came out of what ran for real. */
    void given(Boundary b, Saying saying, Step step) {
        String what = GIVEN + run + step.path();
        Known known = session.settings().known();
        if (step.given() == null || known.has(what, saying.fields())) {
            return;
        }
        JsonNode recorded = Results.comparable(step.kind(), step.given());
        JsonNode given = Results.comparable(
                step.kind(), Objects.requireNonNull(saying.told().given(), "what came out"));
        if (isSame(recorded, given) || !Problems.isWhole(recorded)) {
            known.add(what, saying.fields());
            return;
        }
        List<String> difference = Differences.between(recorded, given);
        session.note(new Divergence(
                Divergence.Kind.RESULT,
                saying.path(),
                "what comes out of " + b.kind().word() + " " + b.name() + " has changed",
                difference,
                List.of(),
                Hints.of(difference),
                ""));
    }

    private static boolean isSame(JsonNode recorded, JsonNode replayed) {
        return recorded.equals(replayed)
                || plain(recorded).equals(plain(replayed)); // an application's text may look like a mark
    }

    private static JsonNode plain(JsonNode json) {
        return Results.withoutShown(Marks.ANY.plain(json.deepCopy()));
    }

    /** Something that was not recorded. */
    Divergence unknown(Boundary b, Saying saying) {
        return new Divergence(
                Divergence.Kind.UNKNOWN,
                saying.path(),
                taped == null
                        ? "run " + name + " is not in the recording"
                        : "the recording has no such " + b.kind().word() + ": more was asked than then",
                List.of(),
                nearest(saying.told()),
                "",
                Callers.line());
    }

    private List<String> nearest(Told told) {
        ObjectNode asked = told.asked();
        if (taped == null || asked == null) {
            return List.of();
        }
        record Candidate(String path, double likeness) {}
        return taped.steps().values().stream()
                .filter(each -> each.kind() == told.kind() && !each.path().equals(told.path()) && each.asked() != null)
                .map(each ->
                        new Candidate(each.path(), Differences.likeness(Objects.requireNonNull(each.asked()), asked)))
                .filter(each -> each.likeness() >= LEAST_LIKENESS)
                .sorted(Comparator.comparingDouble(Candidate::likeness).reversed())
                .limit(MOST_NEAREST)
                .map(each -> each.path() + " (" + Math.round(each.likeness() * 100) + " % alike)")
                .toList();
    }
}
