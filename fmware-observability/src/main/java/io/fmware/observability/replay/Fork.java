package io.fmware.observability.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The step from which a run goes on for real.
 *
 * @param run the recorded run that it is in
 * @param path where in that
 * @param named how it was named
 */
record Fork(Taped run, String path, String named) {

    /**
     * Finds a step by its path, as {@link Cassette#paths()} gives it or as it stands in its run; of several the first.
     *
     * @return the step, {@code null} where there is none
     */
    static @Nullable Fork find(List<Taped> runs, String named) {
        for (Taped run : runs) {
            if (run.steps().containsKey(named)) {
                return new Fork(run, named, named);
            }
        }
        for (int i = 0; i < runs.size(); i++) {
            String place = Paths.ofRun(runs, i);
            Taped run = runs.get(i);
            if (Paths.isIn(named, place) && run.steps().containsKey(run.name() + named.substring(place.length()))) {
                return new Fork(run, run.name() + named.substring(place.length()), named);
            }
        }
        return null;
    }

    /** Where it is in the order of a run, {@code null} for a run that it is not in. */
    static @Nullable String in(@Nullable Fork fork, Taped run) {
        return fork != null && fork.isIn(run) ? fork.path : null;
    }

    /** Whether it is what came. */
    boolean is(@Nullable Taped in, String came) {
        return came.equals(path) && in != null && isIn(in);
    }

    private boolean isIn(Taped other) {
        return run.outer() == other.outer()
                && run.number() == other.number()
                && run.name().equals(other.name());
    }
}
