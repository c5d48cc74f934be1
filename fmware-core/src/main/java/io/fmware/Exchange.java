package io.fmware;

import dev.langchain4j.exception.LangChain4jException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model on a thread of its own, so that the chain can stop waiting for it: at the deadline, on cancellation, or
 * when its own thread is interrupted. An abandoned exchange interrupts its thread and ignores whatever still comes; every
 * attempt has an exchange of its own, so that nothing late reaches another one.
 */
abstract class Exchange {
    private final FmCall call;
    private final Gate gate;
    private final CarriedContext context;
    private final ReentrantLock workerLock = new ReentrantLock();
    private volatile @Nullable Thread worker;
    private boolean abandoned;
    private boolean begun;
    private volatile @Nullable Throwable error;

    Exchange(FmCall call) {
        this.call = call;
        this.gate = new Gate(call.scope().engine().time());
        this.context = call.scope().engine().captureContext();
    }

    final FmCall call() {
        return call;
    }

    final CarriedContext context() {
        return context;
    }

    /** Asks the model, on the exchange's thread; ends in {@link #finish} or {@link #fail}, at once or later. */
    abstract void ask(FmCall call);

    /** What the model answered, once the exchange has finished. */
    abstract FmReply reply();

    /** Runs the exchange to its end, on the thread of the chain. */
    final FmReply run() {
        try {
            return runToItsEnd();
        } finally {
            if (!hasBegun()) {
                call.scope().notAsked();
            }
        }
    }

    private FmReply runToItsEnd() {
        Gate.Outcome outcome;
        try {
            if (Thread.interrupted()) { // the model might be asked before the wait for it finds out
                throw new InterruptedException("before the model was asked");
            }
            call.scope().engine().execute(this::work);
            outcome = gate.await(call.cancellation(), call.deadline());
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
            throw new CancelledException("the thread was interrupted while waiting for " + call.target(), e);
        }
        switch (outcome) {
            case CANCELLED -> {
                abandon();
                throw call.cancellation().exception();
            }
            case EXPIRED -> {
                abandon();
                throw call.deadline().exceeded("waiting for " + call.target() + ", attempt " + call.attempt());
            }
            case OPEN -> {
                Throwable failure = error;
                if (failure != null) {
                    throw unchecked(failure);
                }
            }
        }
        return reply();
    }

    private void work() {
        workerLock.lock();
        try {
            if (abandoned) {
                return;
            }
            worker = Thread.currentThread();
            begun = true;
        } finally {
            workerLock.unlock();
        }
        try {
            context.run(() -> ask(call));
        } catch (Throwable t) {
            fail(t);
        } finally {
            leave();
        }
    }

    /** Whether the model is asked, or was; once this is abandoned that does not change any more. */
    private boolean hasBegun() {
        workerLock.lock();
        try {
            return begun;
        } finally {
            workerLock.unlock();
        }
    }

    private void leave() {
        workerLock.lock();
        try {
            worker = null;
            if (abandoned) {
                Thread.interrupted(); // ours; the thread goes back to its pool without it
            }
        } finally {
            workerLock.unlock();
        }
    }

    /** Whether this is the thread on which the model was called, where the caller's context is in place. */
    final boolean isWorker(Thread thread) {
        return worker == thread;
    }

    final void finish() {
        gate.open();
    }

    final void fail(Throwable t) {
        error = t;
        gate.open();
    }

    /** Stops listening to the model and frees its thread. */
    void abandon() {
        workerLock.lock();
        try {
            abandoned = true;
            if (worker != null) {
                worker.interrupt();
            }
        } finally {
            workerLock.unlock();
        }
    }

    private static RuntimeException unchecked(Throwable t) {
        if (t instanceof RuntimeException e) {
            return e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        return new CheckedModelException(t);
    }

    /** Carries a checked exception that a stream ended with; the handler of the user gets its cause. */
    static final class CheckedModelException extends LangChain4jException {
        private static final long serialVersionUID = 1L;
        private final Throwable checked;

        CheckedModelException(Throwable checked) {
            super(checked);
            this.checked = checked;
        }

        /** What the stream ended with, and with it what interceptors have attached to this. */
        Throwable unwrapped() {
            if (checked.getSuppressed().length == 0) { // one exception may serve many calls
                for (Throwable attached : getSuppressed()) {
                    checked.addSuppressed(attached);
                }
            }
            return checked;
        }
    }
}
