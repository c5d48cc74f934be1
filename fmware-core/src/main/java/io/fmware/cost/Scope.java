package io.fmware.cost;

import io.fmware.FmRun;
import org.jspecify.annotations.Nullable;

/** Whose calls share a budget. */
enum Scope {
    ALL(""),
    RUN(" for each run"),
    TENANT(" for each tenant"),
    FEATURE(" for each feature");

    /** The key of a call that is outside of any run. */
    static final Object OUTSIDE = new Object();

    private static final String NONE = "";

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** The key of an account. {@link #OUTSIDE} has none that is kept: each such call is by itself. */
    Object key() {
        FmRun run = FmRun.current();
        return switch (this) {
            case ALL -> NONE;
            case RUN -> run == null ? OUTSIDE : outermost(run);
            case TENANT -> attribute(run, "tenant");
            case FEATURE -> attribute(run, "feature");
        };
    }

    /** Whether the keys go when nobody else needs them. */
    boolean isHeldWeakly() {
        return this == RUN;
    }

    String whose(Object key) {
        return switch (this) {
            case ALL -> "";
            case RUN -> key instanceof FmRun run ? " in run " + run.name() : " outside of any run";
            case TENANT -> key.equals(NONE) ? " without a tenant" : " of tenant '" + key + "'";
            case FEATURE -> key.equals(NONE) ? " without a feature" : " of feature '" + key + "'";
        };
    }

    private static FmRun outermost(FmRun run) {
        FmRun at = run;
        for (FmRun outer = at.outer(); outer != null; outer = at.outer()) {
            at = outer;
        }
        return at;
    }

    private static String attribute(@Nullable FmRun run, String key) {
        String value = run == null ? null : run.findAttribute(key);
        return value == null ? NONE : value;
    }
}
