package io.fmware.route;

/** Which of the candidates that can serve a call {@link Routing} chooses where no rule does; ties go to the one given first. */
public enum Preference {
    /** The one given first. */
    IN_ORDER,
    /** The one with the lowest price of the call; those without a price come last. */
    CHEAPEST,
    /** The one with the lowest median of the latencies seen lately; those of which too little is known come first, to be tried. */
    FASTEST,
    /** The one that failed least often lately. */
    HEALTHIEST
}
