package io.fmware;

import org.jspecify.annotations.Nullable;

/** How much an answer matters where there is not enough capacity for all; the lowest is refused first. */
public enum Priority {
    /** Refused last: somebody waits for it, and cannot do without. */
    CRITICAL,
    /** What nobody said anything of. */
    NORMAL,
    /** Refused first: work that can be done later as well. */
    BACKGROUND;

    static final String ATTRIBUTE = "priority";

    /** What the caller said of one call. */
    static final AttributeKey<Priority> OF_CALL = AttributeKey.of("priority", Priority.class);

    /** What a run was given, {@link #NORMAL} for a word that is no priority: the attribute may be one of the user's own. */
    static Priority ofRun(@Nullable FmRun run) {
        String said = run == null ? null : run.findAttribute(ATTRIBUTE);
        for (Priority each : values()) {
            if (each.name().equalsIgnoreCase(said)) {
                return each;
            }
        }
        return NORMAL;
    }
}
