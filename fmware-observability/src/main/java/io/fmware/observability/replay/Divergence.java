package io.fmware.observability.replay;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a replayed run left the path that was recorded, and how. Immutable. */
public final class Divergence {

    /** How a run can leave its path. */
    public enum Kind {
        /** Something else went in: a prompt, a parameter, a tool, the arguments of a tool. */
        CHANGED,
        /** Something was asked that was not recorded. */
        UNKNOWN,
        /** Something was recorded that did not come. */
        MISSING,
        /** Something came before another that was recorded before it. */
        ORDER,
        /** Something else came out of an agent, a plan or a call, though all that it met was as recorded. */
        RESULT,
        /** Something was really executed, since no boundary was around it. */
        LIVE,
        /** The recording does not have what is to be answered. */
        UNANSWERED
    }

    private final Kind kind;
    private final String path;
    private final String what;
    private final List<String> difference;
    private final List<String> nearest;
    private final String hint;
    private final String code;

    /**
     * @param what what happened, in one sentence
     * @param difference the lines of a diff, empty for none
     * @param nearest the paths of what was recorded and is most like it
     * @param hint what to do, empty where that is not known
     * @param code the line of the application that did it, empty where it is not known
     */
    Divergence(
            Kind kind,
            String path,
            String what,
            List<String> difference,
            List<String> nearest,
            String hint,
            String code) {
        this.kind = kind;
        this.path = path;
        this.what = what;
        this.difference = List.copyOf(difference);
        this.nearest = List.copyOf(nearest);
        this.hint = hint;
        this.code = code;
    }

    /** Without anything to compare. */
    static Divergence of(Kind kind, String path, String what, String hint, String code) {
        return new Divergence(kind, path, what, List.of(), List.of(), hint, code);
    }

    /**
     * How the run left its path.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Where in the run.
     *
     * @return the path, such as {@code claim/desk#1/tool:lookup#2}
     */
    public String path() {
        return path;
    }

    /**
     * What happened.
     *
     * @return one sentence
     */
    public String what() {
        return what;
    }

    /**
     * What was recorded and what came instead.
     *
     * @return the lines of a unified diff, redacted; empty where there is nothing to compare
     */
    public List<String> difference() {
        return difference;
    }

    /**
     * What was recorded elsewhere and is most like what came.
     *
     * @return up to three paths, the most alike first
     */
    public List<String> nearest() {
        return nearest;
    }

    /**
     * What it looks like, and what to do.
     *
     * @return a sentence, empty where nothing can be said
     */
    public String hint() {
        return hint;
    }

    /**
     * Where in the code of the application it was asked.
     *
     * @return a line as in a stack trace, empty where that is not known
     */
    public String code() {
        return code;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Divergence that
                && kind == that.kind
                && path.equals(that.path)
                && what.equals(that.what)
                && difference.equals(that.difference)
                && nearest.equals(that.nearest)
                && hint.equals(that.hint)
                && code.equals(that.code);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, path, what);
    }

    /** All of it, in several lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(path).append(": ").append(what);
        difference.forEach(line -> text.append("\n    ").append(line));
        nearest.forEach(
                each -> text.append("\n  most like it in the recording: ").append(each));
        if (!code.isEmpty()) {
            text.append("\n  asked from ").append(code);
        }
        if (!hint.isEmpty()) {
            text.append("\n  ").append(hint);
        }
        return text.toString();
    }
}
