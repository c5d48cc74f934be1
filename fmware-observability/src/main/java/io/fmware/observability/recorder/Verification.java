package io.fmware.observability.recorder;

import java.util.List;

/**
 * What a look at the hashes of a recording has found. Immutable.
 *
 * @param runs how many runs there are
 * @param events how many events
 * @param contents how many contents, each in each segment
 * @param unended how many runs have no end: they go on, or their process has died
 * @param unlinked how many events have no hash, since too many runs were open at once
 * @param problems what is not as it was written, or is not there
 * @param faults what is wrong with the files
 */
public record Verification(
        long runs,
        long events,
        long contents,
        long unended,
        long unlinked,
        List<Problem> problems,
        List<Fault> faults) {

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
     * Copies what could change.
     *
     * @param runs how many runs there are
     * @param events how many events
     * @param contents how many contents, each in each segment
     * @param unended how many runs have no end: they go on, or their process has died
     * @param unlinked how many events have no hash, since too many runs were open at once
     * @param problems what is not as it was written, or is not there
     * @param faults what is wrong with the files
     */
    public Verification {
        problems = List.copyOf(problems);
        faults = List.copyOf(faults);
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
}
