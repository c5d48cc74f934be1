package io.fmware.cache;

/**
 * What a cache has learned of questions of the same meaning. Immutable.
 *
 * @param bound the part of the requests that may be answered wrongly
 * @param threshold the score from which on answers are served, infinite while none are
 * @param risk the part of the requests that is estimated to be answered wrongly
 * @param upper the upper bound on that part
 * @param requests how many requests were looked up by their meaning
 * @param labels how many of them showed whether a candidate was right, since the model was asked
 * @param served how many were answered with a candidate
 * @param verified how many could have been, and were asked for nevertheless
 * @param alarms how often everything learned was forgotten, because too much of it was wrong
 * @param questions how many questions are known
 */
public record SemanticStats(
        double bound,
        double threshold,
        double risk,
        double upper,
        long requests,
        long labels,
        long served,
        long verified,
        int alarms,
        int questions) {}
