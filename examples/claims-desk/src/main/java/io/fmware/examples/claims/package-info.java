/**
 * The claims desk of an insurer: agents of langchain4j-agentic, with every agent, call, tool and memory in one run of FMware.
 *
 * <p>Start reading at {@link io.fmware.examples.claims.ClaimsOffice}, which puts the agents together.
 */
@NullMarked
package io.fmware.examples.claims;

import org.jspecify.annotations.NullMarked;
