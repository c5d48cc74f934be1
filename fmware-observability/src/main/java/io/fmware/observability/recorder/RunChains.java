package io.fmware.observability.recorder;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Links the events of a run to a chain of hashes (SHA-256): each names the one before it, so that none can be changed, left out
 * or put in without all that follow. The first one of a run follows a hash of zeros. Thread-safe; the events of one run come one
 * at a time.
 */
final class RunChains {
    static final int LENGTH = 32;

    /** Runs that are never closed must not fill the memory; those beyond are recorded without a chain, and say so. */
    private static final int MOST = 100_000;

    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIELD = ",\"h\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final MessageDigest PROTOTYPE = sha256();

    private final Map<String, byte[]> heads = new ConcurrentHashMap<>();

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of an event: of the one before it, and its JSON without a hash. */
    static byte[] next(byte[] before, byte[] skeleton, int length) {
        try {
            MessageDigest digest = (MessageDigest) PROTOTYPE.clone();
            digest.update(before);
            digest.update(skeleton, 0, length);
            return digest.digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the provider of SHA-256 cannot clone it", e);
        }
    }

    /**
     * Links an event.
     *
     * @param last whether it is the last one of its run
     * @return the skeleton with its hash
     */
    byte[] linked(String run, byte[] skeleton, boolean last) {
        byte[] before = heads.get(run);
        if (before == null) {
            if (heads.size() >= MOST) {
                return skeleton;
            }
            before = new byte[LENGTH];
        }
        byte[] hash = next(before, skeleton, skeleton.length);
        if (last) {
            heads.remove(run);
        } else {
            heads.put(run, hash);
        }
        byte[] text = Base64.getUrlEncoder().withoutPadding().encode(hash);
        byte[] linked = Arrays.copyOf(skeleton, skeleton.length - 1 + FIELD.length + text.length + END.length);
        int at = skeleton.length - 1; // instead of the bracket that closes it
        System.arraycopy(FIELD, 0, linked, at, FIELD.length);
        System.arraycopy(text, 0, linked, at + FIELD.length, text.length);
        System.arraycopy(END, 0, linked, at + FIELD.length + text.length, END.length);
        return linked;
    }
}
