package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureTest {
    @TempDir
    Path flights;

    private final List<Fault> faults = new ArrayList<>();

    private static boolean isOfU1(RecordedRun run) {
        return "u1".equals(run.attributes().get("user"));
    }

    private FlightRecorder open() throws IOException {
        return FlightRecorder.builder(flights)
                .content(ContentRule.all())
                .segmentBytes(256 << 10)
                .open();
    }

    private static void run(FlightRecorder recorder, String user, int questions) {
        try (FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.replying("yes"));
            try (FmRun run = pipeline.run("claim").user(user).open()) {
                for (int i = 0; i < questions; i++) {
                    String text = "of " + user + ", " + i + ": " + "x".repeat(1_000);
                    FmRun.note(at -> new FmEvent.Thought(at, text));
                }
                FmRun.note(at -> new FmEvent.Thought(at, "what all think"));
                try (FmRun inner = pipeline.run("inner").open()) {
                    model.chat("how is " + user + "?");
                }
            }
        }
    }

    private Erasure erase() throws IOException {
        return Recording.in(flights).erase(ErasureTest::isOfU1);
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new HashMap<>();
        Recording.in(flights).contents(contents::put);
        return contents;
    }

    @Test
    void runs_of_a_person_go_with_those_inside_and_what_only_they_named_and_others_stay_as_verifiable_as_they_were()
            throws IOException {
        Map<String, String> heads = new HashMap<>();
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                .content(ContentRule.all())
                .segmentBytes(256 << 10)
                .anchor(heads::put)
                .open()) {
            run(recorder, "u1", 700);
            run(recorder, "u2", 300);
            run(recorder, "u1", 10);
        }
        assertThat(SegmentFile.in(flights)).hasSizeGreaterThan(3);

        Erasure erasure = erase();

        assertThat(erasure.runs()).isEqualTo(4);
        assertThat(erasure.events()).isEqualTo(2 * (3 + 6) + 710);
        assertThat(erasure.contents()).isGreaterThanOrEqualTo(711);
        assertThat(erasure.isComplete()).isTrue();
        assertThat(contents().values())
                .contains("what all think")
                .anyMatch(each -> each.contains("how is u2?"))
                .noneMatch(each -> each.contains("u1"));
        List<RecordedRun> left = Recording.in(flights).runs(faults::add);
        assertThat(left).extracting(RecordedRun::name).containsExactly("claim", "inner");
        assertThat(faults).isNotEmpty().allMatch(each -> each.kind() == Fault.Kind.ERASED);
        heads.keySet().removeIf(id -> left.stream().noneMatch(run -> run.id().equals(id)));
        Verification verified = Recording.in(flights).verify(heads);
        assertThat(verified.problems()).isEmpty();
        assertThat(verified.isIntact()).isTrue();
        assertThat(heads).hasSize(2);
        assertNoLeftOvers();
    }

    private void assertNoLeftOvers() throws IOException {
        try (Stream<Path> files = Files.list(flights)) {
            assertThat(files.map(each -> each.getFileName().toString())).allMatch(each -> each.endsWith(".flightz"));
        }
    }

    @Test
    void who_follows_gets_what_came_before_and_after_a_segment_was_written_anew() throws IOException {
        List<String> seen = new ArrayList<>();
        RecordingFollower follower = Recording.in(flights).follow();
        try (FlightRecorder recorder = open()) {
            run(recorder, "u1", 40);
            run(recorder, "u2", 2);
            follower.poll(event -> seen.add(event.run() + event.sequence()), faults::add);
            run(recorder, "u3", 20);
            recorder.erase(ErasureTest::isOfU1);
            run(recorder, "u4", 1);
        }
        int before = seen.size();
        follower.poll(event -> seen.add(event.run() + event.sequence()), faults::add);

        assertThat(seen).doesNotHaveDuplicates().hasSize(before + (3 + 20 + 6) + (3 + 1 + 6));
        assertThat(faults).allMatch(each -> each.kind() == Fault.Kind.ERASED);
    }

    @Test
    void erasing_again_finds_nothing_and_changes_nothing() throws IOException {
        try (FlightRecorder recorder = open()) {
            run(recorder, "u1", 10);
            run(recorder, "u2", 10);
        }
        erase();
        byte[] before = Files.readAllBytes(SegmentFile.in(flights).get(0).path());

        Erasure again = erase();

        assertThat(again.runs() + again.events() + again.contents()).isZero();
        assertThat(Files.readAllBytes(SegmentFile.in(flights).get(0).path())).isEqualTo(before);
    }

    @Test
    void what_another_recorder_is_writing_waits_until_it_has_ended() throws IOException {
        try (FlightRecorder recorder = open()) {
            run(recorder, "u1", 1);

            Erasure early = erase();

            assertThat(early.waiting()).hasSize(1);
            assertThat(early.events()).isZero();
            assertThat(early.isComplete()).isFalse();
            assertThat(recorder.lost()).isZero();
        }
        assertThat(erase().isComplete()).isTrue();
        assertThat(Recording.in(flights).runs(faults::add)).isEmpty();
    }

    @Test
    void a_recorder_erases_what_it_has_written_itself_and_goes_on() throws IOException {
        try (FlightRecorder recorder = open()) {
            run(recorder, "u1", 3);
            run(recorder, "u2", 3);

            Erasure erasure = recorder.erase(ErasureTest::isOfU1);

            assertThat(erasure.isComplete()).isTrue();
            assertThat(erasure.runs()).isEqualTo(2);
            run(recorder, "u3", 3);
            assertThat(Recording.in(flights).runs(faults::add))
                    .extracting(each -> each.attributes().getOrDefault("user", ""))
                    .containsExactly("u2", "", "u3", "");
            assertThat(recorder.lost()).isZero();
        }
        assertThat(contents().values()).noneMatch(each -> each.contains("u1"));
    }

    @Test
    void contents_that_wait_for_a_trigger_are_forgotten_too() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                .trigger(event -> event instanceof FmEvent.FeedbackGiven)
                .open()) {
            run(recorder, "u1", 3);
            recorder.erase(ErasureTest::isOfU1);
            recorder.event(new FmEvent.FeedbackGiven(
                    new io.fmware.event.EventOrigin(
                            "r", io.fmware.event.RunPath.root("claim"), 1, java.time.Instant.EPOCH),
                    "thumb",
                    "down",
                    null));
        }
        assertThat(contents().values()).containsExactly("down");
    }

    @Test
    void a_run_that_has_not_ended_is_named_since_it_goes_on() throws IOException {
        try (FlightRecorder recorder = open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            String id;
            try (FmRun run = pipeline.run("claim").user("u1").open()) {
                id = run.id();
                Erasure erasure = recorder.erase(ErasureTest::isOfU1);
                assertThat(erasure.open()).containsExactly(id);
                assertThat(erasure.isComplete()).isFalse();
            }
            Erasure later = recorder.erase(run -> run.id().equals(id));
            assertThat(later.runs()).isEqualTo(1);
            assertThat(later.unknown()).as("its beginning is gone").isEqualTo(1);
        }
        assertThat(Recording.in(flights).verify(Map.of()).problems()).isEmpty();
    }

    @Test
    void what_killed_processes_have_left_is_erased_too() throws IOException {
        Path dead = flights.resolve("dead");
        try (FlightRecorder recorder = FlightRecorder.builder(dead)
                .content(ContentRule.all())
                .segmentBytes(256 << 10)
                .open()) {
            run(recorder, "u1", 3);
            for (SegmentFile each : SegmentFile.in(dead)) {
                Files.copy(each.path(), flights.resolve(each.path().getFileName()));
            }
        }
        assertThat(erase().isComplete()).isTrue();

        assertThat(contents()).isEmpty();
        assertNothingOf("u1");
    }

    private void assertNothingOf(String user) throws IOException {
        try (Stream<Path> files = Files.list(flights)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1))
                        .doesNotContain("of " + user);
            }
        }
    }

    @Test
    void what_cannot_be_read_is_told_and_goes_with_a_segment_that_is_written_anew() throws IOException {
        try (FlightRecorder recorder = open()) {
            run(recorder, "u1", 100);
            run(recorder, "u2", 100);
        }
        Path segment = SegmentFile.in(flights).get(0).path();
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write("damage".getBytes(StandardCharsets.UTF_8));
        }

        Erasure erasure = erase();

        assertThat(erasure.unreadable()).isNotEmpty();
        assertThat(erasure.isComplete()).isFalse();
        Recording.in(flights).events(event -> {}, faults::add);
        assertThat(faults)
                .singleElement()
                .satisfies(each -> assertThat(each.what())
                        .matches("\\d+ events were erased on .*, with \\d+ bytes that could not be read"));
    }

    @Test
    void a_content_that_another_run_names_from_another_segment_stays() throws IOException {
        Blob shared = new ContentIds(new byte[16]).named("shared".getBytes(StandardCharsets.UTF_8));
        Blob own = new ContentIds(new byte[16]).named("own".getBytes(StandardCharsets.UTF_8));
        LogSettings settings = new LogSettings(256 << 10, Durability.PROCESS, Long.MAX_VALUE, Duration.ofDays(1));
        try (FlightLog log = new FlightLog(flights, settings, TimeSource.system())) {
            append(log, "a", shared, List.of(shared, own));
            log.renew();
            append(log, "b", shared, List.of());
        }
        Erasure erasure = Recording.in(flights).erase(run -> run.id().equals("a"));

        assertThat(erasure.contents()).isEqualTo(1);
        assertThat(contents().values()).containsExactly("shared");
    }

    private static void append(FlightLog log, String run, Blob named, List<Blob> contents) {
        byte[] event = ("{\"t\":\"run.started\",\"r\":\"" + run + "\",\"p\":\"p\",\"n\":1,\"x\":{\"#\":\"" + named.id()
                        + "\",\"n\":6}}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(log.append(event, event.length, contents)).isTrue();
    }

    @Test
    void an_erasure_that_was_killed_is_done_by_the_next_one() throws IOException {
        try (FlightRecorder recorder = open()) {
            run(recorder, "u1", 700);
        }
        List<SegmentFile> segments = SegmentFile.in(flights);
        Path oldest = segments.get(0).path();
        byte[] first = Files.readAllBytes(oldest);
        erase();
        Files.write(oldest, first); // as if it had been killed before the last segment, which is the oldest
        Files.writeString(flights.resolve(segments.get(0).stem() + ".erasing.tmp"), "half of it");

        Erasure again = erase();

        assertThat(again.runs()).isEqualTo(1);
        assertThat(again.isComplete()).isTrue();
        assertThat(Recording.in(flights).runs(faults::add)).isEmpty();
        assertNoLeftOvers();
    }

    @Test
    void runs_inside_go_too_where_the_clock_went_back_before_they_began() throws IOException {
        AtomicReference<Instant> now = new AtomicReference<>(Ticks.NOON);
        TimeSource clock = new TimeSource() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public long nanoTime() {
                return TimeSource.system().nanoTime();
            }

            @Override
            public void await(Condition condition, Lock lock, long untilNanos) {
                throw new AssertionError("nothing waits here");
            }
        };
        try (FlightRecorder recorder = open();
                FmPipeline pipeline =
                        FmPipeline.builder().time(clock).watch(recorder).build();
                FmRun run = pipeline.run("claim").user("u1").open()) {
            now.set(Ticks.NOON.minusSeconds(1));
            try (FmRun inner = pipeline.run("inner").open()) {
                FmRun.note(at -> new FmEvent.Thought(at, "of u1"));
            }
        }
        Erasure erasure = erase();

        assertThat(erasure.runs()).isEqualTo(2);
        assertThat(erasure.isComplete()).isTrue();
        assertThat(contents()).isEmpty();
    }

    @Test
    void one_at_a_time_erases_since_two_would_bring_back_what_the_other_has_taken_out() throws IOException {
        try (FlightRecorder recorder = open()) {
            run(recorder, "u1", 1);
        }
        WriterLock other = Objects.requireNonNull(WriterLock.of(flights, "erasing"));

        assertThatThrownBy(this::erase)
                .isInstanceOf(IOException.class)
                .hasMessage("runs are being erased from " + flights + " already; erase again when that has ended");

        other.delete();
        assertThat(erase().runs()).isEqualTo(2);
        assertNoLeftOvers();
    }

    @Test
    void a_segment_that_was_written_anew_is_kept_no_longer_for_that() throws IOException {
        try (FlightRecorder recorder = open()) {
            run(recorder, "u1", 1);
            run(recorder, "u2", 1);
        }
        Path segment = SegmentFile.in(flights).get(0).path();
        FileTime written = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(segment, written);

        assertThat(erase().runs()).isEqualTo(2);

        assertThat(Files.getLastModifiedTime(segment)).isEqualTo(written);
    }

    @Test
    void a_content_that_no_event_names_is_taken_along_since_it_may_be_of_anybody() throws IOException {
        Blob orphan = new ContentIds(new byte[16]).named("orphan".getBytes(StandardCharsets.UTF_8));
        LogSettings settings = new LogSettings(256 << 10, Durability.PROCESS, Long.MAX_VALUE, Duration.ofDays(1));
        try (FlightLog log = new FlightLog(flights, settings, TimeSource.system())) {
            log.append(List.of(orphan));
        }
        assertThat(contents()).containsValue("orphan");

        assertThat(Recording.in(flights).erase(run -> false).contents()).isEqualTo(1);
        assertThat(contents()).isEmpty();
        assertThat(Objects.requireNonNull(Blob.read(orphan.record())).isGenuine())
                .isTrue();
    }
}
