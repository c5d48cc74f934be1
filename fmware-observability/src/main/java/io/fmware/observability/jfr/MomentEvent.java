package io.fmware.observability.jfr;

/** Something that takes no time. */
abstract class MomentEvent extends MirrorEvent {

    /** Says what it was. */
    abstract void describe(Names names);
}
