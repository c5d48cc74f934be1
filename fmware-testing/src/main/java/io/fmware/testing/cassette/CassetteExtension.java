package io.fmware.testing.cassette;

import io.fmware.FmRun;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the run of each test, and records or replays it. Thread-safe: what belongs to a test is in its context. */
final class CassetteExtension
        implements BeforeEachCallback,
                AfterEachCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler,
                InvocationInterceptor {
    /** Where tests of this package put a {@code Function} in the place of the environment. */
    static final String ENVIRONMENT = "environment";

    static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(CassetteExtension.class);
    private static final Logger log = LoggerFactory.getLogger(Recorded.class);
    private static final String DIRECTORY = CassetteMode.PROPERTY + ".directory";
    private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";
    private static final String DEFAULT_DIRECTORY = "src/test/cassettes";

    @Override
    public void beforeEach(ExtensionContext test) throws IOException {
        Recorded how = Recordings.of(test);
        Place place =
                Place.of(test, Path.of(test.getConfigurationParameter(DIRECTORY).orElse(DEFAULT_DIRECTORY)));
        CassetteMode.Chosen chosen = CassetteMode.of(
                test.getConfigurationParameter(CassetteMode.PROPERTY).orElse(null), environment(test));
        tellUnused(test, place.owner(), place.base());
        test.getStore(STORE).put(Tape.class, begin(place, Replaying.of(how), chosen));
    }

    private static Tape begin(Place place, Replaying replaying, CassetteMode.Chosen chosen) throws IOException {
        Path file = place.file();
        String name = place.method().getName();
        String command =
                RecordCommand.of(place.owner(), place.method(), Path.of("").toAbsolutePath());
        boolean there = Files.exists(file);
        if (chosen.mode() == CassetteMode.RECORD || (chosen.mode() == CassetteMode.MISSING && !there)) {
            Path closed = place.unwritable();
            return closed == null
                    ? Taking.begin(file, name, replaying)
                    : NoTape.begin(
                            name,
                            "the cassette " + Place.shown(file) + " cannot be recorded, since " + Place.shown(closed)
                                    + " is no directory that can be written to. Change that, or name another directory"
                                    + " with " + DIRECTORY);
        }
        return there
                ? Playing.begin(file, name, replaying, command)
                : NoTape.begin(
                        name,
                        "there is no cassette " + Place.shown(file) + ", and none is recorded (" + chosen.why()
                                + "). Record it, which takes the model's key, and commit it:\n  " + command);
    }

    /** Once for each class. */
    private static void tellUnused(ExtensionContext test, Owner owner, Path base) throws IOException {
        Owner outer = owner.outer();
        if (outer != null) {
            tellUnused(test, outer, base); // which may have no tests of its own
        }
        AtomicBoolean told = test.getRoot()
                .getStore(STORE)
                .getOrComputeIfAbsent(owner, key -> new AtomicBoolean(), AtomicBoolean.class);
        if (told.getAndSet(true)) {
            return;
        }
        for (Path each : UnusedCassettes.of(owner, base)) {
            String shown = Place.shown(each);
            log.warn(
                    "{} belongs to no test of {} any more; delete it: git rm '{}'",
                    shown,
                    owner.type().getName(),
                    shown);
            test.publishReportEntry("fmware.cassettes.unused", shown);
        }
    }

    @SuppressWarnings("unchecked") // only tests of this package put something there
    private static Function<String, @Nullable String> environment(ExtensionContext test) {
        Object given = test.getRoot().getStore(STORE).get(ENVIRONMENT);
        return given == null ? System::getenv : (Function<String, @Nullable String>) given;
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        Tape tape = tape(test);
        if (tape != null) {
            tape.end(test, test.getExecutionException().orElse(null));
        }
    }

    private static @Nullable Tape tape(ExtensionContext test) {
        return test.getStore(STORE).get(Tape.class, Tape.class);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw explained(test, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw explained(test, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw explained(test, failure);
    }

    private static Throwable explained(ExtensionContext test, Throwable failure) {
        Tape tape = tape(test);
        return tape == null ? failure : tape.explained(failure);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext test) throws Throwable {
        inRun(test, body);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext test) throws Throwable {
        inRun(test, body);
    }

    @Override
    public void interceptDynamicTest(Invocation<Void> body, DynamicTestInvocationContext dynamic, ExtensionContext test)
            throws Throwable {
        inRun(test, body);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext test) throws Throwable {
        inRun(test, body);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext test) throws Throwable {
        inRun(test, body);
    }

    @Override
    public <T extends @Nullable Object> T interceptTestFactoryMethod(
            Invocation<T> body, ReflectiveInvocationContext<Method> method, ExtensionContext test) throws Throwable {
        refuseAtOnce(test);
        return inRun(test, body);
    }

    /** The tests of a factory share a cassette, in which their order counts. */
    private static void refuseAtOnce(ExtensionContext factory) {
        boolean parallel =
                factory.getConfigurationParameter(PARALLEL, Boolean::valueOf).orElse(false);
        if (parallel && factory.getExecutionMode() == ExecutionMode.CONCURRENT) {
            throw new IllegalStateException("the tests of factory "
                    + factory.getRequiredTestMethod().getName()
                    + " would run at the same time (" + PARALLEL
                    + "), and share a cassette, in which their order counts; give it"
                    + " @Execution(ExecutionMode.SAME_THREAD)");
        }
    }

    /** What has a timeout, or is a test of a factory, may be on a thread of its own, which has to be told of the run. */
    private static <T extends @Nullable Object> T inRun(ExtensionContext test, Invocation<T> body) throws Throwable {
        Tape tape = tape(test);
        if (tape == null || FmRun.current() != null) {
            return body.proceed();
        }
        return tape.scope().call(() -> {
            try {
                return body.proceed();
            } catch (Throwable t) {
                throw CassetteExtension.<RuntimeException>asIs(t);
            }
        });
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
