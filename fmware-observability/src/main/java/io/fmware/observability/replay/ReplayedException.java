package io.fmware.observability.replay;

import org.jspecify.annotations.Nullable;

/**
 * A failure that was recorded, of a class that cannot be made again: an error, an exception that makes its message by itself, or
 * takes more than was recorded. Its message is the one of then, since error handlers hand that on to models; the name of the class where
 * there was none.
 */
public final class ReplayedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The name of the class. */
    private final String type;

    ReplayedException(String type, String message, @Nullable Throwable cause) {
        super(message.isEmpty() ? type : message, cause);
        this.type = type;
    }

    /**
     * What it was.
     *
     * @return the name of the class of the exception that was recorded
     */
    public String type() {
        return type;
    }

    /** Names the class too, for logs and traces. */
    @Override
    public String getLocalizedMessage() {
        String message = String.valueOf(getMessage());
        return message.equals(type) ? type : type + ": " + message;
    }
}
