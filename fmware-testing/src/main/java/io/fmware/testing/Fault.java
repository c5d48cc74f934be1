package io.fmware.testing;

/** What a {@link FaultyChatModel} or {@link FaultyStreamingChatModel} can do to a call. */
public enum Fault {
    /** {@code RateLimitException} with an {@code HttpException} of status 429 as its cause; the model is not called. */
    RATE_LIMIT,

    /** {@code TimeoutException}; the model is not called. */
    TIMEOUT,

    /** {@code InternalServerException} with an {@code HttpException} of status 500 as its cause; the model is not called. */
    SERVER_ERROR,

    /**
     * The answer stands still for a while, then goes on: a stream after its first chunks, a chat model before it answers.
     *
     * @see Faults#stallFor
     */
    STALL,

    /**
     * The answer ends early and claims to be complete, as when a connection closes: what came so far, without token usage
     * and finish reason.
     */
    TRUNCATED,

    /**
     * The client could not read an event: a plain {@code RuntimeException}; a stream gets {@code onError} after its first
     * chunks and {@code onCompleteResponse} all the same.
     */
    BROKEN_EVENT,

    /** The text, or the arguments of tool calls, is JSON that is never closed. A stream gives it in one piece. */
    MALFORMED_JSON,

    /** No text and no tool calls, finished normally. */
    EMPTY_ANSWER,

    /**
     * The text cites a source that does not exist: as a mark {@code [source: made-up-...]} at its end or, in a JSON object,
     * as one more element of its first array of strings, or as a property {@code source}. A JSON text is streamed in one
     * piece.
     */
    MADE_UP_CITATION
}
