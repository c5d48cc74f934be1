package io.fmware.testing;

/**
 * A way in which a scripted reply departs from what a well-behaved model does. Each was seen in a real client or is
 * allowed by langchain4j's types, so whoever wraps a model has to live with it.
 *
 * <p>Where a quirk says "streaming", the other models ignore it.
 */
public enum Quirk {
    /**
     * The call is accepted and nothing ever comes: {@code chat} blocks until it is interrupted or the model is released;
     * a streaming model returns at once and never calls the handler.
     */
    NEVER_ANSWERS,

    /** The calling thread blocks inside {@code chat} until it is interrupted or the model is released; streaming too. */
    BLOCKS,

    /** Like {@link #BLOCKS}, but an interrupt does not end it: only the release of the model does. */
    BLOCKS_UNINTERRUPTIBLY,

    /** The response is {@code null}: returned, or handed to {@code onCompleteResponse}. */
    NULL_RESPONSE,

    /** Streaming: an error is thrown out of {@code chat(request, handler)} instead of reaching {@code onError}. */
    THROWS_FROM_CALL,

    /** Streaming: {@code onCompleteResponse} is called twice. */
    COMPLETES_TWICE,

    /** Streaming: {@code onError} follows {@code onCompleteResponse}. */
    ERROR_AFTER_COMPLETE,

    /** Streaming: {@code onCompleteResponse} follows {@code onError}, as when a client meets a malformed event. */
    COMPLETE_AFTER_ERROR,

    /** Streaming: one more partial response, {@code "late"}, follows the terminal event. */
    PARTIAL_AFTER_TERMINAL,

    /** Streaming: each partial response is preceded by an empty one. */
    EMPTY_PARTIALS,

    /** Streaming: {@code cancel()} is noted and changes nothing. */
    IGNORES_CANCEL,

    /** Streaming: only the callbacks without a context are used, so no handle to cancel with is ever offered. */
    LEGACY_CALLBACKS
}
