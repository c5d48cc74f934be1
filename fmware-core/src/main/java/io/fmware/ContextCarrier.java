package io.fmware;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries what is bound to the thread of the caller (a trace, a logging context, a tenant) to the threads on which its call
 * goes on. It is captured where a call leaves a thread and restored on the thread of the chain, on the thread on which a model
 * is called, and around each piece of output that arrives on a thread of the model's own.
 *
 * <p>Implementations are thread-safe.
 */
public interface ContextCarrier {

    /**
     * Captures the context of this thread.
     *
     * @return the context, opaque to everyone else, never {@code null}
     */
    Object capture();

    /**
     * Makes a captured context that of this thread.
     *
     * @param context what {@link #capture()} returned
     * @return puts back what was there before; closed on the same thread
     */
    AutoCloseable restore(Object context);

    /**
     * Whether the context is also restored around each piece of streamed output. True by default; a carrier whose restoring
     * costs much says no.
     *
     * @return whether handlers of streams see the context on every piece
     */
    default boolean restoresForEachEvent() {
        return true;
    }

    /**
     * A carrier from two functions, such as {@code ContextCarrier.of(Context::current, Context::makeCurrent)} for
     * OpenTelemetry.
     *
     * @param <T> the type of the context
     * @param capture captures the context of this thread
     * @param restore makes it that of another one
     * @return the carrier
     */
    static <T> ContextCarrier of(Supplier<? extends T> capture, Function<? super T, ? extends AutoCloseable> restore) {
        Objects.requireNonNull(capture, "capture");
        Objects.requireNonNull(restore, "restore");
        return new ContextCarrier() {
            @Override
            public Object capture() {
                return Objects.requireNonNull(capture.get(), "the captured context");
            }

            @Override
            @SuppressWarnings("unchecked") // only ever given what capture() returned
            public AutoCloseable restore(Object context) {
                return restore.apply((T) context);
            }
        };
    }

    /**
     * Carries SLF4J's mapped diagnostic context; part of every pipeline. It is not restored around each piece of output, since
     * that costs hundreds of nanoseconds a token; {@link #mdcForEachEvent()} is.
     *
     * @return the carrier
     */
    static ContextCarrier mdc() {
        return MdcCarrier.PER_CALL;
    }

    /**
     * Carries SLF4J's mapped diagnostic context, around each piece of streamed output too.
     *
     * @return the carrier
     */
    static ContextCarrier mdcForEachEvent() {
        return MdcCarrier.PER_EVENT;
    }
}
