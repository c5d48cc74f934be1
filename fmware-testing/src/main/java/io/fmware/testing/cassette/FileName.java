package io.fmware.testing.cassette;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of files that every system takes, since cassettes are committed, and checked out elsewhere. */
final class FileName {
    /** In UTF-8; with what is put behind it a name stays below the 143 bytes that encrypted file systems allow. */
    private static final int MOST_BYTES = 110;

    private static final int HASH_BYTES = 4;
    private static final Pattern NO_NAME = Pattern.compile("[\\\\/:*?\"<>|\\p{Cntrl}]");
    private static final Pattern AT_END = Pattern.compile("[. ]+$");

    /** Of Windows, whatever the ending. */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\\..*)?");

    private FileName() {}

    /** A text without what some system does not take in a name. */
    static String clean(String text) {
        String clean = NO_NAME.matcher(text).replaceAll("_");
        clean = AT_END.matcher(clean).replaceAll(end -> "_".repeat(end.group().length()));
        return DEVICE.matcher(clean.toLowerCase(Locale.ROOT)).matches() ? clean + "_" : clean;
    }

    /** What is the same for two names that some system takes for one. */
    static String key(String clean) {
        return Normalizer.normalize(clean, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    /** A clean text that is not too long: the rest of a longer one is replaced by a hash. */
    static String fitting(String clean) {
        return bytes(clean) <= MOST_BYTES ? clean : told(clean, clean);
    }

    /**
     * A name that others do not have.
     *
     * @param clean what it begins with, as far as it fits
     * @param what what is told apart from others
     */
    static String told(String clean, String what) {
        int end = 0;
        for (int room = MOST_BYTES; end < clean.length(); ) {
            int next = clean.offsetByCodePoints(end, 1);
            room -= bytes(clean.substring(end, next));
            if (room < 0) {
                break;
            }
            end = next;
        }
        return clean.substring(0, end) + "~" + hash(what);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(hash, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
