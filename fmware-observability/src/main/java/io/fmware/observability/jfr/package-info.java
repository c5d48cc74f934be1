/**
 * A mirror of runs in the JDK Flight Recorder: calls of models beside garbage collection, locks and threads, in JDK Mission
 * Control.
 */
@NullMarked
package io.fmware.observability.jfr;

import org.jspecify.annotations.NullMarked;
