/**
 * A cache for answers of foundation models. It knows when to cache, which answers are the same, and why an entry is no longer
 * true.
 */
@NullMarked
package io.fmware.cache;

import org.jspecify.annotations.NullMarked;
