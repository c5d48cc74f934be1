package io.fmware.observability.recorder;

import java.util.Arrays;

/** Follows the hashes of one run. Not thread-safe. */
final class ChainCheck {
    private byte[] head = RunChain.first();
    private long linked;
    private long events;

    /** How an event stands to the one before it. */
    enum Link {
        /** It follows from it. */
        WHOLE,
        /** It does not: one of both was changed, or one between them is missing. */
        BROKEN,
        /** It is the first one that is there, and not the first of its run. */
        BEHEADED,
        /** It was recorded without a hash. */
        NONE
    }

    /** Takes the next event, as it was recorded. */
    Link next(byte[] event) {
        boolean first = events++ == 0;
        byte[] skeleton = RunChain.unlinked(event);
        if (skeleton == null) {
            return Link.NONE;
        }
        linked++;
        byte[] hash = RunChain.next(head, skeleton, skeleton.length);
        head = RunChain.hash(event);
        if (Arrays.equals(hash, head)) {
            return Link.WHOLE;
        }
        return first ? Link.BEHEADED : Link.BROKEN;
    }

    /** What is said of an event that does not follow. */
    static String told(Link link, RecordedEvent event) {
        String which = event.sequence() == 0 ? event.type() : event.type() + " with number " + event.sequence();
        return link == Link.BEHEADED
                ? "what stands before " + which + " is missing"
                : which
                        + " does not follow from what stands before it: one of both was changed, or events between them are"
                        + " missing";
    }

    /** The hash of the last event that has one, as it is shown. */
    String head() {
        return RunChain.shown(head);
    }

    /** How many of the events have no hash. */
    long unlinked() {
        return events - linked;
    }
}
