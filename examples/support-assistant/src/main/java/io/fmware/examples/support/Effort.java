package io.fmware.examples.support;

/**
 * What an answer took.
 *
 * @param attempts calls of a model
 * @param reprompts answers that were rejected and asked for again
 * @param fallbacks turns to the second model
 * @param tokensIn tokens of all requests that reported any
 * @param tokensOut tokens of all answers that reported any
 */
public record Effort(int attempts, int reprompts, int fallbacks, long tokensIn, long tokensOut) {}
