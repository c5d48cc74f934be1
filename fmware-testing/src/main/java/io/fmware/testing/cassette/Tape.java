package io.fmware.testing.cassette;

import io.fmware.RunScope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What stands behind the boundaries of one test: something that records or that answers. Opened with the test's run. */
interface Tape {

    /** The place of the test in its run. */
    RunScope scope();

    /** What a developer is to read first where the test has failed. */
    default Throwable explained(Throwable failure) {
        return failure;
    }

    /**
     * Ends the run.
     *
     * @param failure why the test failed, {@code null} where it did not
     * @throws Exception if something is wrong with the test
     */
    void end(ExtensionContext test, @Nullable Throwable failure) throws Exception;
}
