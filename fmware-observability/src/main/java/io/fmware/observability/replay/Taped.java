package io.fmware.observability.replay;

import io.fmware.BoundaryKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run as it was recorded. Immutable.
 *
 * @param name what was executed
 * @param number which of the runs of that name in the run around it, from 1
 * @param outer the place in the cassette of the run around it, -1 for the outermost
 * @param attributes what the application said of it
 * @param exact whether its threads went on one at a time, so that their order is known
 * @param steps what it met, by path, in the order in which it was opened
 * @param order the turns of its threads
 * @param attempted the paths of all in which a model was asked
 * @param inside what is in each, at any depth, by the path of that; in the order of the steps
 * @param error the class of what it failed with, {@code null} where it did not fail
 */
record Taped(
        String name,
        int number,
        int outer,
        Map<String, String> attributes,
        boolean exact,
        Map<String, Step> steps,
        List<Turn> order,
        Set<String> attempted,
        Map<String, List<Step>> inside,
        @Nullable String error) {

    Taped {
        attributes = Map.copyOf(attributes);
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        order = List.copyOf(order);
        attempted = Set.copyOf(attempted);
        inside = Map.copyOf(inside);
    }

    Taped(
            String name,
            int number,
            int outer,
            Map<String, String> attributes,
            boolean exact,
            Map<String, Step> steps,
            List<Turn> order,
            @Nullable String error) {
        this(name, number, outer, attributes, exact, steps, order, attempted(steps), inside(steps), error);
    }

    private static Set<String> attempted(Map<String, Step> steps) {
        Set<String> attempted = new HashSet<>();
        inside(steps).forEach((path, inner) -> {
            if (inner.stream().anyMatch(each -> each.kind() == BoundaryKind.ATTEMPT)) {
                attempted.add(path);
            }
        });
        return attempted;
    }

    private static Map<String, List<Step>> inside(Map<String, Step> steps) {
        Map<String, List<Step>> inside = new HashMap<>();
        for (Step each : steps.values()) {
            String path = each.path();
            for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
                inside.computeIfAbsent(path.substring(0, end), key -> new ArrayList<>())
                        .add(each);
            }
        }
        return inside;
    }
}
