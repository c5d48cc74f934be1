package io.fmware.observability.recorder;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names contents, so that equal ones are seen to be equal where they were left out, and nobody can try which one it was. Of the
 * SHA-256 of a content, the first 16 bytes of its HMAC-SHA256 (RFC 2104) under the key are the <i>opener</i>; the SHA-256 of both
 * gives the id. The opener is stored with a content that is recorded: whoever reads it can prove without the key that the content
 * is the one that was named. Thread-safe.
 */
final class ContentIds {
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac prototype;

    ContentIds(byte[] key) {
        try {
            prototype = Mac.getInstance(ALGORITHM);
            prototype.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Names a content that may come in parts. */
    Blob named(byte[]... content) {
        try {
            Mac mac = (Mac) prototype.clone(); // has its key already, which is half of the work for a short content
            MessageDigest sha = Sha256.begin();
            for (byte[] part : content) {
                sha.update(part);
            }
            byte[] digest = sha.digest();
            return Blob.of(digest, Arrays.copyOf(mac.doFinal(digest), Blob.OPENER), content);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the provider of " + ALGORITHM + " cannot clone it", e);
        }
    }
}
