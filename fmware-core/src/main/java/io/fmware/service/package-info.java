/**
 * Boundaries of langchain4j's AI services: {@link io.fmware.service.Boundaries} puts tools, retrieval, memory, scoring and
 * moderation behind them, one line each, and {@link io.fmware.service.ServiceEvents} tells of what needs no line.
 *
 * <p>Needs {@code dev.langchain4j:langchain4j}, which is optional.
 */
@NullMarked
package io.fmware.service;

import org.jspecify.annotations.NullMarked;
