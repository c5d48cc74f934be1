/**
 * Asking again: {@link io.fmware.retry.Reprompting} tells a model what was wrong with its answer, as said by a
 * {@link io.fmware.retry.Validator}; {@link io.fmware.retry.Replies} has the usual ones. {@link io.fmware.retry.Deadlines}
 * bounds the time of it all.
 */
@NullMarked
package io.fmware.retry;

import org.jspecify.annotations.NullMarked;
