package io.fmware.route;

/**
 * Which of the candidates that can serve a call {@link Routing} chooses where no rule does; ties go to the one given first. Those of
 * which too little is known are tried by one call at a time.
 */
public enum Preference {
    /** The one given first. */
    IN_ORDER,
    /** The one with the lowest price of the call; those without a price come last. */
    CHEAPEST,
    /** The one with the lowest median of the latencies seen lately, or when it was asked last. */
    FASTEST,
    /** The one that failed least often lately, or when it was asked last. */
    HEALTHIEST;

    /** Whether it goes by what was seen of candidates. */
    boolean learns() {
        return this == FASTEST || this == HEALTHIEST;
    }
}
