package io.fmware;

/** Carries the run of the caller to the threads of its calls; part of every pipeline. */
enum RunCarrier implements ContextCarrier {
    INSTANCE;

    /** Captured outside of any run: there is nothing to restore. */
    static final Object NO_RUN = new Object();

    @Override
    public Object capture() {
        RunScope here = FmRun.here();
        if (here == null) {
            return NO_RUN;
        }
        here.leavesThread();
        return here;
    }

    @Override
    public AutoCloseable restore(Object context) {
        return FmRun.enter((RunScope) context);
    }
}
