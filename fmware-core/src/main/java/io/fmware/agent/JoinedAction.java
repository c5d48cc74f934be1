package io.fmware.agent;

import dev.langchain4j.agentic.planner.Action;
import io.fmware.RunScope;
import io.fmware.RunTurn;
import org.jspecify.annotations.Nullable;

/**
 * Lets the thread that runs the loop of a planner go on after agents that were called at once, when it is its turn: langchain4j
 * asks each action there whether it is done, before all else.
 */
final class JoinedAction {
    private final RunScope planner;
    private final Thread loop;

    private JoinedAction(RunScope planner, Thread loop) {
        this.planner = planner;
        this.loop = loop;
    }

    /** The same action with the turn of the loop before it. Of a type that langchain4j does not have here, the action as it is. */
    static @Nullable Action of(@Nullable Action action, RunScope planner, Thread loop) {
        if (action == null) {
            return null;
        }
        JoinedAction joined = new JoinedAction(planner, loop);
        Class<?> type = action.getClass();
        if (type == Action.DoneAction.class || type == Action.DoneWithResultAction.class) {
            return joined.new Done(action.result());
        }
        return type == Action.AgentCallAction.class || type == Action.NoOpAction.class
                ? joined.new Calling((Action.AgentCallAction) action)
                : action;
    }

    /** Branches ask too, while they put their actions together. */
    private void joined() {
        if (Thread.currentThread() == loop && !planner.hasTurn()) {
            planner.takeTurn(RunTurn.JOIN);
        }
    }

    private final class Done extends Action.DoneWithResultAction {
        Done(@Nullable Object result) {
            super(result);
        }

        @Override
        public boolean isDone() {
            joined();
            return true;
        }
    }

    private final class Calling extends Action.AgentCallAction {
        Calling(Action.AgentCallAction called) {
            super(called.agentsToCall());
        }

        @Override
        public boolean isDone() {
            joined();
            return false;
        }
    }
}
