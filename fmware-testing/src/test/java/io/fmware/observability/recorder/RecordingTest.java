package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    private static final LogSettings SETTINGS =
            new LogSettings(256 << 10, Durability.PROCESS, Long.MAX_VALUE, Duration.ofDays(1));

    @TempDir
    Path flights;

    private final List<Fault> faults = new ArrayList<>();

    private static void claim(FlightRecorder recorder, String user, Reply... replies) {
        try (FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(replies));
            try (FmRun run = pipeline.run("claim").user(user).open();
                    FmRun.Scope agent = run.agent("fraud")) {
                FmRun.note(at -> new FmEvent.Thought(at, "a thought about " + user));
                model.chat("how?");
                agent.output("done");
            }
        }
    }

    @Test
    void runs_are_listed_with_what_they_took_and_how_they_ended() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            claim(recorder, "u1", Reply.builder().text("yes").usage(12, 3).build());
            assertThatThrownBy(() -> claim(recorder, "u2", Reply.error(new RateLimitException("full"))))
                    .isInstanceOf(RateLimitException.class);

            List<RecordedRun> runs = Recording.in(flights).runs(faults::add);

            assertThat(runs).extracting(RecordedRun::name).containsExactly("claim", "claim");
            RecordedRun first = runs.get(0);
            assertThat(first.attributes()).isEqualTo(Map.of("user", "u1"));
            assertThat(first.tokensIn()).isEqualTo(12);
            assertThat(first.tokensOut()).isEqualTo(3);
            assertThat(first.calls()).isEqualTo(1);
            assertThat(first.attempts()).isEqualTo(1);
            assertThat(first.events()).isEqualTo(9);
            assertThat(first.failures()).isZero();
            assertThat(first.ended()).isTrue();
            assertThat(runs.get(1).failures()).isEqualTo(2);
            assertThat(faults).isEmpty();
        }
    }

    @Test
    void a_run_inside_another_one_names_it() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights);
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build();
                FmRun outer = pipeline.run("batch").open()) {
            try (FmRun inner = pipeline.run("claim").open()) {
                assertThat(inner.outer()).isSameAs(outer);
            }
            assertThat(Recording.in(flights).runs(faults::add))
                    .extracting(RecordedRun::outer)
                    .containsExactly(null, outer.id());
        }
    }

    @Test
    void the_events_of_a_run_make_a_tree() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            claim(recorder, "u1", Reply.builder().text("yes").usage(12, 3).build());
        }
        List<RecordedEvent> events = new ArrayList<>();
        Recording.in(flights).events(events::add, faults::add);

        RecordedSpan run = RecordedSpan.of(events);

        assertThat(run.kind()).isEqualTo("run");
        assertThat(run.name()).isEqualTo("claim");
        RecordedSpan agent = run.children().get(0);
        assertThat(agent.kind() + " " + agent.name()).isEqualTo("agent fraud");
        assertThat(agent.events()).extracting(RecordedEvent::type).containsExactly("thinking");
        RecordedSpan call = agent.children().get(0);
        assertThat(call.kind() + " " + call.name()).isEqualTo("call ScriptedChatModel");
        assertThat(call.children()).singleElement().satisfies(attempt -> {
            assertThat(attempt.kind()).isEqualTo("attempt");
            assertThat(attempt.children()).isEmpty();
            assertThat(attempt.duration()).isPositive();
        });
        assertThat(run.tokensIn())
                .as("counted once, though the call tells of them too")
                .isEqualTo(12);
        assertThat(run.tokensOut()).isEqualTo(3);
        assertThat(run.duration()).isGreaterThanOrEqualTo(call.duration());
    }

    @Test
    void a_tree_is_made_of_events_whose_beginnings_are_gone() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            claim(recorder, "u1", Reply.text("yes"));
        }
        List<RecordedEvent> events = new ArrayList<>();
        Recording.in(flights).events(events::add, faults::add);

        RecordedSpan run = RecordedSpan.of(events.subList(4, events.size()));

        assertThat(run.kind()).isEqualTo("run");
        assertThat(run.duration()).isNull();
        assertThat(run.children()).singleElement().satisfies(agent -> {
            assertThat(agent.kind()).isEqualTo("agent");
            assertThat(agent.children()).hasSize(1);
        });
        assertThatThrownBy(() -> RecordedSpan.of(List.of()))
                .hasMessage("there must be events to make a tree of, but there are none");
    }

    @Test
    void a_follower_gives_each_event_once_while_segments_are_written_filled_and_compressed() throws IOException {
        RecordingFollower follower = Recording.in(flights).follow();
        List<Long> seen = new ArrayList<>();
        try (FlightLog log = new FlightLog(flights, SETTINGS, TimeSource.system())) {
            for (int i = 1; i <= 3_000; i++) {
                byte[] event = ("{\"t\":\"x\",\"r\":\"1\",\"p\":\"p\",\"n\":" + i + ",\"x\":\"" + "y".repeat(i % 1_500)
                                + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
                log.append(event, event.length, List.of());
                if (i % 37 == 0) {
                    follower.poll(event1 -> seen.add(event1.sequence()), faults::add);
                    assertThat(seen).hasSize(i);
                }
            }
        }
        follower.poll(event -> seen.add(event.sequence()), faults::add);
        follower.poll(event -> seen.add(event.sequence()), faults::add);

        assertThat(seen).doesNotHaveDuplicates().hasSize(3_000).isSorted();
        assertThat(faults).isEmpty();
    }

    @Test
    void pieces_of_a_stream_are_recorded_where_they_are_asked_for_redacted_across_pieces() throws Exception {
        String key = "sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4";
        List<String> told = new ArrayList<>();
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                .pieces()
                .content(ContentRule.all())
                .open()) {
            stream(recorder, "The key of the account is " + key + ", keep it well.");
            List<RecordedEvent> pieces = new ArrayList<>();
            Recording.in(flights)
                    .events(
                            each -> {
                                if (each.type().equals("chunk")) {
                                    pieces.add(each);
                                }
                            },
                            faults::add);
            Map<String, String> contents = new HashMap<>();
            Recording.in(flights).contents(contents::put);
            for (RecordedEvent each : pieces) {
                each.contentIds().forEach(id -> told.add(contents.get(id)));
            }
            assertThat(pieces).hasSizeGreaterThan(5);
            assertThat(pieces.get(0).json().path("k").asLong()).isEqualTo(1);
            assertThat(pieces.stream()
                            .mapToLong(each -> each.json().path("chars").asLong())
                            .sum())
                    .isEqualTo(("The key of the account is " + key + ", keep it well.").length());
        }
        assertThat(String.join("", told))
                .startsWith("The key of the account is [openai-key:")
                .endsWith("], keep it well.")
                .doesNotContain(key);
        assertThat(Recording.in(flights).verify(Map.of()).problems()).isEmpty();
    }

    private static void stream(FlightRecorder recorder, String answer) throws Exception {
        try (FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            StreamingChatModel model = pipeline.wrap((StreamingChatModel) ScriptedStreamingChatModel.replying(answer));
            CompletableFuture<ChatResponse> done = new CompletableFuture<>();
            model.chat("how?", new StreamingChatResponseHandler() {
                @Override
                public void onCompleteResponse(ChatResponse response) {
                    done.complete(response);
                }

                @Override
                public void onError(Throwable error) {
                    done.completeExceptionally(error);
                }
            });
            done.get();
        }
    }

    @Test
    void pieces_of_streams_are_left_out_by_default() throws Exception {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            stream(recorder, "a long answer in many pieces");
        }
        Recording.in(flights).events(each -> assertThat(each.type()).isNotEqualTo("chunk"), faults::add);
    }

    @Test
    void what_is_as_it_was_written_is_verified() throws IOException {
        Map<String, String> heads = new HashMap<>();
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                .anchor(heads::put)
                .content(ContentRule.all())
                .open()) {
            claim(recorder, "u1", Reply.text("yes"));
            claim(recorder, "u2", Reply.text("no"));
        }
        Verification verified = Recording.in(flights).verify(heads);

        assertThat(heads).hasSize(2);
        assertThat(verified.isIntact()).isTrue();
        assertThat(verified.runs()).isEqualTo(2);
        assertThat(verified.events()).isEqualTo(18);
        assertThat(verified.contents()).isPositive();
        assertThat(verified.unended()).isZero();
    }

    /** Writes the events and contents of a recording anew, as somebody does who can write the directory. */
    private Path forged(Forgery forgery) throws IOException {
        Path forged = Files.createDirectory(flights.resolveSibling("forged" + System.nanoTime()));
        try (FlightLog log = new FlightLog(forged, SETTINGS, TimeSource.system())) {
            for (SegmentFile each : SegmentFile.in(flights)) {
                new SegmentScan(each, fault -> {}) {
                    @Override
                    void content(Blob content) {
                        byte[] record = forgery.content(content.record().clone());
                        log.append(List.of(java.util.Objects.requireNonNull(Blob.read(record))));
                    }

                    @Override
                    void event(byte[] json, long offset) {
                        byte[] event = forgery.event(new String(json, StandardCharsets.UTF_8))
                                .getBytes(StandardCharsets.UTF_8);
                        if (event.length > 0) {
                            log.append(event, event.length, List.of());
                        }
                    }
                }.read();
            }
        }
        return forged;
    }

    private interface Forgery {
        String event(String json);

        default byte[] content(byte[] record) {
            return record;
        }
    }

    private List<String> problems(Map<String, String> heads, Forgery forgery) throws IOException {
        return Recording.in(forged(forgery)).verify(heads).problems().stream()
                .map(Verification.Problem::toString)
                .toList();
    }

    @Test
    void an_event_that_was_changed_left_out_or_put_in_is_found() throws IOException {
        Map<String, String> heads = new HashMap<>();
        try (FlightRecorder recorder =
                FlightRecorder.builder(flights).anchor(heads::put).open()) {
            claim(recorder, "u1", Reply.text("yes"));
        }
        String run = heads.keySet().iterator().next();
        String broken =
                " does not follow from what stands before it: one of both was changed, or events between them are"
                        + " missing";

        assertThat(problems(heads, json -> json)).isEmpty();
        assertThat(problems(heads, json -> json.replace("\"user\":\"u1\"", "\"user\":\"u9\"")))
                .containsExactly("run " + run + ": what stands before run.started with number 1 is missing");
        assertThat(problems(heads, json -> json.contains("thinking") ? "" : json))
                .containsExactly("run " + run + ": call.started with number 4" + broken);
        assertThat(problems(heads, json -> json.contains("run.started") ? "" : json))
                .containsExactly("run " + run + ": what stands before agent.started with number 2 is missing");
        assertThat(problems(heads, json -> json.contains("run.ended") ? "" : json))
                .containsExactly("run " + run + ": it was recorded, and its end is not there");
        assertThat(problems(heads, json -> json.replace("\"h\":\"", "\"h\":\"!!")))
                .as("no base64")
                .isNotEmpty();
    }

    @Test
    void a_run_whose_hashes_were_all_made_anew_shows_beside_the_hash_that_is_known_from_elsewhere() throws IOException {
        Map<String, String> heads = new HashMap<>();
        try (FlightRecorder recorder =
                FlightRecorder.builder(flights).anchor(heads::put).open()) {
            claim(recorder, "u1", Reply.text("yes"));
        }
        RunChain chain = new RunChain();
        Forgery all = json -> {
            byte[] skeleton = java.util.Objects.requireNonNull(
                    RunChain.unlinked(json.replace("u1", "u9").getBytes(StandardCharsets.UTF_8)));
            return new String(chain.linked(skeleton), StandardCharsets.UTF_8);
        };
        Path forged = forged(all);

        assertThat(Recording.in(forged).verify(Map.of()).isIntact()).isTrue();
        Map.Entry<String, String> known = heads.entrySet().iterator().next();
        assertThat(Recording.in(forged).verify(heads).problems())
                .extracting(Verification.Problem::toString)
                .containsExactly("run " + known.getKey() + ": its last hash is " + chain.head() + ", and was "
                        + known.getValue() + " when it was recorded");
    }

    @Test
    void what_is_put_in_behind_the_end_of_a_run_that_is_known_from_elsewhere_is_found() throws IOException {
        Map<String, String> heads = new HashMap<>();
        try (FlightRecorder recorder =
                FlightRecorder.builder(flights).anchor(heads::put).open()) {
            claim(recorder, "u1", Reply.text("yes"));
        }
        String run = heads.keySet().iterator().next();
        byte[] decision =
                ("{\"t\":\"decision\",\"r\":\"" + run + "\",\"p\":\"claim\",\"n\":1}").getBytes(StandardCharsets.UTF_8);
        String behind = new String(new RunChain().linked(decision), StandardCharsets.UTF_8);
        List<String> genuine = new ArrayList<>();
        forged(json -> {
            genuine.add(json);
            return json;
        });
        genuine.add(behind);
        Path again = Files.createDirectory(flights.resolve("again"));
        try (FlightLog log = new FlightLog(again, SETTINGS, TimeSource.system())) {
            for (String each : genuine) {
                byte[] event = each.getBytes(StandardCharsets.UTF_8);
                log.append(event, event.length, List.of());
            }
        }
        assertThat(Recording.in(again).verify(heads).problems())
                .extracting(Verification.Problem::toString)
                .containsExactly("run " + run + ": decision stands behind its end");
    }

    @Test
    void a_segment_under_the_name_of_another_recorder_or_twice_is_found() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            claim(recorder, "u1", Reply.text("yes"));
        }
        SegmentFile segment = SegmentFile.in(flights).get(0);
        String name = segment.path().getFileName().toString();
        Path other = flights.resolve(name.replace(segment.writer(), "0123456789abcdef"));
        Path twice = flights.resolve(name.replaceFirst("\\d{9}Z", "999999999Z"));
        Files.copy(segment.path(), other);
        Files.copy(segment.path(), twice);

        assertThat(Recording.in(flights).verify(Map.of()).problems())
                .extracting(Verification.Problem::toString)
                .contains(
                        other.getFileName() + " was written by another recorder than it is named after",
                        twice.getFileName() + " has the number of another segment, 1");
    }

    @Test
    void a_content_that_was_changed_is_found_without_the_key() throws IOException {
        try (FlightRecorder recorder =
                FlightRecorder.builder(flights).content(ContentRule.all()).open()) {
            claim(recorder, "u1", Reply.text("yes"));
        }
        List<String> problems = problems(Map.of(), new Forgery() {
            @Override
            public String event(String json) {
                return json;
            }

            @Override
            public byte[] content(byte[] record) {
                String text = new String(record, StandardCharsets.ISO_8859_1);
                return text.replace("thought about", "thinking of!!").getBytes(StandardCharsets.ISO_8859_1);
            }
        });

        assertThat(problems).singleElement().asString().matches("content [0-9a-f]{32} was changed");
    }

    @Test
    void a_segment_that_is_missing_in_the_middle_is_found() throws IOException {
        try (FlightLog log = new FlightLog(flights, SETTINGS, TimeSource.system())) {
            for (int i = 1; i <= 2_000; i++) {
                byte[] event = ("{\"t\":\"x\",\"r\":\"1\",\"p\":\"p\",\"n\":" + i + ",\"x\":\"" + "y".repeat(900)
                                + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
                log.append(event, event.length, List.of());
            }
        }
        List<SegmentFile> segments = SegmentFile.in(flights);
        Files.delete(segments.get(2).path());
        Files.delete(segments.get(4).path());

        assertThat(Recording.in(flights).verify(Map.of()).problems())
                .extracting(Verification.Problem::toString)
                .containsExactly("2 segments of recorder " + segments.get(0).writer() + " are missing between 1 and "
                        + segments.size());
    }

    @Test
    void a_directory_that_is_not_there_is_said() {
        Path none = flights.resolve("none");
        assertThatThrownBy(() -> Recording.in(none))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(none + ": there is no such directory");
    }

    @Test
    void files_that_are_no_segments_are_passed_over() throws IOException {
        Files.writeString(flights.resolve("notes.txt"), "hello");
        Files.writeString(flights.resolve("x.flight"), "hello");
        try (Stream<Path> files = Files.list(flights)) {
            assertThat(files).hasSize(2);
        }
        assertThat(Recording.in(flights).runs(faults::add)).isEmpty();
        assertThat(faults).isEmpty();
    }
}
