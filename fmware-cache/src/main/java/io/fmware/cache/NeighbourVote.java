package io.fmware.cache;

/**
 * What the nearest neighbours of a request say together: whose answer it should get, and how clear that is.
 *
 * <p>Each neighbour votes for its answer with {@code exp(similarity / WIDTH)}; entries whose answers were found equal vote
 * together. One more voter, "none of them", always has the vote of a neighbour at {@link #DOUBT}. The score is the share of the
 * votes that the winner has: it grows with each neighbour of the same answer and with its similarity, and falls with each
 * neighbour of another answer. One neighbour alone has a score of 0.5 at a similarity of {@link #DOUBT}, and of 0.95 at 0.9.
 *
 * <p>The two constants were chosen on the training questions of BANKING77, where the result hardly depends on them. A poor score
 * makes for few hits, not for wrong ones: {@link RiskGate} learns what a score is worth.
 *
 * @param chosen which neighbour's answer wins: the position of the nearest one that has it, or -1 if there is no neighbour
 * @param score from 0 to 1
 */
record NeighbourVote(int chosen, double score) {
    /** How many neighbours should be asked. */
    static final int NEIGHBOURS = 10;

    /** A neighbour that is nearer by this much has e times the vote. */
    static final double WIDTH = 0.05;

    /** At this similarity a neighbour alone is as likely as not. */
    static final double DOUBT = 0.75;

    private static final NeighbourVote NONE = new NeighbourVote(-1, 0);

    /**
     * Counts the votes.
     *
     * @param similarities of the neighbours, nearest first
     * @param answers of the same neighbours; equal numbers for equal answers
     */
    static NeighbourVote of(float[] similarities, int[] answers) {
        double all = Math.exp((DOUBT - 1) / WIDTH);
        double most = 0;
        int chosen = -1;
        for (int i = 0; i < answers.length; i++) {
            all += Math.exp((similarities[i] - 1) / WIDTH);
            double votes = isFirst(answers, i) ? votes(similarities, answers, i) : 0;
            if (votes > most) {
                most = votes;
                chosen = i;
            }
        }
        return chosen < 0 ? NONE : new NeighbourVote(chosen, Math.min(1, most / all));
    }

    private static boolean isFirst(int[] answers, int position) {
        for (int i = 0; i < position; i++) {
            if (answers[i] == answers[position]) {
                return false;
            }
        }
        return true;
    }

    private static double votes(float[] similarities, int[] answers, int from) {
        double votes = 0;
        for (int i = from; i < answers.length; i++) {
            if (answers[i] == answers[from]) {
                votes += Math.exp((similarities[i] - 1) / WIDTH);
            }
        }
        return votes;
    }
}
