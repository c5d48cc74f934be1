/** What calls take in tokens and money: estimated before, accounted after. */
@NullMarked
package io.fmware.cost;

import org.jspecify.annotations.NullMarked;
