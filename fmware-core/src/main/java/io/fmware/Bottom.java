package io.fmware;

import org.jspecify.annotations.Nullable;

/**
 * Ends a chain, or the part of it that serves every model: hands the call to the model that it names.
 *
 * @param caller who calls this: the interceptor above, or the wrapped model
 * @param first the model that the chain was built for
 * @param ofFirst the interceptors that belong to that model alone, or {@code null} where there are none
 * @param own those who watch every call of the pipeline
 */
record Bottom(String caller, Target first, @Nullable Chain ofFirst, Watchers own) implements Chain {

    @Override
    public FmReply proceed(@Nullable FmCall call) {
        if (call == null) {
            throw Node.proceededWithNull(caller);
        }
        CallScope scope = call.scope();
        scope.check(caller);
        Target target = call.target();
        if (ofFirst != null && target == first) {
            return ofFirst.proceed(call);
        }
        if (!target.isWrapped()) { // its own pipeline counts
            scope.attempted();
        }
        try {
            return Watched.isIdle(own)
                    ? target.invoke(call)
                    : Watched.reply(own, BoundaryKind.ATTEMPT, call, target::invoke);
        } catch (Throwable t) {
            scope.explained(t);
            throw t;
        }
    }

    @Override
    public String toString() {
        return ofFirst == null ? first.toString() : ofFirst.toString();
    }
}
