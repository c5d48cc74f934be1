package io.fmware.agent;

import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.agent.ChatMessagesAccess;
import dev.langchain4j.agentic.internal.AgentInvoker;
import dev.langchain4j.agentic.internal.AgenticScopeOwner;
import dev.langchain4j.agentic.internal.InternalAgent;
import dev.langchain4j.agentic.observability.MonitoredAgent;
import dev.langchain4j.agentic.planner.AgentInstance;
import dev.langchain4j.agentic.scope.AgenticScopeAccess;
import dev.langchain4j.service.memory.ChatMemoryAccess;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.RunScope;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handles the calls of an agent that the application holds: those of its own method cross a boundary. As a part of another
 * agent it is called without this, by an invoker that does so.
 *
 * @param delegate what langchain4j made, an agent itself
 */
record WatchedRoot(InvocationHandler delegate) implements InvocationHandler {
    private static final Set<Class<?>> OF_THE_AGENT = Set.of(AgentInstance.class, InternalAgent.class);
    private static final Set<Class<?>> OF_THE_FRAMEWORK = Set.of(
            Object.class,
            AgenticScopeOwner.class,
            AgenticScopeAccess.class,
            ChatMemoryAccess.class,
            ChatMessagesAccess.class,
            MonitoredAgent.class);

    static InvocationHandler around(InvocationHandler handler) {
        return handler instanceof InternalAgent ? new WatchedRoot(handler) : handler;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Class<?> owner = method.getDeclaringClass();
        if (OF_THE_AGENT.contains(owner)) { // langchain4j asks the handler of the proxy for these, which is this
            try {
                return method.invoke(delegate, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
        RunScope here = OF_THE_FRAMEWORK.contains(owner) ? null : FmRun.currentScope();
        if (here == null) {
            return delegate.invoke(proxy, method, arguments);
        }
        InternalAgent agent = (InternalAgent) delegate;
        String name = agent.name();
        RunScope place = here.reserve(BoundaryKind.AGENT, name, agent.description());
        Map<?, ?> named = named(method, arguments);
        @Nullable
        Object result = place.<Object, @Nullable Object>cross(BoundaryKind.AGENT, name, named, asked -> {
            return ask(proxy, method, asked == named ? arguments : handedOn(name, method, named, asked));
        });
        return PlacedStream.of(result, place);
    }

    /** The arguments as an interceptor changed them. */
    private static @Nullable Object[] handedOn(String name, Method method, Map<?, ?> named, @Nullable Object asked) {
        if (isUntyped(method)) {
            return new Object[] {HandedOn.anyNames(name, asked)};
        }
        Map<?, ?> changed = HandedOn.sameNames(name, named.keySet(), asked);
        return Arrays.stream(method.getParameters())
                .map(each -> changed.get(nameOf(each)))
                .toArray();
    }

    private static boolean isUntyped(Method method) {
        return method.getDeclaringClass() == UntypedAgent.class;
    }

    private static String nameOf(Parameter parameter) {
        return AgentInvoker.optionalParameterName(parameter).orElse(parameter.getName());
    }

    private @Nullable Object ask(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
        try {
            return delegate.invoke(proxy, method, arguments);
        } catch (Throwable t) {
            throw WatchedRoot.<RuntimeException>asIs(t);
        }
    }

    /** What the method of an agent throws is its own affair, checked or not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the only way to throw it as it is
    private static <E extends Throwable> E asIs(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static Map<?, ?> named(Method method, @Nullable Object @Nullable [] arguments) {
        if (arguments == null) {
            return Map.of();
        }
        if (isUntyped(method) && arguments[0] instanceof Map<?, ?> map) {
            return map;
        }
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            named.put(nameOf(parameters[i]), arguments[i]);
        }
        return named;
    }
}
