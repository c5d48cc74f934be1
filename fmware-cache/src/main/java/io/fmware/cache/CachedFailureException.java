package io.fmware.cache;

import dev.langchain4j.exception.NonRetriableException;

/**
 * The same request failed a moment ago, for a reason that lies in the request; the model was not asked again. The cause is
 * what it failed with then.
 */
public final class CachedFailureException extends NonRetriableException {
    private static final long serialVersionUID = 1L;

    CachedFailureException(RuntimeException cause) {
        super(
                "the same request failed before with " + cause.getClass().getSimpleName()
                        + ", and would fail again; change the request",
                cause);
    }
}
