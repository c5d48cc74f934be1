package io.fmware.observability.recorder;

import io.fmware.event.Redactor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Texts of skeletons, redacted, and such that they can be written as UTF-8. Most are names that come with every event: the last
 * ones are remembered. Thread-safe.
 */
final class Names {
    private static final int REMEMBERED = 1_024;
    private static final int LONGEST = 256;
    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final Redactor redactor;
    private final AtomicReferenceArray<@Nullable Known> known = new AtomicReferenceArray<>(REMEMBERED);

    private record Known(String name, String clean) {}

    Names(Redactor redactor) {
        this.redactor = redactor;
    }

    /**
     * The id of a run. One that was drawn (RFC 9562, a UUID) holds nothing of anybody, and goes as it is: now and then some of its
     * digits look like an account number.
     */
    String id(String run) {
        return UUID.matcher(run).matches() ? run : clean(run);
    }

    String clean(String text) {
        if (text.length() > LONGEST) {
            return WellFormed.text(redactor.redact(text));
        }
        int hash = text.hashCode();
        int place = (hash ^ (hash >>> 16)) & (REMEMBERED - 1);
        Known before = known.get(place);
        if (before != null && before.name().equals(text)) {
            return before.clean();
        }
        String clean = WellFormed.text(redactor.redact(text));
        known.set(place, new Known(text, clean));
        return clean;
    }
}
