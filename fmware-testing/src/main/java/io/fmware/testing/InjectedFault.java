package io.fmware.testing;

/**
 * A fault that was injected.
 *
 * @param call the number of the call, from 1
 * @param fault what was done to it
 */
public record InjectedFault(long call, Fault fault) {}
