/** Statistics of decisions that are made while the data comes in: bounds that hold at any time. */
@NullMarked
package io.fmware.stats;

import org.jspecify.annotations.NullMarked;
