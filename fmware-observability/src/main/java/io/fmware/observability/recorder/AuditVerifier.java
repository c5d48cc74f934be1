package io.fmware.observability.recorder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks an audit trail, line by line. Not thread-safe; one for each check. */
final class AuditVerifier {
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE) // as long as a content may be
                            .build())
                    .build())
            .build();

    private final @Nullable PublicKey key;
    private final List<Verification.Problem> problems = new ArrayList<>();
    private final MessageDigest digest = Sha256.begin();
    private final ChainCheck chain = new ChainCheck();
    private String run = "";
    private long lines;
    private long events;
    private long contents;
    private boolean unended = true;
    private boolean counted;
    private boolean closed;

    AuditVerifier(@Nullable PublicKey key) {
        this.key = key;
    }

    Verification verify(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    line(line.toByteArray());
                    line.reset();
                } else {
                    line.write(next);
                }
            }
            if (line.size() > 0) {
                problem("the last line has no end");
            }
        }
        if (!counted || !closed) {
            problem("its end is missing");
        }
        return new Verification(
                events == 0 ? 0 : 1, events, contents, unended ? 1 : 0, chain.unlinked(), problems, List.of());
    }

    private void problem(String what) {
        problems.add(new Verification.Problem(run, what));
    }

    private void line(byte[] bytes) throws IOException {
        lines++;
        JsonNode json = parsed(bytes);
        if (closed) {
            problem("line " + lines + " stands behind the end");
        } else if (json != null && lines > 1 && json.has("sha256") && !json.has("t")) {
            close(json, bytes);
        } else {
            digest.update(bytes);
            digest.update((byte) '\n');
            if (json != null) {
                take(json, bytes);
            }
        }
    }

    private @Nullable JsonNode parsed(byte[] line) throws IOException {
        try {
            JsonNode json = JSON.readTree(line);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // told below, without what the parser says of a text that may be hostile
        }
        problem("line " + lines + " is no JSON object");
        return null;
    }

    private void take(JsonNode json, byte[] bytes) {
        if (lines == 1) {
            run = json.path("run").asText();
            if (!json.has("audit")) {
                problem("this is no audit trail");
            } else if (json.path("audit").asInt() != AuditTrail.VERSION) {
                problem("it is of version " + json.path("audit").asText() + " of the format, and this reads version "
                        + AuditTrail.VERSION);
            }
        } else if (json.has("t")) {
            event(new RecordedEvent("", json), bytes);
        } else if (json.has("content")) {
            content(json);
        } else if (json.has("events")) {
            counts(json);
        }
    }

    private void event(RecordedEvent event, byte[] bytes) {
        events++;
        unended &= !event.type().equals(Verifier.LAST);
        if (!event.run().equals(run)) {
            problem("line " + lines + " is of another run");
        }
        ChainCheck.Link link = chain.next(bytes);
        if (link == ChainCheck.Link.BROKEN || link == ChainCheck.Link.BEHEADED) {
            problem(ChainCheck.told(link, event));
        }
    }

    private void content(JsonNode json) {
        contents++;
        String id = json.path("content").asText();
        byte[] text = json.path("text").asText().getBytes(StandardCharsets.UTF_8);
        byte[] opener = hex(json.path("opener").asText());
        if (opener.length != Blob.OPENER
                || !Blob.of(Sha256.of(text), opener, text).id().toString().equals(id)) {
            problem("content " + id + " was changed");
        }
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // which is no opener
        }
    }

    private void counts(JsonNode json) {
        counted = true;
        long unreadable = json.path("unreadable").asLong();
        if (unreadable > 0) {
            problem("when it was taken out, " + (unreadable == 1 ? "a part" : unreadable + " parts")
                    + " of what its recorder has written could not be read or was lost: it may not be whole");
        }
        if (json.path("events").asLong() != events
                || json.path("contents").asLong() != contents
                || !json.path("head").asText().equals(chain.head())) {
            problem("it has " + events + " events, " + contents + " contents and the last hash " + chain.head()
                    + ", and says that it has " + json.path("events").asText() + ", "
                    + json.path("contents").asText() + " and "
                    + json.path("head").asText());
        }
    }

    private void close(JsonNode json, byte[] bytes) {
        closed = true;
        byte[] all = digest.digest();
        if (!HexFormat.of().formatHex(all).equals(json.path("sha256").asText())) {
            problem("it was changed after it was written: its hash is not the one that it names");
        }
        String algorithm = json.path("algorithm").asText();
        String signed = json.has("signature")
                ? ",\"algorithm\":" + Json.quoted(algorithm) + ",\"signature\":"
                        + Json.quoted(json.path("signature").asText())
                : "";
        String whole = "{\"sha256\":" + Json.quoted(json.path("sha256").asText()) + signed + "}";
        if (!Arrays.equals(bytes, whole.getBytes(StandardCharsets.UTF_8))
                || (key != null
                        && json.has("signature")
                        && !algorithm.equals(AuditTrail.algorithm(key.getAlgorithm())))) {
            problem("its last line was changed");
        }
        if (key == null) {
            return;
        }
        if (!json.has("signature")) {
            problem("it is not signed");
        } else if (!isSigned(key, all, json.path("signature").asText())) {
            problem("its signature is not one of this key, or it was changed after it was signed");
        }
    }

    private static boolean isSigned(PublicKey key, byte[] digest, String text) {
        try {
            Signature signature = Signature.getInstance(AuditTrail.algorithm(key.getAlgorithm()));
            signature.initVerify(key);
            signature.update(digest);
            return signature.verify(Base64.getDecoder().decode(text));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false; // no signature at all, or one of another kind of key
        }
    }
}
