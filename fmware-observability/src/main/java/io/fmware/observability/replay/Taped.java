package io.fmware.observability.replay;

import io.fmware.BoundaryKind;
import java.util.Collections;
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
 * @param around the paths of all that something else is in
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
        Set<String> around,
        @Nullable String error) {

    Taped {
        attributes = Map.copyOf(attributes);
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        order = List.copyOf(order);
        attempted = Set.copyOf(attempted);
        around = Set.copyOf(around);
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
        this(name, number, outer, attributes, exact, steps, order, around(steps, true), around(steps, false), error);
    }

    private static Set<String> around(Map<String, Step> steps, boolean attempts) {
        Set<String> around = new HashSet<>();
        for (Step each : steps.values()) {
            if (!attempts || each.kind() == BoundaryKind.ATTEMPT) {
                String path = each.path();
                for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
                    around.add(path.substring(0, end));
                }
            }
        }
        return around;
    }
}
