package io.fmware.observability.recorder;

import java.time.Duration;

/**
 * How a log is kept.
 *
 * @param segmentBytes the size of a segment, a multiple of a block
 * @param durability what an event has to outlive
 * @param mostBytes how much all segments of a directory may take
 * @param longest how long a segment is kept
 */
record LogSettings(int segmentBytes, Durability durability, long mostBytes, Duration longest) {
    private static final int FOR_HEAD_AND_SEAL = 4096;
    private static final int FOR_HEAD = 2048;

    /** Whether an event and contents have room in a segment that has nothing but its head. */
    boolean holds(long bytes, int count) {
        return bytes <= largest() && SegmentWriter.hasRoom(FOR_HEAD, bytes, count, segmentBytes);
    }

    /** The most that one event may take, with its contents. */
    long largest() {
        long blocks = segmentBytes / Frame.BLOCK;
        return blocks * (Frame.MOST - Frame.ALIGNMENT) - FOR_HEAD_AND_SEAL;
    }
}
