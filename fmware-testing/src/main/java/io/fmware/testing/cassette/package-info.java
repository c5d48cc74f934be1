/**
 * Tests that ask a real model once and never again: {@link io.fmware.testing.cassette.Recorded} records what a test asks of models,
 * tools and the like into a file beside the sources, and answers from that file from then on.
 *
 * <p>The package needs JUnit 5 on the class path.
 */
@NullMarked
package io.fmware.testing.cassette;

import org.jspecify.annotations.NullMarked;
