package io.fmware;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What an interceptor keeps of each {@linkplain FmCall#model() model} apart: whether it is down, how long it takes. Bounded,
 * since requests may name any model: from the 1,000th one on they share one state. Thread-safe.
 *
 * @param <S> what is kept; thread-safe
 */
public final class PerModel<S> {
    private static final int MOST = 1_000;
    private static final String OTHERS = "others";

    private final Function<String, S> make;
    private final ConcurrentHashMap<String, S> states = new ConcurrentHashMap<>();

    private PerModel(Function<String, S> make) {
        this.make = make;
    }

    /**
     * Keeps something of each model.
     *
     * @param <S> what is kept
     * @param make makes the state of a model, given its name; called once for each
     * @return the states, none yet
     */
    public static <S> PerModel<S> of(Function<String, S> make) {
        return new PerModel<>(Objects.requireNonNull(make, "make"));
    }

    /**
     * The state of the model that a call asks.
     *
     * @param call the call
     * @return the state
     */
    public S of(FmCall call) {
        return of(call.model());
    }

    /**
     * The state of a model.
     *
     * @param model the name of the model, as {@link FmCall#model()} has it
     * @return the state
     */
    public S of(String model) {
        S known = states.get(model);
        if (known != null) {
            return known;
        }
        return states.computeIfAbsent(states.size() >= MOST - 1 ? OTHERS : model, make);
    }

    /**
     * All that is kept.
     *
     * @return states by the name of the model, a view
     */
    public Map<String, S> all() {
        return Collections.unmodifiableMap(states);
    }
}
