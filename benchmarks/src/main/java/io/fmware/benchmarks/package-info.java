/** What FMware costs, beside the same work done without it and by other libraries. */
@NullMarked
package io.fmware.benchmarks;

import org.jspecify.annotations.NullMarked;
