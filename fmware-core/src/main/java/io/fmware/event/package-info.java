/**
 * What an application with foundation models does and thinks, in one vocabulary: {@link io.fmware.event.FmEvent} is all that
 * can be said, {@link io.fmware.event.EventOrigin} where and when, {@link io.fmware.event.RunPath} by whom.
 *
 * <p>Nothing here depends on the pipeline: recorders, tracers and readers of recordings speak this alone.
 */
@NullMarked
package io.fmware.event;

import org.jspecify.annotations.NullMarked;
