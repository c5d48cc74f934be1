package io.fmware.retry;

/**
 * How far the samples of one call agreed.
 *
 * @param planned how many samples there would have been at most
 * @param asked how many there were: fewer, where the vote was decided earlier
 * @param failed how many of these failed, or were cancelled since the vote was decided without them
 * @param answers how many different answers there were
 * @param votes how many samples gave the answer that won
 */
public record Agreement(int planned, int asked, int failed, int answers, int votes) {

    /**
     * The part of the samples asked that gave the answer that won; those that failed did not.
     *
     * @return from 0 to 1
     */
    public double share() {
        return asked == 0 ? 0 : (double) votes / asked;
    }

    @Override
    public String toString() {
        return votes + " of " + asked + " samples agree";
    }
}
