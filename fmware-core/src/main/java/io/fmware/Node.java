package io.fmware;

import org.jspecify.annotations.Nullable;

/** One interceptor in the chain of one wrapped model. */
final class Node implements Chain {
    private final Interceptor interceptor;
    private final Interceptor body; // a name and a phase given from outside cost a call nothing
    private final InterceptorSwitch toggle;
    private final Chain next;
    private final boolean timed;
    private final String self;
    private final String caller;

    /**
     * @param caller who calls this node: the interceptor above, or the wrapped model
     */
    Node(Interceptor interceptor, InterceptorSwitch toggle, Chain next, String caller) {
        this.interceptor = interceptor;
        this.body = interceptor.unwrapped();
        this.toggle = toggle;
        this.next = next;
        this.timed = interceptor.phase().dependsOnTiming();
        this.self = describe(interceptor);
        this.caller = caller;
    }

    static String describe(Interceptor interceptor) {
        String type = interceptor.unwrapped().getClass().getName();
        return "interceptor '" + interceptor.name() + "' (" + type + ")";
    }

    @Override
    public FmReply proceed(@Nullable FmCall call) {
        if (call == null) {
            throw proceededWithNull(caller);
        }
        CallScope scope = call.scope();
        scope.check(caller);
        if (toggle.skips(scope) || (timed && scope.isReplayed())) {
            return next.proceed(call);
        }
        FmReply reply;
        try {
            reply = body.intercept(call, next);
        } catch (Throwable t) {
            scope.blame(t, self);
            throw t;
        }
        if (reply == null) {
            IllegalStateException error = new IllegalStateException(
                    self + " returned null; return the reply of next.proceed(call) or one made with FmReply.of");
            scope.explained(error);
            throw error;
        }
        return reply;
    }

    static IllegalArgumentException proceededWithNull(String caller) {
        return new IllegalArgumentException(
                caller + " called proceed with null; hand on the call that it was given, or a copy");
    }

    @Override
    public String toString() {
        return interceptor.name() + "(" + next + ")";
    }
}
