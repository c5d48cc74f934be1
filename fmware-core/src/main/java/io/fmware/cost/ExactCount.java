package io.fmware.cost;

/**
 * Tokens that were counted.
 *
 * @param tokens the count, with what had to be estimated
 * @param atMost the count, with the most that what had to be estimated can be
 */
record ExactCount(long tokens, long atMost) {}
