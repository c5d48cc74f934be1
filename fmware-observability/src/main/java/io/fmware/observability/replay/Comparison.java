package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.Boundary;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<String, int[]> fingerprints = new ConcurrentHashMap<>();

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
        if (step.asked() == null || known.has(what, saying.fields()) || session.isFull()) {
            return;
        }
        JsonNode recorded = step.asked();
        JsonNode asked = Objects.requireNonNull(saying.told().asked(), "what goes in");
        if (recorded.equals(asked) || !Problems.isWhole(recorded)) {
            known.add(what, saying.fields());
            return;
        }
        if (isSame(recorded, asked)) {
            return; // which marks belong together is another thing in each repetition
        }
        List<String> difference =
                Differences.between(recorded, session.renaming().translated(asked));
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
        if (step.given() == null || known.has(what, saying.fields()) || session.isFull()) {
            return;
        }
        JsonNode recorded = Results.comparable(step.kind(), step.given());
        JsonNode given = Results.comparable(
                step.kind(), Objects.requireNonNull(saying.told().given(), "what came out"));
        if (recorded.equals(given) || !Problems.isWhole(recorded)) {
            known.add(what, saying.fields());
            return;
        }
        if (isSame(recorded, given)) {
            return;
        }
        List<String> difference =
                Differences.between(recorded, session.renaming().translated(given));
        session.note(new Divergence(
                Divergence.Kind.RESULT,
                saying.path(),
                "what comes out of " + b.kind().word() + " " + b.name() + " has changed",
                difference,
                List.of(),
                hintOf(recorded, given, difference),
                ""));
    }

    private static String hintOf(JsonNode recorded, JsonNode given, List<String> difference) {
        return recorded.has("error") && !given.has("error")
                ? Hints.ofFixed(recorded.get("error").asText())
                : Hints.of(difference);
    }

    /** Whether two say the same, as far as can be told. */
    boolean isLike(ObjectNode recorded, @Nullable ObjectNode asked) {
        return asked != null && session.renaming().isLike(shown(recorded), shown(asked));
    }

    private boolean isSame(JsonNode recorded, JsonNode replayed) {
        return session.renaming().isSame(shown(recorded), shown(replayed));
    }

    private static JsonNode shown(JsonNode json) {
        return Results.withoutShown(json.deepCopy());
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
        if (taped == null || asked == null || session.isFull()) {
            return List.of();
        }
        int[] lines = Differences.fingerprint(asked);
        record Candidate(String path, double likeness) {}
        return taped.steps().values().stream()
                .filter(each -> each.kind() == told.kind() && !each.path().equals(told.path()) && each.asked() != null)
                .map(each -> new Candidate(each.path(), Differences.likeness(fingerprint(each), lines)))
                .filter(each -> each.likeness() >= LEAST_LIKENESS)
                .sorted(Comparator.comparingDouble(Candidate::likeness).reversed())
                .limit(MOST_NEAREST)
                .map(each -> each.path() + " (" + Math.round(each.likeness() * 100) + " % alike)")
                .toList();
    }

    private int[] fingerprint(Step step) {
        return fingerprints.computeIfAbsent(
                step.path(), path -> Differences.fingerprint(Objects.requireNonNull(step.asked())));
    }
}
