package io.fmware.cost;

import org.jspecify.annotations.Nullable;

/**
 * To whom something is accounted.
 *
 * @param model the model
 * @param tenant the tenant, {@code null} where the run has none
 * @param feature the feature, {@code null} where the run has none
 */
record Whose(
        String model, @Nullable String tenant, @Nullable String feature) {}
