package io.fmware.observability.recorder;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Links the events of a run to a chain of hashes (SHA-256): each names the one before it, so that none can be changed, left out
 * or put in without all that follow. The first one of a run follows a hash of zeros. Thread-safe: who links an event holds the
 * lock until it is written, so that events are linked in the order in which they stand in the recording.
 */
final class RunChain {
    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIELD = ",\"h\":\"".getBytes(StandardCharsets.US_ASCII);
    /** A hash as base64url. */
    private static final int TEXT = 43;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile byte[] head = first();
    private byte[] before = head;
    private boolean ended;

    /** What the first event of a run follows. */
    static byte[] first() {
        return new byte[Sha256.LENGTH];
    }

    /** The hash of an event: of the one before it, and its JSON without a hash. */
    static byte[] next(byte[] before, byte[] skeleton, int length) {
        MessageDigest digest = Sha256.begin();
        digest.update(before);
        digest.update(skeleton, 0, length);
        return digest.digest();
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /** The hash of the last event, as it stands in it. */
    String head() {
        return shown(head);
    }

    /** The last event was linked; what comes now is left out. Under the lock. */
    void end() {
        ended = true;
    }

    /** Whether the last event was linked. Under the lock. */
    boolean hasEnded() {
        return ended;
    }

    /** Adds its hash to the JSON of an event. Under the lock. */
    byte[] linked(byte[] skeleton) {
        before = head;
        head = next(before, skeleton, skeleton.length);
        byte[] linked = Arrays.copyOf(skeleton, skeleton.length - 1 + FIELD.length + TEXT + END.length);
        int at = skeleton.length - 1; // instead of the bracket that closes it
        System.arraycopy(FIELD, 0, linked, at, FIELD.length);
        System.arraycopy(text(head), 0, linked, at + FIELD.length, TEXT);
        System.arraycopy(END, 0, linked, at + FIELD.length + TEXT, END.length);
        return linked;
    }

    /** The event that was linked last could not be written: the next one follows the one before it. Under the lock. */
    void takeBack() {
        head = before;
    }

    private static byte[] text(byte[] hash) {
        return Base64.getUrlEncoder().withoutPadding().encode(hash);
    }

    /**
     * The JSON of an event without its hash, as it was linked.
     *
     * @return {@code null} where it has none
     */
    static byte @Nullable [] unlinked(byte[] event) {
        int at = event.length - FIELD.length - TEXT - END.length;
        if (at < 1
                || !Arrays.equals(event, at, at + FIELD.length, FIELD, 0, FIELD.length)
                || !Arrays.equals(event, event.length - END.length, event.length, END, 0, END.length)) {
            return null;
        }
        byte[] skeleton = Arrays.copyOf(event, at + 1);
        skeleton[at] = '}';
        return skeleton;
    }

    /** The hash that stands in an event which was linked; of no length where it is none. */
    static byte[] hash(byte[] event) {
        int to = event.length - END.length;
        try {
            return Base64.getUrlDecoder().decode(Arrays.copyOfRange(event, to - TEXT, to));
        } catch (IllegalArgumentException e) {
            return new byte[0]; // which no hash is equal to
        }
    }

    /** A hash as it is shown to people. */
    static String shown(byte[] hash) {
        return new String(text(hash), StandardCharsets.US_ASCII);
    }
}
