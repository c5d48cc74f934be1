package io.fmware.observability.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders of turns that need not be written down. */
final class Orders {

    private Orders() {}

    /** The order of steps of which one is closed before the next one is opened that is not in it: that of a single thread. */
    static List<Turn> natural(Collection<Step> steps) {
        List<Turn> turns = new ArrayList<>();
        Deque<Step> open = new ArrayDeque<>();
        for (Step each : steps) {
            closeAround(each, open, turns);
            if (isOpened(each)) {
                turns.add(new Turn(each.path(), Turn.OPEN));
                open.push(each);
            } else {
                turns.add(new Turn(each.path(), Turn.CLOSE));
            }
        }
        closeAround(null, open, turns);
        return turns;
    }

    private static void closeAround(@Nullable Step next, Deque<Step> open, List<Turn> turns) {
        while (!open.isEmpty() && (next == null || !next.isIn(open.peek().path()))) {
            Step closed = open.pop();
            if (closed.given() != null) {
                turns.add(new Turn(closed.path(), Turn.CLOSE));
            }
        }
    }

    /** Whether recordings tell of its opening too. */
    private static boolean isOpened(Step step) {
        return switch (step.kind()) {
            case AGENT, STEP, CALL, EMBEDDING, ATTEMPT -> true;
            case TOOL -> step.asked() != null && step.asked().has("tool"); // not one of the application's own types
            case RETRIEVAL -> step.asked() != null && step.asked().has("query");
            default -> false;
        };
    }
}
