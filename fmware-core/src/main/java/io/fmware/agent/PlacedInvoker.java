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
    private final AtomicReference<@Nullable RunScope> reserved;
    private final @Nullable Fork fork;

    PlacedInvoker(AgentInvoker delegate, RunScope planner, @Nullable Fork fork) {
        super(delegate.method(), delegate);
        this.delegate = delegate;
        this.planner = planner;
        this.reserved = new AtomicReference<>(reserve(planner, delegate));
        this.fork = fork;
    }

    @Override
    public AgentInvocationArguments toInvocationArguments(AgenticScope scope) throws MissingArgumentException {
        try {
            return delegate.toInvocationArguments(scope);
        } catch (MissingArgumentException e) {
            ended(); // an optional agent is not called then
            throw e;
        }
    }

    @Override
    public @Nullable Object invoke(DefaultAgenticScope scope, Object called, AgentInvocationArguments arguments)
            throws AgentInvocationException {
        RunScope first = reserved.getAndSet(null);
        RunScope place = first == null ? reserve(planner, delegate) : first;
        try {
            Object result = place.cross(
                    BoundaryKind.AGENT,
                    name(),
                    arguments.namedArgs(),
                    asked -> delegate.invoke(scope, called, handedOn(arguments, asked)));
            return PlacedStream.of(result, place);
        } finally {
            ended();
        }
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
