package io.fmware;

/**
 * Where partial output goes. Every call carries one; that of a call whose caller does not stream ignores what it gets.
 *
 * <p>{@link #emit} is called by one thread at a time, though not always the same one, and never after the
 * {@link Chain#proceed} that produced the output has returned. An interceptor that alters text buffers it, so that the pieces
 * of the answer, one after the other, equal the text of the reply.
 */
public interface TokenSink {

    /**
     * Takes a piece of output.
     *
     * @param event the piece
     */
    void emit(StreamEvent event);

    /**
     * Whether the output may start again from the beginning. The caller's end says no once it has released anything but
     * {@linkplain StreamEvent.Raw events of the provider}; a buffer forgets what it holds and says yes; a wrapper asks the sink
     * that it wraps.
     *
     * @return whether the output emitted so far has been forgotten
     */
    boolean restart();

    /**
     * A sink that ignores everything and can always start again.
     *
     * @return the sink
     */
    static TokenSink none() {
        return NoSink.INSTANCE;
    }

    /**
     * A sink that holds everything back until it is {@linkplain BufferedSink#release() released}.
     *
     * @param downstream where released output goes
     * @return the buffer
     */
    static BufferedSink buffer(TokenSink downstream) {
        return new BufferedSink(downstream);
    }
}
