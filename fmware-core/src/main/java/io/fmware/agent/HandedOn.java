package io.fmware.agent;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of an agent as interceptors hand them on, which may have changed them. */
final class HandedOn {

    private HandedOn() {}

    /** Arguments by name, of the same names as before. */
    static Map<?, ?> sameNames(String agent, Set<?> names, @Nullable Object input) {
        Map<?, ?> arguments = anyNames(agent, input);
        if (!arguments.keySet().equals(names)) {
            throw new IllegalStateException("the input of agent " + agent + " was replaced by arguments named "
                    + arguments.keySet() + ", but it takes " + names);
        }
        return arguments;
    }

    /** Arguments by name, for an agent that takes whatever there is. */
    static Map<?, ?> anyNames(String agent, @Nullable Object input) {
        if (input instanceof Map<?, ?> arguments) {
            return arguments;
        }
        throw new IllegalStateException("the input of agent " + agent + " was replaced by "
                + (input == null ? "null" : "a " + input.getClass().getName())
                + "; a Map of its arguments by name is wanted");
    }
}
