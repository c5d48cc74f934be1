package io.fmware.observability.replay;

import io.fmware.BoundaryKind;
import io.fmware.RunTurn;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The turns of the threads of one run as they were recorded, and how far they have come. Thread-safe. */
final class Schedule {
    private final List<Turn> turns;
    /** Where each turn comes; what is planned several times at one place has several of a kind. */
    private final Map<Turn, List<Integer>> places = new HashMap<>();

    private final Map<String, Step> steps;
    private final BitSet taken = new BitSet();
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final int fork;
    private int next;

    private Schedule(List<Turn> turns, Map<String, Step> steps, @Nullable String fork) {
        this.turns = turns;
        this.steps = steps;
        for (int i = 0; i < turns.size(); i++) {
            places.computeIfAbsent(turns.get(i), turn -> new ArrayList<>(1)).add(i);
        }
        this.fork = fork == null ? -1 : opening(fork);
    }

    static Schedule of(@Nullable Taped taped, Settings settings) {
        if (taped == null) {
            return new Schedule(List.of(), Map.of(), null);
        }
        Schedule schedule = new Schedule(taped.order(), taped.steps(), Fork.in(settings.fork(), taped));
        List<Step> optional =
                taped.steps().values().stream().filter(schedule::isOptional).toList();
        if (!optional.isEmpty()) {
            schedule.pass(optional);
        }
        return schedule;
    }

    private int opening(String path) {
        List<Integer> first = places.getOrDefault(new Turn(path, Turn.OPEN), places.get(new Turn(path, Turn.CLOSE)));
        return first == null ? -1 : first.get(0);
    }

    /** What is embedded within a call is so for a cache or a guard: it may come again or not. */
    boolean isOptional(Step step) {
        if (step.kind() == BoundaryKind.CALL || !step.path().contains("/embedding:")) {
            return false;
        }
        for (int end = step.path().indexOf('/'); end > 0; end = step.path().indexOf('/', end + 1)) {
            Step around = steps.get(step.path().substring(0, end));
            if (around != null && around.kind() == BoundaryKind.CALL) {
                return true;
            }
        }
        return false;
    }

    /** Where the next one of a kind comes, or the last one came; {@code null} for one that was not recorded. */
    private @Nullable Integer place(Turn turn) {
        List<Integer> all = places.get(turn);
        if (all == null) {
            return null;
        }
        for (Integer each : all) {
            if (!taken.get(each)) {
                return each;
            }
        }
        return all.get(all.size() - 1);
    }

    /** Whether it is the turn of something; what was not recorded has none, and need not wait for it. */
    synchronized boolean isNext(Turn turn) {
        Integer at = place(turn);
        boolean is = at == null || taken.get(at) || at == next || (fork >= 0 && at >= fork && next >= fork);
        if (!is) {
            waiting.add(turn);
        }
        return is;
    }

    /** Of all that waits for its turn what is nearest to what is missing: in the same branch as that, where there are several. */
    synchronized Turn culprit(Turn came) {
        Turn missing = expected();
        if (missing == null) {
            return came;
        }
        Turn nearest = came;
        for (Turn each : waiting) {
            if (Paths.common(each.path(), missing.path()) > Paths.common(nearest.path(), missing.path())) {
                nearest = each;
            }
        }
        return nearest;
    }

    synchronized void taken(Turn turn) {
        Integer at = place(turn);
        waiting.remove(turn);
        if (at != null) {
            taken.set(at);
            advance();
        }
    }

    private void advance() {
        next = taken.nextClearBit(next);
    }

    /** Lets the turns of steps pass that do not come. */
    synchronized void pass(Collection<Step> passed) {
        for (Step each : passed) {
            for (RunTurn turn : RunTurn.values()) {
                places.getOrDefault(new Turn(each.path(), turn.word()), List.of())
                        .forEach(taken::set);
            }
        }
        advance();
    }

    /** Gives up on all that was to come before something. */
    synchronized void skipTo(Turn turn) {
        Integer at = place(turn);
        if (at != null && at > next) {
            taken.set(next, at);
            advance();
        }
    }

    synchronized @Nullable Turn expected() {
        return next < turns.size() ? turns.get(next) : null;
    }

    boolean hasFork() {
        return fork >= 0;
    }

    /** Whether all that was recorded before the fork has come. */
    synchronized boolean isPastFork() {
        return fork >= 0 && next >= fork;
    }

    boolean isBehindFork(String path) {
        int opening = opening(path);
        return fork >= 0 && opening >= fork;
    }
}
