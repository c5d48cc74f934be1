package io.fmware.observability.recorder;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names contents by their keyed hash (HMAC-SHA256, RFC 2104), so that equal ones are seen to be equal where they were left out,
 * and nobody without the key can try which one it was. Thread-safe.
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

    BlobId of(byte[] content) {
        try {
            Mac mac = (Mac) prototype.clone(); // has its key already, which is half of the work for a short content
            return BlobId.of(mac.doFinal(content));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the provider of " + ALGORITHM + " cannot clone it", e);
        }
    }
}
