package io.fmware.retry;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Tells a model in words what a check against a schema found. Of alternatives, each of which has failed, only the one that was
 * most likely meant is spoken of.
 */
final class SchemaFaults {
    private static final int MOST_NAMED = 5;
    private static final int LONGEST = 200;
    private static final Set<String> ALTERNATIVES = Set.of("anyOf", "oneOf");

    private SchemaFaults() {}

    static String describe(List<Error> errors) {
        List<Error> faults = withoutUnlikelyAlternatives(errors, 0);
        String named = faults.stream()
                .limit(MOST_NAMED)
                .map(fault -> {
                    String place = shortened(fault.getInstanceLocation().toString());
                    return (place.isEmpty() ? "at the root: " : "at " + place + ": ") + shortened(fault.getMessage());
                })
                .collect(Collectors.joining("; "));
        return faults.size() > MOST_NAMED ? named + "; and " + (faults.size() - MOST_NAMED) + " more" : named;
    }

    /** Keys come from the answer, and may be as long as it is. */
    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /** @param from the length of the path to the alternative that the errors are all in */
    private static List<Error> withoutUnlikelyAlternatives(List<Error> errors, int from) {
        List<Error> kept = new ArrayList<>();
        Map<Choice, Map<Integer, List<Error>>> choices = new LinkedHashMap<>();
        for (Error error : errors) {
            NodePath path = error.getEvaluationPath();
            int at = indexOfChoice(path, from);
            if (at < 0) {
                kept.add(error);
            } else {
                choices.computeIfAbsent(Choice.of(path, at), key -> new TreeMap<>())
                        .computeIfAbsent((Integer) path.getElement(at + 1), key -> new ArrayList<>())
                        .add(error);
            }
        }
        choices.forEach((choice, alternatives) -> {
            int inside = choice.inside();
            List<Error> likely = alternatives.values().stream()
                    .min(Comparator.<List<Error>>comparingInt(faults -> distance(faults, inside))
                            .thenComparingInt(List::size))
                    .orElseThrow();
            kept.addAll(withoutUnlikelyAlternatives(likely, inside));
        });
        return kept;
    }

    private static int indexOfChoice(NodePath path, int from) {
        for (int i = from; i + 1 < path.getNameCount(); i++) {
            if (ALTERNATIVES.contains(String.valueOf(path.getElement(i)))
                    && path.getElement(i + 1) instanceof Integer) {
                return i;
            }
        }
        return -1;
    }

    /**
     * A keyword with alternatives.
     *
     * @param path where it is in the schema
     * @param inside where the path inside of an alternative begins
     */
    private record Choice(String path, int inside) {
        static Choice of(NodePath path, int index) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i <= index; i++) {
                text.append('/').append(path.getElement(i));
            }
            return new Choice(text.toString(), index + 2);
        }
    }

    /** How far an answer is from an alternative: of another type, with another fixed word such as a discriminator, or near. */
    private static int distance(List<Error> faults, int inside) {
        if (faults.stream().anyMatch(f -> f.getKeyword().equals("type") && isOfAlternativeItself(f, inside))) {
            return 2;
        }
        return faults.stream()
                        .anyMatch(f ->
                                f.getKeyword().equals("enum") || f.getKeyword().equals("const"))
                ? 1
                : 0;
    }

    private static boolean isOfAlternativeItself(Error fault, int inside) {
        NodePath path = fault.getEvaluationPath();
        for (int i = inside; i < path.getNameCount() - 1; i++) {
            if (!"$ref".equals(path.getElement(i))) {
                return false;
            }
        }
        return true;
    }
}
