/**
 * Traces and metrics in OpenTelemetry's semantic conventions for generative AI: {@link io.fmware.observability.otel.FmTelemetry}
 * is given to a pipeline, the spans go wherever the application's OpenTelemetry sends them.
 */
@NullMarked
package io.fmware.observability.otel;

import org.jspecify.annotations.NullMarked;
