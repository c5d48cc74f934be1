package io.fmware;

/** The sink of a caller who does not stream. */
enum NoSink implements TokenSink {
    INSTANCE;

    @Override
    public void emit(StreamEvent event) {
        // Nobody listens; the whole answer is in the reply.
    }

    @Override
    public boolean restart() {
        return true;
    }
}
