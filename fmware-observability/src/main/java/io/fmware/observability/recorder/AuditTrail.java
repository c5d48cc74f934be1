package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run, taken out of a recording for whoever has to examine it: its events as they were recorded, with the hashes that link
 * them, and the contents that they name. It shows when anything in it was changed afterwards; signed, also by whom it was taken
 * out, so that nobody else can make it anew.
 *
 * <p>A file of JSON lines; its format is in {@code docs/flight-format.md}. Immutable.
 */
public final class AuditTrail {
    static final int VERSION = 1;

    private final Recording recording;
    private final RecordedRun run;
    private final @Nullable PrivateKey key;

    private AuditTrail(Recording recording, RecordedRun run, @Nullable PrivateKey key) {
        this.recording = recording;
        this.run = run;
        this.key = key;
    }

    /**
     * The trail of a run.
     *
     * @param recording where it was recorded
     * @param run the run
     * @return the trail, not signed
     */
    public static AuditTrail of(Recording recording, RecordedRun run) {
        return new AuditTrail(recording, run, null);
    }

    /**
     * Signs it.
     *
     * @param privateKey an Ed25519, EC or RSA key
     * @return the trail, signed when it is written
     * @throws IllegalArgumentException if there is no way to sign with a key of that kind
     */
    public AuditTrail signedWith(PrivateKey privateKey) {
        algorithm(privateKey.getAlgorithm());
        return new AuditTrail(recording, run, privateKey);
    }

    static String algorithm(String key) {
        return switch (key) {
            case "Ed25519", "EdDSA" -> "Ed25519";
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default ->
                throw new IllegalArgumentException(
                        "an audit trail is signed with a key of Ed25519, EC or RSA, but this one is of " + key);
        };
    }

    /**
     * Writes it, for nobody but the user of the process to read. Where that fails a file may be left that has no end.
     *
     * @param file where to; must not be there
     * @throws IOException if it cannot be read or written
     * @throws NoSuchElementException if the run is not in the recording any more
     */
    public void writeTo(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Channels.newOutputStream(
                OwnerOnly.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)))) {
            new Writing(out).all();
        } catch (GeneralSecurityException e) {
            throw new IOException("the audit trail in " + file + " cannot be signed", e);
        }
    }

    /**
     * Checks a trail.
     *
     * @param file the trail
     * @param key the key of who should have signed it, {@code null} where it does not matter
     * @return what was checked, and what is wrong
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if nothing is signed with a key of that kind
     */
    public static Verification verify(Path file, @Nullable PublicKey key) throws IOException {
        if (key != null) {
            algorithm(key.getAlgorithm());
        }
        return new AuditVerifier(key).verify(file);
    }

    /** The writing of a trail: all bytes go through a digest. */
    private final class Writing {
        private final OutputStream out;
        private final MessageDigest digest = Sha256.begin();
        private final Set<String> wanted = new HashSet<>();
        private final Set<String> written = new HashSet<>();
        private long events;
        private long unreadable;
        private byte[] head = RunChain.first();

        Writing(OutputStream out) {
            this.out = out;
        }

        void all() throws IOException, GeneralSecurityException {
            line("{\"audit\":" + VERSION + ",\"run\":" + Json.quoted(run.id()) + ",\"writer\":\"" + run.writer()
                    + "\",\"exported\":\"" + Instant.now() + "\"}");
            recording.scan(segment -> new SegmentScan(segment, fault -> missing(segment, fault)) {
                @Override
                void event(byte[] data, long offset) throws IOException {
                    Writing.this.event(segment(), parsed(data, offset), data);
                }
            });
            if (events == 0) {
                throw new NoSuchElementException("run " + run.id() + " is not in the recording any more");
            }
            recording.scan(segment ->
                    new SegmentScan(segment, fault -> {}) { // told above
                        @Override
                        void content(Blob content) throws IOException {
                            Writing.this.content(content);
                        }
                    });
            line("{\"events\":" + events + ",\"contents\":" + written.size() + ",\"unreadable\":" + unreadable
                    + ",\"head\":\"" + RunChain.shown(head) + "\"}");
            end();
        }

        /** What cannot be read where the run was recorded may have been of it. */
        private void missing(SegmentFile segment, Fault fault) {
            if (segment.writer().equals(run.writer()) && fault.kind() != Fault.Kind.ERASED) {
                unreadable++;
            }
        }

        private void event(SegmentFile segment, @Nullable JsonNode json, byte[] data) throws IOException {
            if (json == null
                    || !segment.writer().equals(run.writer())
                    || !json.path("r").asText().equals(run.id())) {
                return;
            }
            events++;
            head = RunChain.unlinked(data) == null ? head : RunChain.hash(data);
            json.findValues("#").forEach(id -> wanted.add(id.asText()));
            line(data);
        }

        private void content(Blob content) throws IOException {
            String id = content.id().toString();
            if (wanted.contains(id) && written.add(id)) {
                line("{\"content\":\"" + id + "\",\"opener\":\""
                        + HexFormat.of().formatHex(content.opener()) + "\",\"text\":" + Json.quoted(content.text())
                        + "}");
            }
        }

        private void line(String text) throws IOException {
            line(text.getBytes(StandardCharsets.UTF_8));
        }

        private void line(byte[] text) throws IOException {
            digest.update(text);
            digest.update((byte) '\n');
            out.write(text);
            out.write('\n');
        }

        private void end() throws IOException, GeneralSecurityException {
            byte[] all = digest.digest();
            String last = "{\"sha256\":\"" + HexFormat.of().formatHex(all) + "\"";
            if (key != null) {
                String algorithm = algorithm(key.getAlgorithm());
                Signature signature = Signature.getInstance(algorithm);
                signature.initSign(key);
                signature.update(all);
                last += ",\"algorithm\":\"" + algorithm + "\",\"signature\":\""
                        + Base64.getEncoder().encodeToString(signature.sign()) + "\"";
            }
            out.write((last + "}\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
