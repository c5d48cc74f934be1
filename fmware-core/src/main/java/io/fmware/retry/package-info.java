/**
 * Asking again: {@link io.fmware.retry.Reprompting} tells a model what was wrong with its answer, as said by a
 * {@link io.fmware.retry.Validator}; {@link io.fmware.retry.Replies} has the usual ones. {@link io.fmware.retry.Deadlines}
 * bounds the time of it all.
 *
 * <p>Where a model fails, {@link io.fmware.retry.Retrying} asks it again within a {@link io.fmware.retry.RetryBudget};
 * {@link io.fmware.retry.Breaker} and {@link io.fmware.retry.AdaptiveThrottle} spare one that is down or overloaded.
 */
@NullMarked
package io.fmware.retry;

import org.jspecify.annotations.NullMarked;
