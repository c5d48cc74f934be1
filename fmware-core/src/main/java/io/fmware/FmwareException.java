package io.fmware;

import org.jspecify.annotations.Nullable;

/**
 * What FMware itself refuses or gives up, sorted by what the caller can do about it. Failures of a model reach the caller as
 * the exceptions of langchain4j that they are.
 */
public abstract class FmwareException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FmwareException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
