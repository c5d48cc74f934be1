package io.fmware.cost;

import org.jspecify.annotations.Nullable;

/**
 * One call of a model.
 *
 * @param failed whether it had no answer
 * @param usage what was reported, {@code null} for nothing
 * @param cost what it cost, {@code null} where that is not known
 * @param charactersIn characters of the request
 * @param charactersOut characters of the answer
 */
record Attempt(
        boolean failed, @Nullable Usage usage, @Nullable Money cost, long charactersIn, long charactersOut) {}
