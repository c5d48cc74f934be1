package io.fmware.observability.recorder;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** What this package writes as JSON by hand. */
final class Json {
    private Json() {}

    static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
