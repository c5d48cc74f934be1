package io.fmware;

import io.fmware.RunLock.Loan;
import org.jspecify.annotations.Nullable;

/** The turns of one boundary, or of one scope, in a run whose threads go on in an order. */
final class RunPassage {
    private final RunLock lock;
    private final BoundaryKind kind;
    private final RunScope scope;
    /** Where this thread was before, if it was in this run. */
    private final @Nullable RunScope before;

    private final Thread thread = Thread.currentThread();
    private final boolean mine;

    /**
     * Takes the first turn.
     *
     * @param before where this thread was before
     */
    RunPassage(RunLock lock, BoundaryKind kind, RunScope scope, @Nullable RunScope before) {
        this.lock = lock;
        this.kind = kind;
        this.scope = scope;
        this.before = before != null && before.run() == scope.run() ? before : null;
        this.mine = lock.isMine();
        lock.take(scope, kind.isShort() ? RunTurn.CLOSE : RunTurn.OPEN, loan());
        lock.count(thread, kind, scope, 1);
    }

    /** Whether a framework is at work inside, of which one thread may go on at a time. */
    private static boolean isOfAFramework(BoundaryKind kind) {
        return kind == BoundaryKind.AGENT || kind == BoundaryKind.PLAN;
    }

    private Loan loan() {
        return switch (kind) {
            case TOOL, RETRIEVAL -> Loan.AT_ONCE; // on another thread they are those of somebody who waits for them
            case MODERATION -> Loan.ONCE_IT_IS_BLOCKED; // the model is asked meanwhile
            default -> Loan.NEVER;
        };
    }

    /** All is told that comes before the body. */
    void opened() {
        if (isOfAFramework(kind)) {
            scope.keptBy(thread);
            lock.stay(scope);
        } else if (kind.isShort() || (kind == BoundaryKind.STEP && mine)) {
            lock.stay(scope);
        } else {
            lock.release();
        }
    }

    /** Takes the second turn. */
    void closing() {
        scope.keptBy(null);
        if (!kind.isShort()) {
            lock.take(scope, RunTurn.CLOSE, loan());
        }
    }

    /** All is told. */
    void closed() {
        lock.count(thread, kind, scope, -1);
        if (Thread.currentThread() == thread && (mine || (before != null && before.isKeptBy(thread)))) {
            lock.stay(before);
        } else {
            lock.release(scope);
        }
    }
}
