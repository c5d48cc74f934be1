package io.fmware.benchmarks;

/** Who decides whether a cache answers a request. One stream of requests, one thread, one policy. */
public interface ServingPolicy {

    /**
     * Decides on a request.
     *
     * @param similarities of the neighbours, nearest first
     * @param entries which entries of the cache they are
     * @param answers equal numbers for answers that were found equal
     * @param count how many neighbours there are
     * @return the position of the neighbour whose answer is served, or -1 if the model is asked
     */
    int serve(float[] similarities, int[] entries, int[] answers, int count);

    /**
     * Learns from the request last decided on, after the model was asked.
     *
     * @param similarities of the neighbours, nearest first
     * @param entries which entries of the cache they are
     * @param same by position, whether the answer of the neighbour is the same as the fresh one
     * @param count how many neighbours there are
     * @return whether the request becomes an entry of the cache
     */
    boolean learn(float[] similarities, int[] entries, boolean[] same, int count);

    /**
     * Serves whatever is similar enough.
     *
     * @param threshold the least similarity that is served
     */
    record Static(double threshold) implements ServingPolicy {

        @Override
        public int serve(float[] similarities, int[] entries, int[] answers, int count) {
            return count > 0 && similarities[0] >= threshold ? 0 : -1;
        }

        @Override
        public boolean learn(float[] similarities, int[] entries, boolean[] same, int count) {
            return true;
        }
    }
}
