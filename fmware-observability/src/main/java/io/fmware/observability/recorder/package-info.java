/**
 * A flight recorder: what applications with foundation models did, on a disk, so that it is still there when the process is not;
 * and what reads it.
 */
@NullMarked
package io.fmware.observability.recorder;

import org.jspecify.annotations.NullMarked;
