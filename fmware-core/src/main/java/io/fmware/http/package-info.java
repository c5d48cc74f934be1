/**
 * A blocking HTTP client for langchain4j's models: it streams on the calling thread, sees response headers, bounds every
 * silence and frees the connection when a stream is cancelled.
 *
 * <p>A user needs {@link io.fmware.http.BlockingHttpClient}, whose builder is given to a model;
 * {@link io.fmware.http.ResponseInfo} and {@link io.fmware.http.HttpStatusException} are what it tells, with
 * {@link io.fmware.http.RateLimits}; {@link io.fmware.http.RequestedWait} finds the wait that a server asks for.
 *
 * <p>The client needs {@code dev.langchain4j:langchain4j-http-client}, an optional dependency that langchain4j's provider
 * modules bring along. Without it nothing else in FMware loads the client; {@code HttpStatusException} and
 * {@code ResponseInfo} need only langchain4j-core.
 */
@NullMarked
package io.fmware.http;

import org.jspecify.annotations.NullMarked;
