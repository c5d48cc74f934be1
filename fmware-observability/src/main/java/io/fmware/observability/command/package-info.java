/**
 * The command for people who read recordings: {@code java -jar fmware-observability-VERSION-cli.jar list DIR}. Needs picocli, and for
 * {@code export --format otlp} OpenTelemetry's OTLP exporter; the jar with the classifier {@code cli} has both.
 *
 * <p>Whatever stands in a recording was said by models, users and tools, and is not trusted: it is escaped before it is shown.
 */
@NullMarked
package io.fmware.observability.command;

import org.jspecify.annotations.NullMarked;
