/**
 * The support assistant of a bank: langchain4j's {@code AiServices} over the bank's handbook, with FMware's pipeline between
 * the service and its models.
 *
 * <p>Start reading at {@link io.fmware.examples.support.SupportDesk}, which puts the parts together.
 */
@NullMarked
package io.fmware.examples.support;

import org.jspecify.annotations.NullMarked;
