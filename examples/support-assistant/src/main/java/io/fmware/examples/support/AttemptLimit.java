package io.fmware.examples.support;

import dev.langchain4j.exception.TimeoutException;
import io.fmware.Chain;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Phase;
import java.time.Duration;

/**
 * Bounds each attempt at the first model, within the deadline of the whole call: an attempt that stalls fails as a time-out of
 * that model does, so that the fallback takes over while there is time left.
 */
record AttemptLimit(Duration allowed) implements Interceptor {

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        try {
            return next.proceed(call.withDeadline(allowed));
        } catch (DeadlineExceededException e) {
            if (call.deadline().isExpired()) {
                throw e;
            }
            throw new TimeoutException("no answer from " + call.target() + " within " + allowed, e);
        }
    }

    @Override
    public Phase phase() {
        return Phase.RETRY;
    }
}
