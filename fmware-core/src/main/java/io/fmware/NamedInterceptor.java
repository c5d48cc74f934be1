package io.fmware;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/** An interceptor under another name and phase. */
record NamedInterceptor(String name, Phase phase, Interceptor body) implements Interceptor {
    /** The name of all that have none of their own; a pipeline numbers them. */
    static final String UNNAMED = "interceptor";

    NamedInterceptor {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(body, "body");
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name of an interceptor must not be blank");
        }
    }

    /** Whether a class has no name that would mean something to a reader: a lambda, an anonymous class. */
    static boolean isNameless(Class<?> type) {
        return type.getSimpleName().isEmpty() || type.isHidden() || type.isSynthetic();
    }

    @Override
    public Interceptor unwrapped() {
        return body.unwrapped();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        return body.intercept(call, next);
    }

    @Override
    public Set<Operation> operations() {
        return body.operations();
    }

    @Override
    public void check(List<Interceptor> order) {
        body.check(order);
    }
}
