package io.fmware.observability.jfr;

import io.fmware.event.Redactor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Names, redacted and of bounded length. The same ones come again and again, so that they are remembered. Thread-safe.
 */
final class Names {
    /** The longest name, in characters. */
    static final int LONGEST = 1_024;

    /** How many names are remembered at a time. */
    static final int REMEMBERED = 1_024;

    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final Redactor redactor;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    Names(Redactor redactor) {
        this.redactor = redactor;
    }

    /** The id of a run. One that was drawn (a UUID) holds nothing of anybody, and goes as it is. */
    String id(String run) {
        return UUID.matcher(run).matches() ? run : clean(run);
    }

    /** The name as it is shown: the same object for the same name, as long as it is remembered. */
    String clean(String name) {
        String before = known.get(name);
        if (before != null) {
            return before;
        }
        String redacted = redactor.redact(name);
        if (redacted.length() > LONGEST) {
            return redacted.substring(0, LONGEST - 1) + '\u2026'; // cut afterwards, so that no secret is left in halves
        }
        if (known.size() >= REMEMBERED) {
            known.clear();
        }
        known.put(name, redacted);
        return redacted;
    }

    /** How many names are remembered now. */
    int remembered() {
        return known.size();
    }
}
