/** What benchmarks need of the insides of replay. */
package io.fmware.observability.replay;
