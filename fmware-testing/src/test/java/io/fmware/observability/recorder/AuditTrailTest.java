package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTrailTest {
    @TempDir
    Path directory;

    private Path file;
    private RecordedRun run;

    @BeforeEach
    void aRunIsRecorded() throws IOException {
        Path flights = directory.resolve("flights");
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                        .content(ContentRule.all())
                        .open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.replying("covered", "no"));
            for (int i = 0; i < 2; i++) {
                try (FmRun each = pipeline.run("claim").open()) {
                    FmRun.note(at -> new FmEvent.Thought(at, "\u001b[31m\u2028 hostile\r\n\"text\" \ud83d\ude00"));
                    model.chat("Is it covered?");
                }
            }
        }
        run = recording().runs(fault -> {}).get(0);
        file = directory.resolve("trail.jsonl");
    }

    private Recording recording() throws IOException {
        return Recording.in(directory.resolve("flights"));
    }

    private static KeyPair keys(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    private List<String> problems(PublicKey key) throws IOException {
        return AuditTrail.verify(file, key).problems().stream()
                .map(Verification.Problem::what)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "EC", "RSA"})
    void a_trail_that_is_as_it_was_written_is_verified_with_the_key_of_who_signed_it(String algorithm)
            throws Exception {
        KeyPair keys = keys(algorithm);
        AuditTrail.of(recording(), run).signedWith(keys.getPrivate()).writeTo(file);

        Verification verified = AuditTrail.verify(file, keys.getPublic());

        assertThat(verified.problems()).isEmpty();
        assertThat(verified.isIntact()).isTrue();
        assertThat(verified.runs()).isEqualTo(1);
        assertThat(verified.events()).isEqualTo(7);
        assertThat(verified.contents()).isEqualTo(3);
        assertThat(verified.unended()).isZero();
        assertThat(problems(keys(algorithm).getPublic()))
                .containsExactly("its signature is not one of this key, or it was changed after it was signed");
    }

    @Test
    void it_holds_one_run_and_nothing_of_others() throws IOException {
        AuditTrail.of(recording(), run).writeTo(file);

        assertThat(Files.readString(file))
                .contains("covered")
                .doesNotContain(recording().runs(fault -> {}).get(1).id());
        assertThatThrownBy(() -> AuditTrail.of(recording(), run).writeTo(file))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void a_trail_that_is_not_signed_is_told_where_a_signature_is_asked_for() throws Exception {
        AuditTrail.of(recording(), run).writeTo(file);

        assertThat(AuditTrail.verify(file, null).problems()).isEmpty();
        assertThat(problems(keys("Ed25519").getPublic())).containsExactly("it is not signed");
    }

    @Test
    void bytes_that_are_changed_anywhere_are_found() throws Exception {
        KeyPair keys = keys("Ed25519");
        AuditTrail.of(recording(), run).signedWith(keys.getPrivate()).writeTo(file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(7);
        List<Integer> unseen = new ArrayList<>();
        for (int i = random.nextInt(7); i < whole.length; i += 1 + random.nextInt(12)) {
            byte[] changed = whole.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);
            if (AuditTrail.verify(file, keys.getPublic()).isIntact()) {
                unseen.add(i);
            }
        }
        assertThat(unseen).isEmpty();
    }

    @Test
    void a_trail_that_was_cut_off_is_found() throws Exception {
        AuditTrail.of(recording(), run).writeTo(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(AuditTrail.verify(file, null).isIntact())
                    .as("of %s bytes", length)
                    .isFalse();
        }
    }

    @Test
    void lines_that_are_left_out_put_in_or_changed_are_named() throws IOException {
        AuditTrail.of(recording(), run).writeTo(file);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1 + 7 + 3 + 2);

        List<String> less = new ArrayList<>(lines);
        less.remove(2);
        Files.write(file, less);
        assertThat(problems(null))
                .anyMatch(each -> each.startsWith("call.started with number 3 does not follow"))
                .anyMatch(each -> each.startsWith("it has 6 events, 3 contents and the last hash"))
                .contains("it was changed after it was written: its hash is not the one that it names");

        List<String> other = new ArrayList<>(lines);
        other.replaceAll(each -> each.startsWith("{\"content\"") ? each.replace("covered", "refused") : each);
        Files.write(file, other);
        assertThat(problems(null)).anyMatch(each -> each.matches("content [0-9a-f]{32} was changed"));

        List<String> more = new ArrayList<>(lines);
        more.add("{}");
        Files.write(file, more);
        assertThat(problems(null)).containsExactly("line 14 stands behind the end");

        List<String> newer = new ArrayList<>(lines);
        newer.set(0, newer.get(0).replace("\"audit\":1", "\"audit\":2"));
        Files.write(file, newer);
        assertThat(problems(null)).contains("it is of version 2 of the format, and this reads version 1");

        Files.writeString(file, "\u0000\u0001 no trail\n[1]\n");
        assertThat(problems(null))
                .containsExactly("line 1 is no JSON object", "line 2 is no JSON object", "its end is missing");
    }

    @Test
    void a_trail_of_what_could_not_be_read_or_was_erased_says_so() throws IOException {
        Path flights = directory.resolve("flights");
        for (SegmentFile each : SegmentFile.in(flights)) {
            Path copy = each.path()
                    .resolveSibling(each.path().getFileName().toString().replaceFirst("\\d{9}Z", "999999999Z"));
            Files.write(copy, Arrays.copyOf(Files.readAllBytes(each.path()), 200));
        }
        AuditTrail.of(recording(), run).writeTo(file);
        assertThat(problems(null))
                .anyMatch(each ->
                        each.matches("when it was taken out, .* parts? of what its recorder has written could not be"
                                + " read or was lost: it may not be whole"));

        recording().erase(each -> true);
        AuditTrail gone = AuditTrail.of(recording(), run);
        assertThatThrownBy(() -> gone.writeTo(directory.resolve("gone.jsonl")))
                .hasMessage("run " + run.id() + " is not in the recording any more");
    }

    @Test
    void a_key_that_nothing_is_signed_with_is_refused() throws Exception {
        KeyPair keys = keys("DSA");
        AuditTrail trail = AuditTrail.of(recording(), run);
        String message = "an audit trail is signed with a key of Ed25519, EC or RSA, but this one is of DSA";

        assertThatThrownBy(() -> trail.signedWith(keys.getPrivate())).hasMessage(message);
        AuditTrail.of(recording(), run).writeTo(file);
        assertThatThrownBy(() -> AuditTrail.verify(file, keys.getPublic())).hasMessage(message);
    }
}
