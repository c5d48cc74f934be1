package io.fmware;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Changes an answer, or refuses to give one: the seam through which caching, re-prompting, guards, fallbacks and limits are
 * added to a model.
 *
 * <p>An interceptor runs synchronously on the chain's thread in every mode. It may call {@link Chain#proceed} on that thread
 * any number of times, including none, until it returns; another thread needs a {@linkplain FmCall#fork fork} of the call. It
 * never returns {@code null}. To see or change partial output it wraps the {@link FmCall#sink() sink} of the call that it
 * hands on.
 *
 * <p>What it throws reaches the caller as it is. A {@link CancelledException} or {@link DeadlineExceededException} from below
 * is to be let through.
 *
 * <p>Implementations are thread-safe: one instance serves all calls of a pipeline.
 */
@FunctionalInterface
public interface Interceptor {

    /**
     * Handles one call.
     *
     * @param call what is asked
     * @param next the rest of the chain, down to the model
     * @return the answer, never {@code null}
     */
    FmReply intercept(FmCall call, Chain next);

    /**
     * Where this interceptor stands. By default {@link Phase#ADMIT}: once per logical call, answers from a cache included.
     *
     * @return the phase, always the same
     */
    default Phase phase() {
        return Phase.ADMIT;
    }

    /**
     * The name under which this interceptor appears in messages and metrics and can be switched; unique in a pipeline. By
     * default the simple name of the class with a small first letter.
     *
     * @return a short name, always the same
     */
    default String name() {
        if (NamedInterceptor.isNameless(getClass())) {
            return NamedInterceptor.UNNAMED;
        }
        String simple = getClass().getSimpleName();
        return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
    }

    /**
     * The operations that this interceptor handles; it is left out of the chain of others. By default chat alone, so that
     * {@link FmCall#request()} may be read without asking.
     *
     * @return the operations, always the same
     */
    default Set<Operation> operations() {
        return Set.of(Operation.CHAT);
    }

    /**
     * Called once when a pipeline is built, so that what cannot work is refused then and not in production. The message of
     * the exception names both parties and the cure.
     *
     * @param order all interceptors of the pipeline, outermost first, this one included
     * @throws IllegalArgumentException if this interceptor cannot work in that company
     */
    default void check(List<Interceptor> order) {}

    /**
     * What does the work: this interceptor, or the one that it only gives a name and a phase. What {@link #check} looks for in
     * its company is to be looked for here.
     *
     * @return the interceptor that does the work
     */
    default Interceptor unwrapped() {
        return this;
    }

    /**
     * Gives a phase and a name to an interceptor, most often a lambda.
     *
     * @param name the name, unique in a pipeline
     * @param phase where it stands
     * @param body what it does
     * @return an interceptor for chat calls
     */
    static Interceptor of(String name, Phase phase, Interceptor body) {
        return new NamedInterceptor(name, phase, body);
    }
}
