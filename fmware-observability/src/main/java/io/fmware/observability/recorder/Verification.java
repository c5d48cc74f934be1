package io.fmware.observability.recorder;

import java.util.List;

/**
 * What a look at the hashes of a recording has found. Immutable.
 */
public final class Verification {
    private final long runs;
    private final long events;
    private final long contents;
    private final long unended;
    private final long unlinked;
    private final List<Problem> problems;
    private final List<Fault> faults;

    Verification(
            long runs,
            long events,
            long contents,
            long unended,
            long unlinked,
            List<Problem> problems,
            List<Fault> faults) {
        this.runs = runs;
        this.events = events;
        this.contents = contents;
        this.unended = unended;
        this.unlinked = unlinked;
        this.problems = List.copyOf(problems);
        this.faults = List.copyOf(faults);
    }

    /**
     * {@return how many runs there are}
     */
    public long runs() {
        return runs;
    }

    /**
     * {@return how many events}
     */
    public long events() {
        return events;
    }

    /**
     * {@return how many contents, each in each segment}
     */
    public long contents() {
        return contents;
    }

    /**
     * {@return how many runs have no end: they go on, or their process has died}
     */
    public long unended() {
        return unended;
    }

    /**
     * {@return how many events have no hash, since too many runs were open at once}
     */
    public long unlinked() {
        return unlinked;
    }

    /**
     * {@return what is not as it was written, or is not there}
     */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * {@return what is wrong with the files}
     */
    public List<Fault> faults() {
        return faults;
    }

    /**
     * Something in a run that is not as it was written, or is not there.
     *
     * @param run the run, empty where it is not known
     * @param what what is wrong
     */
    public record Problem(String run, String what) {
        @Override
        public String toString() {
            return run.isEmpty() ? what : "run " + run + ": " + what;
        }
    }

    /**
     * Whether nothing is wrong, and all could be proved. What was lost or erased, and told, is not wrong.
     *
     * @return whether there are neither problems nor damage, all could be read, and all events have a hash
     */
    public boolean isIntact() {
        return problems.isEmpty()
                && unlinked == 0
                && faults.stream()
                        .noneMatch(each -> each.kind() == Fault.Kind.DAMAGED || each.kind() == Fault.Kind.NEWER);
    }

    @Override
    public String toString() {
        return runs + " runs, " + events + " events, " + contents + " contents: "
                + (isIntact()
                        ? "intact"
                        : "not intact, " + problems.size() + " problems, " + faults.size() + " faults");
    }
}
