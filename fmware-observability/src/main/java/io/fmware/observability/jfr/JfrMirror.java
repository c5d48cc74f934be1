package io.fmware.observability.jfr;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows runs in the JDK Flight Recorder (JFR): runs, agents, steps, calls, attempts, tools, retrieval and memory are events named
 * {@code io.fmware.*}, beside those of the JVM.
 *
 * <pre>{@code
 * FmPipeline pipeline = FmPipeline.builder().watch(recorder).watch(JfrMirror.create()).build();
 * }</pre>
 *
 * <p>It is a mirror and not a record: JFR keeps its last events in memory, so that a killed process loses them, and tells of
 * something that takes time only when it is over. What has to be there afterwards is the business of
 * {@link io.fmware.observability.recorder.FlightRecorder}.
 *
 * <p>There are names, numbers, outcomes and classes of errors, and nothing of what is asked, answered or thought. Names are
 * redacted. Where no recording runs, nothing is made of all this, and it costs next to nothing.
 *
 * <p>Thread-safe; one instance serves all pipelines of an application. It never breaks a call.
 */
public final class JfrMirror implements BoundaryInterceptor {
    private final Mirror mirror; // a class of its own, so that this one can be loaded where there is no JFR

    private JfrMirror(Mirror mirror) {
        this.mirror = mirror;
    }

    /**
     * A mirror that redacts names by {@link Redactor#standard()}.
     *
     * @return the mirror
     * @throws IllegalStateException if the runtime has no module {@code jdk.jfr}
     */
    public static JfrMirror create() {
        return create(Redactor.standard());
    }

    /**
     * A mirror.
     *
     * @param redactor removes secrets and personal data from names: of runs, agents, tools, models, and their paths
     * @return the mirror
     * @throws IllegalStateException if the runtime has no module {@code jdk.jfr}
     */
    public static JfrMirror create(Redactor redactor) {
        Objects.requireNonNull(redactor, "redactor");
        try {
            Class.forName("jdk.jfr.Event", false, JfrMirror.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "JfrMirror needs the module jdk.jfr, which this runtime does not have; give it to jlink or to java"
                            + " with --add-modules jdk.jfr",
                    e);
        }
        return new JfrMirror(new Mirror(redactor));
    }

    @Override
    public @Nullable Object opened(Boundary boundary) {
        return mirror.opened(boundary);
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        mirror.closed(boundary, token, output, error);
    }

    @Override
    public void event(FmEvent event) {
        mirror.event(event);
    }

    @Override
    public String toString() {
        return "JfrMirror";
    }
}
