package io.fmware.testing;

import dev.langchain4j.model.chat.response.StreamingHandle;

/** A handle that also ends a stall when it cancels. */
record WakingHandle(StreamingHandle handle, FaultInjector injector) implements StreamingHandle {

    @Override
    public void cancel() {
        handle.cancel();
        injector.wake();
    }

    @Override
    public boolean isCancelled() {
        return handle.isCancelled();
    }
}
