package io.fmware.agent;

import dev.langchain4j.agentic.agent.AgentInvocationException;
import dev.langchain4j.agentic.agent.MissingArgumentException;
import dev.langchain4j.agentic.internal.AbstractAgentInvoker;
import dev.langchain4j.agentic.internal.AgentInvocationArguments;
import dev.langchain4j.agentic.internal.AgentInvoker;
import dev.langchain4j.agentic.planner.AgentArgument;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.agentic.scope.DefaultAgenticScope;
import io.fmware.BoundaryKind;
import io.fmware.RunScope;
import io.fmware.RunTurn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call of an agent by a planner, at the place that was reserved when it was planned, on whatever thread it is made. An
 * error handler that wants it again gets a place of its own for that.
 */
final class PlacedInvoker extends AbstractAgentInvoker {
    private final AgentInvoker delegate;
    private final RunScope planner;
    private final Thread loop;
    private final AtomicReference<@Nullable RunScope> reserved;
    private final @Nullable Fork fork;
    private volatile RunScope last;

    /**
     * @param loop the thread on which the planner calls agents one after the other
     */
    PlacedInvoker(AgentInvoker delegate, RunScope planner, Thread loop, @Nullable Fork fork) {
        super(delegate.method(), delegate);
        this.delegate = delegate;
        this.planner = planner;
        this.loop = loop;
        this.last = reserve(planner, delegate);
        this.reserved = new AtomicReference<>(last);
        this.fork = fork;
    }

    /** The first that langchain4j does for a branch. */
    @Override
    public AgentInvocationArguments toInvocationArguments(AgenticScope scope) throws MissingArgumentException {
        if (fork != null || isBranch()) {
            if (reserved.get() == null) {
                last.takeTurn(RunTurn.NEXT); // which number another place gets is a matter of order too
            }
            place().takeTurn(RunTurn.BEGIN);
        }
        try {
            AgentInvocationArguments found = delegate.toInvocationArguments(scope);
            if (delegate.async()) {
                planner.leavesThread();
            }
            return found;
        } catch (MissingArgumentException e) {
            ended();
            if (!delegate.optional()) { // else it is not called, and the planner is asked for the next one
                failed();
            }
            throw e;
        } catch (Throwable t) {
            failed();
            throw t;
        }
    }

    /** The place that is reserved, or one of its own for an agent that is asked again. */
    private RunScope place() {
        RunScope first = reserved.get();
        if (first != null) {
            return first;
        }
        RunScope another = reserve(planner, delegate);
        reserved.set(another);
        last = another;
        return another;
    }

    /** Whether this is not the thread of the planner. */
    private boolean isBranch() {
        return Thread.currentThread() != loop;
    }

    /** langchain4j goes on with the error, on this thread or on that of the planner. */
    private void failed() {
        if (isBranch()) {
            planner.endTurn();
        }
    }

    @Override
    public @Nullable Object invoke(DefaultAgenticScope scope, Object called, AgentInvocationArguments arguments)
            throws AgentInvocationException {
        RunScope place = place();
        reserved.set(null);
        Object result;
        try {
            result = place.cross(
                    BoundaryKind.AGENT,
                    name(),
                    arguments.namedArgs(),
                    asked -> delegate.invoke(scope, called, handedOn(arguments, asked)));
        } catch (Throwable t) {
            ended(); // while it is the turn of this thread: who comes last is a matter of order
            failed();
            throw t;
        }
        ended();
        return PlacedStream.of(result, place);
    }

    /** The arguments as they were found, or as an interceptor changed them. */
    private AgentInvocationArguments handedOn(AgentInvocationArguments found, @Nullable Object asked) {
        Map<String, Object> named = found.namedArgs();
        if (asked == named) {
            return found;
        }
        @Nullable Object[] positional = found.positionalArgs().clone();
        Map<String, @Nullable Object> changed = new HashMap<>();
        if (positional.length == 1 && positional[0] == named) { // an untyped agent takes them as they are
            HandedOn.anyNames(name(), asked).forEach((key, value) -> changed.put(String.valueOf(key), value));
            positional[0] = changed;
            return new AgentInvocationArguments(changed, positional);
        }
        HandedOn.sameNames(name(), named.keySet(), asked)
                .forEach((key, value) -> changed.put(String.valueOf(key), value));
        List<AgentArgument> taken = delegate.arguments();
        if (taken.size() != positional.length) {
            throw new IllegalStateException("the input of agent " + name() + " was replaced, but which of its "
                    + positional.length + " parameters take " + named.keySet() + " is not known; hand it on as it is");
        }
        for (int i = 0; i < positional.length; i++) {
            if (changed.containsKey(taken.get(i).name())) {
                positional[i] = changed.get(taken.get(i).name());
            }
        }
        return new AgentInvocationArguments(changed, positional);
    }

    private static RunScope reserve(RunScope planner, AgentInvoker agent) {
        return planner.reserve(BoundaryKind.AGENT, agent.name(), agent.description());
    }

    private void ended() {
        if (fork != null) {
            fork.ended(this);
        }
    }
}
