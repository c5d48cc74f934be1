package io.fmware.observability.replay;

import java.util.List;

/** How a replayed run went. Immutable. */
public final class ReplayReport {
    private final int steps;
    private final int answered;
    private final int live;
    private final List<Divergence> divergences;
    private final List<String> unordered;
    private final List<String> unpinned;

    ReplayReport(
            int steps,
            int answered,
            int live,
            List<Divergence> divergences,
            List<String> unordered,
            List<String> unpinned) {
        this.steps = steps;
        this.answered = answered;
        this.live = live;
        this.divergences = List.copyOf(divergences);
        this.unordered = List.copyOf(unordered);
        this.unpinned = List.copyOf(unpinned);
    }

    /**
     * How many boundaries were crossed.
     *
     * @return the number
     */
    public int steps() {
        return steps;
    }

    /**
     * How many of them were answered from the recording.
     *
     * @return the number
     */
    public int answered() {
        return answered;
    }

    /**
     * How many models, tools and the like were really asked: those behind a fork, and tools that no boundary is around.
     *
     * @return the number, 0 for a replay without a fork that went as it should
     */
    public int live() {
        return live;
    }

    /**
     * Where the run left its path, in the order in which it did.
     *
     * @return the divergences, at most 100
     */
    public List<Divergence> divergences() {
        return divergences;
    }

    /**
     * Where the order of threads could not be enforced: what they read of each other there may have been something else.
     *
     * @return paths, empty where the order was that of the recording
     */
    public List<String> unordered() {
        return unordered;
    }

    /**
     * Where a model was asked behind a fork for which activations were recorded, but that does not take them; see {@link
     * Replay.Builder#pinning()}.
     *
     * @return paths of attempts, at most 100
     */
    public List<String> unpinned() {
        return unpinned;
    }

    /**
     * Whether all was as recorded, in the order of the recording.
     *
     * @return whether nothing diverged, nothing was unordered and nothing was really asked
     */
    public boolean isIdentical() {
        return divergences.isEmpty() && unordered.isEmpty() && live == 0;
    }

    /** All of it, in several lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("replayed " + steps + " steps: " + answered + " answered, " + live
                + " really asked, " + divergences.size() + " divergences");
        divergences.forEach(each -> text.append("\n- ").append(each));
        unordered.forEach(each -> text.append("\n- not ordered: ").append(each));
        unpinned.forEach(each -> text.append("\n- not pinned, since its model takes no activations: ")
                .append(each));
        return text.toString();
    }
}
