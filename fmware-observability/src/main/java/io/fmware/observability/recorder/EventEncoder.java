package io.fmware.observability.recorder;

import io.fmware.Boundary;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import java.time.Instant;

/**
 * Makes of an event what is stored of it. Names, numbers and times are its skeleton; what was said, asked, answered or thought
 * is content: redacted, and named in the skeleton by its id ({@link ContentIds}) and length, {@code {"#":"..","n":..}}. Thread-safe.
 */
final class EventEncoder {
    private final EventWriter<Blob> writer;
    private final boolean exact;

    /**
     * @param exact whether the threads of a run go on one at a time while it is recorded
     */
    EventEncoder(Redactor redactor, ContentIds ids, boolean exact) {
        this.exact = exact;
        this.writer = new EventWriter<>(redactor, new NamedContents(ids));
    }

    /**
     * Encodes an event.
     *
     * @param nanos a reading of the monotonic clock of the recorder
     */
    StoredEvent encode(FmEvent event, long nanos) {
        Skeleton<Blob> skeleton = writer.begin();
        EventFields<Blob> fields = new EventFields<>(writer, skeleton);
        fields.head(event);
        skeleton.json.name("ns").number(nanos);
        if (event instanceof FmEvent.RunStarted) {
            fields.outer();
            if (exact) {
                skeleton.json.name("exact").flag(true);
            }
            fields.with(Versions.KNOWN);
        }
        fields.write(event);
        return new StoredEvent(skeleton.bytes(), skeleton.kept());
    }

    /** Encodes a piece of a streamed answer, which has no number in its run. */
    StoredEvent encode(Boundary of, Pieces.Piece piece, Instant at, long nanos) {
        Skeleton<Blob> skeleton = writer.begin();
        skeleton.head("chunk", of.run().id(), of.path());
        skeleton.json.name("k").number(piece.number());
        skeleton.time(writer.stamps().of(at));
        skeleton.json.name("ns").number(nanos);
        skeleton.text("of", piece.part().of());
        skeleton.number("index", piece.part().index());
        skeleton.textIfThere("id", piece.id());
        skeleton.textIfThere("tool", piece.tool());
        skeleton.json.name("chars").number(piece.chars());
        if (piece.text() != null) {
            skeleton.json.name("text");
            skeleton.redacted(piece.text());
        }
        return new StoredEvent(skeleton.bytes(), skeleton.kept());
    }

    /** The id of a run as it stands in events. */
    String id(String run) {
        return writer.names().id(run);
    }
}
