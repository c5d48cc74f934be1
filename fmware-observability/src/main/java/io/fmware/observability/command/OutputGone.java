package io.fmware.observability.command;

import java.io.IOException;
import java.util.Locale;

/** Nothing more can be written. */
final class OutputGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unread;

    OutputGone(IOException cause) {
        super(cause);
        this.unread =
                String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }

    /** Whether whoever reads has had enough, as {@code head} has: no error of ours. */
    boolean isUnread() {
        return unread;
    }
}
