/** Texts compared without a foundation model: whether two answers say the same, and what keeps two questions apart. */
@NullMarked
package io.fmware.text;

import org.jspecify.annotations.NullMarked;
