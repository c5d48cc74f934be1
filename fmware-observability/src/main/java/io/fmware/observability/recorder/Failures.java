package io.fmware.observability.recorder;

import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import org.jspecify.annotations.Nullable;

/** Which events say that something has failed. */
final class Failures {
    private Failures() {}

    static boolean isOne(FmEvent event) {
        return event instanceof FmEvent.Failed
                || (event instanceof FmEvent.VerdictGiven verdict && !verdict.accepted())
                || of(event) != null;
    }

    private static @Nullable Failure of(FmEvent event) {
        if (event instanceof FmEvent.RunEnded run) {
            return run.failure();
        }
        if (event instanceof FmEvent.AgentEnded agent) {
            return agent.failure();
        }
        if (event instanceof FmEvent.StepEnded step) {
            return step.failure();
        }
        if (event instanceof FmEvent.CallEnded call) {
            return call.failure();
        }
        if (event instanceof FmEvent.AttemptEnded attempt) {
            return attempt.failure();
        }
        if (event instanceof FmEvent.ToolReturned tool) {
            return tool.failure();
        }
        if (event instanceof FmEvent.RetrievalEnded retrieval) {
            return retrieval.failure();
        }
        return event instanceof FmEvent.Crossed crossed ? crossed.failure() : null;
    }
}
