/**
 * Choosing who answers, and when: {@link io.fmware.route.Routing} chooses among models, {@link io.fmware.route.ModelSwap} replaces
 * one while it is in use, {@link io.fmware.route.PromptVariants} words requests for each, {@link io.fmware.route.Fallback} turns
 * to other models where one fails, {@link io.fmware.route.Hedging} asks a slow one twice,
 * {@link io.fmware.route.ConcurrencyLimit} and {@link io.fmware.route.RateLimit} bound what a model is asked for.
 */
@NullMarked
package io.fmware.route;

import org.jspecify.annotations.NullMarked;
