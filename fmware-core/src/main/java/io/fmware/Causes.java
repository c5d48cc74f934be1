package io.fmware;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lies behind a failure, for interceptors and others that look for a sign in it. */
public final class Causes {
    private static final int DEEPEST = 32;

    private Causes() {}

    /**
     * A failure and its causes.
     *
     * @param failure what was thrown, {@code null} for nothing
     * @return the failure, its cause, the cause of that and so on; at most 32, since causes may go round in a circle
     */
    public static List<Throwable> of(@Nullable Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable each = failure; each != null && all.size() < DEEPEST; each = each.getCause()) {
            all.add(each);
        }
        return all;
    }
}
