/**
 * The pipeline around a foundation model.
 *
 * <p>A newcomer's map: {@link io.fmware.FmPipeline} is built once and {@linkplain io.fmware.FmPipeline#wrap wraps} the
 * langchain4j models of an application; what it returns are langchain4j models again. An {@link io.fmware.Interceptor}
 * changes an answer or refuses to give one: it gets an immutable {@link io.fmware.FmCall}, hands it to the rest of the
 * {@link io.fmware.Chain}, and returns an {@link io.fmware.FmReply}. {@link io.fmware.Phase} says where it stands. Partial
 * output flows through the {@link io.fmware.TokenSink} of the call, so that one code path serves chat, streaming and
 * asynchronous calls. What goes wrong is an {@link io.fmware.FmwareException}, sorted by what the caller can do about it,
 * or the exception of the model, unchanged.
 *
 * <p>Ready interceptors live in {@code io.fmware.retry} and {@code io.fmware.route}; {@code io.fmware.http} holds an
 * optional HTTP client for langchain4j that streams on the calling thread.
 */
@NullMarked
package io.fmware;

import org.jspecify.annotations.NullMarked;
