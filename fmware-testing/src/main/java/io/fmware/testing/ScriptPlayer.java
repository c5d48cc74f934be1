package io.fmware.testing;

import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The position of one model in its script, the requests that it received, and its ways of waiting. Thread-safe. */
final class ScriptPlayer {

    private static final long BOUND_SECONDS = 10;

    private final String model;
    private final Script script;
    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<ChatRequest> requests = new ArrayList<>();
    private int position;
    private boolean released;

    ScriptPlayer(String model, Script script, TimeSource time) {
        this.model = model;
        this.script = script;
        this.time = time;
    }

    /** Records a request and finds its reply; then blocks if the reply says so. */
    Reply next(ChatRequest request) {
        ChatRequest received = frozen(request);
        Reply reply = find(received);
        if (reply.has(Quirk.BLOCKS_UNINTERRUPTIBLY)) {
            awaitReleaseUninterruptibly();
        } else if (reply.has(Quirk.BLOCKS)) {
            interruptibly(() -> waitUntil(Long.MAX_VALUE, () -> false));
        }
        return reply;
    }

    private Reply find(ChatRequest request) {
        Reply conditional = script.conditional(request);
        int call;
        int index;
        lock.lock();
        try {
            requests.add(request);
            call = requests.size();
            // Taken on arrival: when a test sees that a request is there, the next one gets the next reply.
            index = conditional == null && position < script.orderedReplies() ? position++ : -1;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (conditional != null) {
            return conditional;
        }
        if (index >= 0) {
            return script.ordered(index, request);
        }
        Reply reply = script.otherwise(request);
        if (reply == null) {
            throw new ScriptExhaustedException("call " + call + " of " + model + " has no reply in " + script
                    + ": add a reply(...) for it, a when(...) that its request meets, or otherwise(...). It asked: \""
                    + abbreviated(Script.lastUserText(request)) + "\"");
        }
        return reply;
    }

    List<ChatRequest> requests() {
        lock.lock();
        try {
            return List.copyOf(requests);
        } finally {
            lock.unlock();
        }
    }

    /** Waits in real time until a number of requests has arrived. */
    void awaitRequests(int count) {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
            while (requests.size() < count) {
                if (left <= 0) {
                    throw new AssertionError("expected " + count + " request(s) to " + model + " within "
                            + BOUND_SECONDS + " s of real time, saw " + requests.size());
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while expecting " + count + " request(s) to " + model, e);
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass by the time source, until the end of a duration or a reason to stop. */
    void pause(Duration duration, BooleanSupplier stop) throws InterruptedException {
        if (!duration.isZero()) {
            waitUntil(time.nanoTime() + duration.toNanos(), stop);
        }
    }

    /** Waits until there is a reason to stop or the model is released. */
    void stall(BooleanSupplier stop) throws InterruptedException {
        waitUntil(Long.MAX_VALUE, stop);
    }

    private void waitUntil(long nanos, BooleanSupplier stop) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stop.getAsBoolean() && !released && (nanos == Long.MAX_VALUE || nanos - time.nanoTime() > 0)) {
                time.await(changed, lock, nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitReleaseUninterruptibly() {
        lock.lock();
        try {
            while (!released) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait of the model, now and later. */
    void release() {
        lock.lock();
        try {
            released = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets waiting threads look again whether they have to stop. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the reply in one piece, after the time that it takes. */
    <T> @Nullable T whole(Reply reply, Supplier<T> result) {
        interruptibly(() -> {
            pause(reply.firstDelay, () -> false);
            if (reply.has(Quirk.NEVER_ANSWERS)) {
                stall(() -> false);
            }
            int chunks = Chunks.count(Chunks.of(reply));
            int given = Math.min(chunks, Math.min(reply.failAfter, reply.truncateAfter));
            pause(reply.chunkDelay.multipliedBy(Math.max(0, given - 1)), () -> false);
            if (reply.stallAfter <= Math.min(reply.failAfter, reply.truncateAfter)
                    && reply.stallAfter != Reply.Builder.NOWHERE) {
                stall(() -> false);
            }
        });
        if (reply.error != null) {
            throw ScriptPlayer.<RuntimeException>unchecked(reply.error);
        }
        return reply.has(Quirk.NULL_RESPONSE) ? null : result.get();
    }

    /** Something that waits. */
    interface Waiting {
        void run() throws InterruptedException;
    }

    /** Turns an interrupt into what langchain4j's clients make of it: a plain exception with the interrupt as cause. */
    static void interruptibly(Waiting waiting) {
        try {
            waiting.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeException(e);
        }
    }

    /** Lets any throwable pass where only unchecked ones may. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> RuntimeException unchecked(Throwable error) throws E {
        throw (E) error;
    }

    /** The request with its list of messages as it is now: the caller may change it afterwards. */
    private static ChatRequest frozen(ChatRequest request) {
        return request.getClass() == ChatRequest.class
                ? request.toBuilder().messages(List.copyOf(request.messages())).build()
                : request;
    }

    private static String abbreviated(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
