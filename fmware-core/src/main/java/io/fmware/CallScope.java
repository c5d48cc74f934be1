package io.fmware;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all copies of one call share: whose thread runs it, whether it has ended, how it is cancelled. Confined to the thread of
 * the chain, except for the cancellation and what is known of exceptions.
 */
final class CallScope {
    private static final int MOST_EXPLAINED = 64; // what is thrown on is of the last attempts

    private static final AtomicIntegerFieldUpdater<CallScope> ATTEMPTS =
            AtomicIntegerFieldUpdater.newUpdater(CallScope.class, "attempts");

    private static final AtomicIntegerFieldUpdater<CallScope> REQUESTS =
            AtomicIntegerFieldUpdater.newUpdater(CallScope.class, "requests");

    /** Whose model is asked on this thread. */
    private static final ThreadLocal<@Nullable CallScope> ASKING = new ThreadLocal<>();

    private final Engine engine;
    private final Mode mode;
    private final Cancellation cancellation;
    private @Nullable Thread owner;
    private boolean ended;
    private boolean replayed;
    private volatile @Nullable List<Throwable> explained;
    private @Nullable List<CallScope> forks;
    private int sample;

    @SuppressWarnings("UnusedVariable") // through ATTEMPTS
    private volatile int attempts;

    @SuppressWarnings("UnusedVariable") // through REQUESTS
    private volatile int requests;

    /** What this is a fork of, or the call that entered this pipeline. */
    private @Nullable CallScope outer;

    private volatile @Nullable Derived derived;

    /**
     * @param owner the thread that runs the chain, or {@code null} for the first one that proceeds
     * @param cancellation how the call is cancelled, {@link Cancellation#NEVER} if it cannot be
     */
    CallScope(Engine engine, Mode mode, Cancellation cancellation, @Nullable Thread owner) {
        this.engine = engine;
        this.mode = mode;
        this.cancellation = cancellation;
        this.owner = owner;
    }

    Engine engine() {
        return engine;
    }

