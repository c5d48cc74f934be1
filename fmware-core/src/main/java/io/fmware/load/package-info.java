/**
 * How much an application can bear: {@link io.fmware.load.LoadModel} simulates arrivals at a described model, finds the
 * {@link io.fmware.load.Capacity} at which an {@link io.fmware.load.Slo} still holds, and
 * {@link io.fmware.load.CapacityGate} fails a build in which that has become worse.
 */
@NullMarked
package io.fmware.load;

import org.jspecify.annotations.NullMarked;
