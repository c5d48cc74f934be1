package io.fmware.observability.recorder;

/**
 * What becomes of the contents of an event: each is kept apart and named, or stands in its place. Thread-safe.
 *
 * @param <C> a content as it is kept
 */
interface Contents<C> {

    /** Makes a content of UTF-8 that may come in parts. */
    C of(byte[]... utf8);

    /** How long a content is, in bytes. */
    int length(C content);

    /** Writes what stands for a content in its event; {@code isJson} says whether it is JSON, and not text. */
    void write(C content, boolean isJson, JsonWriter to);
}
