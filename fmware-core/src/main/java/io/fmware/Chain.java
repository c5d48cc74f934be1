package io.fmware;

/**
 * The rest of the way to the model, as one interceptor sees it. Stateless and built once for each wrapped model; thread-safe.
 */
public interface Chain {

    /**
     * Hands a call on. May be called any number of times, one after the other, on the thread that runs the chain, until the
     * interceptor returns; from another thread with a {@linkplain FmCall#fork fork} of the call.
     *
     * @param call the call, as received or changed
     * @return the answer from below
     * @throws FmwareException what FMware refuses or gives up, sorted by what the caller can do about it
     * @throws IllegalStateException if it is called from a foreign thread without a fork, or after the call has ended
     * @throws IllegalArgumentException if {@code call} is {@code null}
     */
    FmReply proceed(FmCall call);
}
