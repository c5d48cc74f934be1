package io.fmware;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told. */
final class RecordingMetrics implements FmMetrics {
    private final List<CallOutcome> calls = new CopyOnWriteArrayList<>();
    private final List<String> actions = new CopyOnWriteArrayList<>();

    @Override
    public void callEnded(CallOutcome outcome) {
        calls.add(outcome);
    }

    @Override
    public void interceptorActed(String interceptor, String action) {
        actions.add(interceptor + ": " + action);
    }

    List<CallOutcome> calls() {
        return calls;
    }

    List<String> actions() {
        return actions;
    }
}
