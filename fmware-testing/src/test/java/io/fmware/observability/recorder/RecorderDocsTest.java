package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.event.FmEvent;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of the pages on the flight recorder. */
class RecorderDocsTest {
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void delete() throws IOException {
        Path flights = Path.of("flights");
        if (Files.exists(flights)) {
            try (Stream<Path> files = Files.walk(flights)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    @Test
    void a_pipeline_is_recorded_and_the_recording_is_read() throws IOException {
        // docs:start recorder-open
        FlightRecorder recorder = FlightRecorder.open(Path.of("flights"));
        FmPipeline pipeline = FmPipeline.builder().watch(recorder).build();
        // docs:end recorder-open
        try (recorder;
                pipeline) {
            pipeline.wrap((ChatModel) ScriptedChatModel.replying("yes")).chat("Is it covered?");
        }
        // docs:start recorder-read
        Recording.in(Path.of("flights"))
                .events(event -> log.add(event.type() + " " + event.path()), fault -> log.add("damaged: " + fault));
        // docs:end recorder-read
        assertThat(log)
                .containsExactly(
                        "run.started call",
                        "call.started call/call:ScriptedChatModel#1",
                        "attempt.started call/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1",
                        "attempt.ended call/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1",
                        "call.ended call/call:ScriptedChatModel#1",
                        "run.ended call");
    }

    @Test
    void rules_say_what_is_recorded() throws IOException {
        // docs:start recorder-rules
        FlightRecorder recorder = FlightRecorder.builder(Path.of("flights"))
                .content(ContentRule.in("settlement").or(ContentRule.sample(0.01)))
                .trigger(Trigger.failures().or(event -> event instanceof FmEvent.FeedbackGiven))
                .recent(Duration.ofMinutes(1), 32L << 20)
                .retain(Duration.ofDays(90), 10L << 30)
                .open();
        // docs:end recorder-rules
        recorder.close();
        assertThat(recorder.lost()).isZero();
    }

    @Test
    void a_recording_is_verified_examined_and_erased() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Map<String, String> heads = new HashMap<>();
        // docs:start recorder-anchor
        FlightRecorder recorder =
                FlightRecorder.builder(Path.of("flights")).anchor(heads::put).open();
        // docs:end recorder-anchor
        try (recorder;
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            pipeline.run("claim").user("u17").open().close();
            verified(keys, heads);
            // docs:start recorder-erase
            Erasure erasure =
                    recorder.erase(run -> "u17".equals(run.attributes().get("user")));
            if (!erasure.isComplete()) {
                log.add("to be done again: " + erasure);
            }
            // docs:end recorder-erase
            assertThat(erasure.runs()).isEqualTo(1);
        }
        assertThat(log).isEmpty();
    }

    private static void verified(KeyPair keys, Map<String, String> heads) throws IOException {
        verifiedTrail(keys);
        // docs:start recorder-verify
        Verification verified = Recording.in(Path.of("flights")).verify(heads);
        // docs:end recorder-verify
        assertThat(verified.isIntact()).isTrue();
        assertThat(heads).hasSize(1);
    }

    private static void verifiedTrail(KeyPair keys) throws IOException {
        // docs:start recorder-audit
        Recording recording = Recording.in(Path.of("flights"));
        RecordedRun run = recording.runs(fault -> {}).get(0);
        AuditTrail.of(recording, run).signedWith(keys.getPrivate()).writeTo(Path.of("flights", "trail.jsonl"));

        Verification verified = AuditTrail.verify(Path.of("flights", "trail.jsonl"), keys.getPublic());
        // docs:end recorder-audit
        assertThat(verified.isIntact()).isTrue();
    }
}
