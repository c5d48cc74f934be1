/** Choosing who answers: {@link io.fmware.route.Fallback} turns to other models where one fails. */
@NullMarked
package io.fmware.route;

import org.jspecify.annotations.NullMarked;
