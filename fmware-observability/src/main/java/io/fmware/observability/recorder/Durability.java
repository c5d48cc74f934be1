package io.fmware.observability.recorder;

/** What an event has outlived once it is recorded. */
public enum Durability {
    /** The death of the process, by whatever signal: the event is in the page cache of the operating system. */
    PROCESS,
    /** The loss of power: the event was forced to the disk, together with those of other threads. Costs milliseconds. */
    POWER
}
