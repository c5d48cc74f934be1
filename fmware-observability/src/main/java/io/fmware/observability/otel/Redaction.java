package io.fmware.observability.otel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redacts texts and bounds them. A text that is too long is cut before it is redacted, since patterns over megabytes take
 * seconds, but not quite to its length: what the redactor would have found across the cut stands in the margin, and the margin
 * is thrown away. Where the redactor throws, nothing of the text is kept.
 */
final class Redaction {
    private static final Logger log = LoggerFactory.getLogger(FmTelemetry.class);
    private static final int MARGIN = 1024;

    private final UnaryOperator<String> redactor;
    private final Runnable failed;
    private final AtomicBoolean logged = new AtomicBoolean();

    Redaction(UnaryOperator<String> redactor, Runnable failed) {
        this.redactor = redactor;
        this.failed = failed;
    }

    /** A text of at most so many characters, and a note where there was more. */
    String bounded(String text, int room) {
        boolean tooLong = text.length() > room + MARGIN;
        String redacted = redacted(tooLong ? text.substring(0, whole(text, room + MARGIN)) : text);
        int kept = Math.min(room, tooLong ? Math.max(0, redacted.length() - MARGIN) : redacted.length());
        if (!tooLong && kept == redacted.length()) {
            return redacted;
        }
        return redacted.substring(0, whole(redacted, kept)) + "\u2026 [cut: " + text.length() + " characters in all]";
    }

    /** Not between the halves of a character. */
    private static int whole(String text, int end) {
        return end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    /** The whole of a text that was bounded before. */
    String redacted(String text) {
        try {
            String redacted = redactor.apply(text);
            if (redacted != null) {
                return redacted;
            }
            throw new IllegalStateException("the redactor returned null; return an empty text to drop one");
        } catch (RuntimeException | Error e) {
            failed.run();
            if (logged.compareAndSet(false, true)) {
                log.warn("the redactor threw {}; what it was given is not recorded, and this is logged once", named(e));
            }
            return "[not recorded: the redactor failed]";
        }
    }

    /** Without the message, which may quote what was to be redacted. */
    private static String named(Throwable t) {
        return t.getClass().getName();
    }
}
