/**
 * Repeats runs from their recordings: what a model, a tool, a retriever, a clock answered then, it answers now, in the order of
 * then, without any of them. {@link io.fmware.observability.replay.Cassette} is what is repeated,
 * {@link io.fmware.observability.replay.Replay} repeats it. {@link io.fmware.observability.replay.Snapshots} are the state of agents,
 * from which they go on; they need langchain4j-agentic.
 */
@NullMarked
package io.fmware.observability.replay;

import org.jspecify.annotations.NullMarked;
