package io.fmware;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what is asked of the outside world where nobody sees it who {@linkplain BoundaryInterceptor#mustSeeAll must see all}.
 * Thread-safe. Costs a look at a field where nobody has ever been such a one.
 */
final class Unseen {
    private static final Set<FmRun> OPEN = ConcurrentHashMap.newKeySet();
    private static volatile boolean looking;

    private Unseen() {}

    /** Whether anything may have to be refused. */
    static boolean isLooking() {
        return looking;
    }

    static void opened(FmRun run) {
        looking = true;
        OPEN.add(run);
    }

    static void closed(FmRun run) {
        OPEN.remove(run);
    }

    /**
     * Refuses a crossing that is not seen.
     *
     * @param own those who watch what crosses it
     * @param left where this thread was at last, also in a run that has ended
     * @param here where it is
     */
    static void refuse(Watchers own, BoundaryKind kind, String name, @Nullable RunScope left, @Nullable RunScope here) {
        if (!kind.isOutside() || own.mustSeeAll() || Watchers.areTold()) {
            return;
        }
        if (here == null && left != null) {
            refuseLate(left.run(), kind, name);
        }
        if (here != null && here.run().isGiven()) {
            return; // to somebody, who sees it
        }
        for (FmRun run : OPEN) {
            if (!run.mustBeSeen()) {
                continue; // it has come to where it is real
            }
            throw new IllegalStateException(asked(kind, name)
                    + (here == null
                            ? "outside of any run"
                            : "in run " + here.run().name())
                    + " while run " + run.name() + " is open, in which all is to be seen, and would really be asked. A"
                    + " thread that works for that run has to be told so: FmRun.carrying(executor), or"
                    + " FmRun.carrying(task). If this belongs to a test that runs at the same time, run one after the"
                    + " other (JUnit: @Isolated)");
        }
    }

    /** Refuses what comes after the end of a run of which all is to be seen. */
    static void refuseLate(FmRun run, BoundaryKind kind, String name) {
        if (run.mustBeSeen() && run.hasEnded() && kind.isOutside()) {
            throw new IllegalStateException(
                    asked(kind, name) + "after the end of run " + run.name()
                            + ", in which all is to be seen, and would really be asked. Wait for all work of a run before it ends");
        }
    }

    private static String asked(BoundaryKind kind, String name) {
        return kind.word() + " " + name + " came on thread "
                + Thread.currentThread().getName() + " ";
    }
}
