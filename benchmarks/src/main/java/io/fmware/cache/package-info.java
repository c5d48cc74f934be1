/** The way of the figures into the cache. */
@org.jspecify.annotations.NullMarked
package io.fmware.cache;
