/**
 * A kit that finds out whether something that wraps a langchain4j model still is one: extend
 * {@link io.fmware.testing.conformance.ChatModelConformance},
 * {@link io.fmware.testing.conformance.StreamingChatModelConformance} or
 * {@link io.fmware.testing.conformance.EmbeddingModelConformance} and say how to decorate a model. Each rule is one test;
 * its failure says which rule was broken, what was seen and why it matters.
 *
 * <p>The package needs JUnit 5 on the class path.
 */
@NullMarked
package io.fmware.testing.conformance;

import org.jspecify.annotations.NullMarked;
