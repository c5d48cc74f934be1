package io.fmware.observability.recorder;

import io.fmware.event.Redactor;

/**
 * What the writing of all events has in common. Thread-safe.
 *
 * @param <C> a content as it is kept
 */
final class EventWriter<C> {
    private final Redactor redactor;
    private final Contents<C> contents;
    private final MessageJson<C> messages;
    private final SpecJson<C> specs;
    private final ValueJson values;
    private final Names names;
    private final Stamps stamps = new Stamps();

    EventWriter(Redactor redactor, Contents<C> contents) {
        this.redactor = redactor;
        this.contents = contents;
        this.messages = new MessageJson<>(redactor, contents);
        this.specs = new SpecJson<>(redactor, contents);
        this.values = new ValueJson(redactor);
        this.names = new Names(redactor);
    }

    /** An event that begins. */
    Skeleton<C> begin() {
        return new Skeleton<>(redactor, names, contents);
    }

    MessageJson<C> messages() {
        return messages;
    }

    SpecJson<C> specs() {
        return specs;
    }

    ValueJson values() {
        return values;
    }

    Names names() {
        return names;
    }

    Stamps stamps() {
        return stamps;
    }
}
