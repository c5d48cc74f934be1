package io.fmware.testing;

/**
 * A scripted model was called and its script holds no reply for the call. The message names the call and the cure.
 *
 * @see Script
 */
public final class ScriptExhaustedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ScriptExhaustedException(String message) {
        super(message);
    }
}
