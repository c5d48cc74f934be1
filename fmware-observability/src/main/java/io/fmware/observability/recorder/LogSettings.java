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

    /** The most that one event may take, with its contents. */
    long largest() {
        long blocks = segmentBytes / Frame.BLOCK;
        return blocks * (Frame.MOST - Frame.ALIGNMENT) - FOR_HEAD_AND_SEAL;
    }
}
