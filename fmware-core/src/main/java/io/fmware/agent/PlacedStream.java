package io.fmware.agent;

import dev.langchain4j.service.TokenStream;
import io.fmware.RunScope;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * The stream of an agent, which is started after the agent has returned, by whoever reads it: at the place of the agent. A
 * proxy, so that what langchain4j adds to its streams is handed on.
 */
final class PlacedStream implements InvocationHandler {
    private final TokenStream delegate;
    private final RunScope place;

    private PlacedStream(TokenStream delegate, RunScope place) {
        this.delegate = delegate;
        this.place = place;
    }

    /** The stream at its place; anything else as it is. */
    static @Nullable Object of(@Nullable Object result, RunScope place) {
        return result instanceof TokenStream stream
                ? Proxy.newProxyInstance(
                        TokenStream.class.getClassLoader(),
                        new Class<?>[] {TokenStream.class},
                        new PlacedStream(stream, place))
                : result;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class && method.getName().equals("equals")) {
            return arguments != null && proxy == arguments[0];
        }
        Outcome outcome =
                method.getName().equals("start") ? place.call(() -> ask(method, arguments)) : ask(method, arguments);
        if (outcome.thrown() != null) {
            throw outcome.thrown();
        }
        return outcome.result() == delegate ? proxy : outcome.result();
    }

    private Outcome ask(Method method, @Nullable Object @Nullable [] arguments) {
        try {
            return new Outcome(method.invoke(delegate, arguments), null);
        } catch (InvocationTargetException e) {
            return new Outcome(null, e.getCause());
        } catch (IllegalAccessException e) {
            return new Outcome(null, e);
        }
    }

    private record Outcome(
            @Nullable Object result, @Nullable Throwable thrown) {}
}
