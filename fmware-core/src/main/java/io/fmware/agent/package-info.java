/**
 * Boundaries of langchain4j's agents: with {@link io.fmware.agent.Agents} every agent of a workflow is a boundary with a place
 * of its own in the run, and what happens inside of it happens there, on whatever thread.
 *
 * <p>Needs {@code dev.langchain4j:langchain4j-agentic}, which is optional. Agents are reached through langchain4j's own
 * builders and invokers, some of which it calls internal: a new version of it may ask for a new one of FMware.
 */
@NullMarked
package io.fmware.agent;

import org.jspecify.annotations.NullMarked;
