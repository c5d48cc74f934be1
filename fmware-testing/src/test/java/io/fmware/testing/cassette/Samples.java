package io.fmware.testing.cassette;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Puts variables in the place of the environment of this process. */
public final class Samples implements BeforeAllCallback {
    static final Map<String, String> ENVIRONMENT = new ConcurrentHashMap<>();

    @Override
    public void beforeAll(ExtensionContext test) {
        test.getRoot()
                .getStore(CassetteExtension.STORE)
                .put(CassetteExtension.ENVIRONMENT, (java.util.function.Function<String, @Nullable String>)
                        ENVIRONMENT::get);
    }
}