    Mode mode() {
        return mode;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** Refuses a step of the chain that the contract of {@link Chain#proceed} forbids. */
    void check(String culprit) {
        Thread current = Thread.currentThread();
        if (owner != current) {
            adopt(current, culprit);
        }
        if (ended) {
            throw new IllegalStateException(
                    culprit + " called proceed after the call had ended; proceed only until intercept returns");
        }
    }

    private void adopt(Thread current, String culprit) {
        if (owner != null) {
            throw new IllegalStateException(culprit + " called proceed on thread " + current.getName()
                    + ", but the chain runs on " + owner.getName()
                    + "; fork the call there and hand the fork to this thread: call.fork(sink)");
        }
        owner = current;
    }

    /** A scope for work beside this call, cancelled when this call is cancelled or ends. */
    CallScope fork() {
        if (owner != null && owner != Thread.currentThread()) {
            throw new IllegalStateException("a call was forked on thread "
                    + Thread.currentThread().getName() + ", but its chain runs on " + owner.getName()
                    + "; fork it there and hand the fork to this thread");
        }
        Cancellation own = new Cancellation();
        cancellation.onCancel(() -> {
            CancelledException cause = cancellation.exception();
            own.cancel(String.valueOf(cause.getMessage()), cause.getCause());
        });
        CallScope fork = new CallScope(engine, mode, own, null);
        fork.sample = sample(); // what passes the call by passes its forks by
        fork.replayed = replayed;
        fork.outer = this;
        if (ended) {
            fork.cancelWithParent();
        }
        if (forks == null) {
            forks = new CopyOnWriteArrayList<>(); // read by the parent's thread while a fork forks
        }
        forks.add(fork);
        return fork;
    }

    private void cancelWithParent() {
        cancellation.cancel("the call that this one was forked from has ended", null);
    }

    /** The scope of the same call in the chain of another pipeline, on the same thread. */
    CallScope nested(Engine other) {
        CallScope nested = new CallScope(other, mode, cancellation, Thread.currentThread());
        nested.replayed = replayed;
        nested.outer = this;
        return nested;
    }

    /**
     * Waits at a gate until the call is cancelled. One that its caller cannot cancel, and a fork of it, does not wait on once the
     * pipeline that it entered first is closed, and has been patient.
     */
    Gate.Outcome await(Gate gate, Deadline until) throws InterruptedException {
        CallScope first = outermost();
        if (first.cancellation != Cancellation.NEVER) { // it is told of the closing itself
            return gate.await(cancellation, until);
        }
        Engine entered = first.engine;
        Cancellation closing = cancellation == Cancellation.NEVER ? new Cancellation() : cancellation;
        entered.track(closing);
        try {
            Gate.Outcome outcome = gate.await(closing, until);
            if (outcome == Gate.Outcome.CANCELLED) {
                throw closing.exception();
            }
            return outcome;
        } finally {
            entered.untrack(closing);
        }
    }

    private CallScope outermost() {
        CallScope first = this;
        while (first.outer != null) {
            first = first.outer;
        }
        return first;
    }

    /** Says that the call is of a replay. */
    void replay() {
        replayed = true;
    }

    boolean isReplayed() {
        return replayed;
    }

    void end() {
        ended = true;
        if (forks != null) {
            forks.forEach(CallScope::cancelWithParent);
        }
    }

    /** Notes that a model is about to be asked. */
    void attempted() {
        count(1);
    }

    /** Takes back what was noted: the model was not asked after all. */
    void notAsked() {
        count(-1);
    }

    private void count(int more) {
        for (CallScope each = this; each != null; each = each.outer) {
            ATTEMPTS.addAndGet(each, more);
        }
    }

    /** Asks a model on this thread; what is sent meanwhile is sent for this call. */
    <T> T asking(Supplier<T> model) {
        CallScope before = ASKING.get();
        ASKING.set(this);
        try {
            return model.get();
        } finally {
            ASKING.set(before);
        }
    }

    /** Notes that a request goes out on this thread. */
    static void requestSent() {
        for (CallScope each = ASKING.get(); each != null; each = each.outer) {
            REQUESTS.incrementAndGet(each);
        }
    }

    int requests() {
        return REQUESTS.get(this);
    }

    /** How often a model was asked, by forks and by pipelines further in too. */
    int attempts() {
        return ATTEMPTS.get(this);
    }

    /** Notes an exception that no interceptor is to be blamed for: the model threw it, or its message names the culprit. */
    void explained(Throwable t) {
        List<Throwable> known = explained;
        if (known == null) {
            known = new CopyOnWriteArrayList<>();
            explained = known;
        }
        if (!isExplained(t)) {
            if (known.size() == MOST_EXPLAINED) {
                known.remove(0);
            }
            known.add(t);
        }
    }

    private boolean isExplained(Throwable t) {
        List<Throwable> known = explained;
        return (known != null && known.stream().anyMatch(k -> k == t))
                || (forks != null && forks.stream().anyMatch(f -> f.isExplained(t)));
    }

    /** Notes, once, on an exception that an interceptor did not get from below, which interceptor threw it. */
    void blame(Throwable t, String culprit) {
        if (isExplained(t)) {
            return;
        }
        explained(t);
        // One exception may serve many calls, so it is looked at too.
        boolean noted = Arrays.stream(t.getSuppressed()).anyMatch(ThrownBy.class::isInstance);
        if (!noted && !(t instanceof FmwareException)) {
            t.addSuppressed(new ThrownBy(culprit));
        }
    }

    /** A number that stays the same for the whole call and is random between calls. */
    int sample() {
        if (sample == 0) {
            sample = ThreadLocalRandom.current().nextInt() | 1;
        }
        return sample;
    }

    /** What was worked out of a request to a model, newest first. */
    private record Derived(
            AttributeKey<?> key,
            Object asked,
            Target target,
            Object value,
            @Nullable Derived older) {}

    /** What was worked out of a request, {@code null} where nothing was. */
    <T> @Nullable T derived(AttributeKey<T> key, Object asked, Target target) {
        for (CallScope scope = this; scope != null; scope = scope.outer) {
            for (Derived each = scope.derived; each != null; each = each.older) {
                if (each.key == key && each.asked == asked && each.target == target) {
                    return key.cast(each.value);
                }
            }
        }
        return null;
    }

    void derive(AttributeKey<?> key, Object asked, Target target, Object value) {
        derived = new Derived(key, asked, target, value, derived);
    }

    /** A note on an exception; it has no stack trace, since the exception has one. */
    static final class ThrownBy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ThrownBy(String culprit) {
            super("thrown by " + culprit, null, false, false);
        }
    }
}
