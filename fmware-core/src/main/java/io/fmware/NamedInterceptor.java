package io.fmware;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/** An interceptor under another name and phase. */
record NamedInterceptor(String name, Phase phase, Interceptor body) implements Interceptor {

    NamedInterceptor {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(body, "body");
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name of an interceptor must not be blank");
        }
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
