package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderTest {
    private static final String KEY = "sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4";

    @TempDir
    Path flights;

    private final List<Fault> faults = new ArrayList<>();

    private List<RecordedEvent> events() throws IOException {
        List<RecordedEvent> events = new ArrayList<>();
        Recording.in(flights).events(events::add, faults::add);
        return events;
    }

    /** The ids of all contents that events name. */
    private static Set<String> named(List<RecordedEvent> events) {
        Set<String> ids = new TreeSet<>();
        events.forEach(each -> each.json().findValues("#").forEach(id -> ids.add(id.asText())));
        return ids;
    }

    private Map<String, String> contents() throws IOException {
        return Recording.in(flights).contents(named(events()));
    }

    private void run(FlightRecorder recorder, Reply... replies) {
        try (FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(replies));
            try (FmRun run = pipeline.run("claim").tenant("acme").open()) {
                FmRun.note(at -> new FmEvent.Decided(at, "pay?", List.of("pay", "refuse"), "pay", "it is covered"));
                model.chat(ChatRequest.builder()
                        .messages(UserMessage.from("Is it covered? My key is " + KEY))
                        .build());
            }
        }
    }

    @Test
    void a_run_is_recorded_event_by_event_while_it_goes_on_and_stays_when_the_recorder_is_closed() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            run(recorder, Reply.builder().text("yes").usage(12, 3).build());

            assertThat(events())
                    .extracting(RecordedEvent::type)
                    .containsExactly(
                            "run.started",
                            "decision",
                            "call.started",
                            "attempt.started",
                            "attempt.ended",
                            "call.ended",
                            "run.ended");
            assertThat(recorder.lost()).isZero();
        }
        List<RecordedEvent> closed = events();
        assertThat(closed).extracting(RecordedEvent::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(closed).extracting(RecordedEvent::path).contains("claim", "claim/call:ScriptedChatModel#1");
        JsonNode ended = closed.get(5).json();
        assertThat(ended.path("tokensIn").asLong()).isEqualTo(12);
        assertThat(ended.path("finish").asText()).isEqualTo("STOP");
        assertThat(closed.get(0).json().path("attributes").path("tenant").asText())
                .isEqualTo("acme");
        assertThat(faults).isEmpty();
        try (Stream<Path> files = Files.list(flights)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .endsWith(".flightz");
        }
    }

    @Test
    void contents_are_recorded_where_a_rule_says_so_redacted_and_once() throws IOException {
        try (FlightRecorder recorder =
                FlightRecorder.builder(flights).content(ContentRule.all()).open()) {
            run(recorder, Reply.text("yes"));

            assertThat(contents().values())
                    .anyMatch(each -> each.contains("Is it covered? My key is [openai-key:"))
                    .anyMatch(each -> each.contains("\"yes\""))
                    .contains("it is covered", "pay", "refuse")
                    .noneMatch(each -> each.contains(KEY));
            assertThat(bytes()).doesNotContain(KEY).containsOnlyOnce("Is it covered?");
        }
    }

    /** All that is in the files. */
    private String bytes() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(flights)) {
            for (Path each : files.toList()) {
                all.append(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void what_goes_into_a_boundary_and_comes_out_of_it_is_content() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                        .content(ContentRule.all())
                        .open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build();
                FmRun run = pipeline.run("claim").open()) {
            FmRun.cross(BoundaryKind.ID, "ticket", "prefix", prefix -> prefix + "-17");
            assertThat(run.dropped()).isZero();
        }

        RecordedEvent crossed = events().get(1);
        assertThat(crossed.type()).isEqualTo("boundary");
        assertThat(contents())
                .containsEntry(crossed.json().path("input").path("#").asText(), "prefix")
                .containsEntry(crossed.json().path("output").path("#").asText(), "prefix-17");
    }

    @Test
    void without_a_rule_contents_are_recorded_only_when_something_goes_wrong() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            run(recorder, Reply.text("yes"));
            assertThat(contents()).isEmpty();

            assertThatThrownBy(() -> run(recorder, Reply.error(new RateLimitException("full"))))
                    .isInstanceOf(RateLimitException.class);

            assertThat(contents().values())
                    .as("of the run that failed, and of the moments before")
                    .contains("it is covered", "full")
                    .anyMatch(each -> each.contains("\"yes\""));
        }
    }

    @Test
    void contents_of_the_last_moments_are_recorded_on_demand() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            run(recorder, Reply.text("yes"));
            recorder.keepRecent();

            assertThat(contents().values()).contains("it is covered");
        }
    }

    @Test
    void contents_are_recorded_of_runs_that_are_chosen_by_what_is_said_of_them() throws IOException {
        AtomicReference<String> wanted = new AtomicReference<>("none");
        ContentRule rule = ContentRule.runs(attributes -> wanted.get().equals(attributes.get("tenant")));
        try (FlightRecorder recorder =
                FlightRecorder.builder(flights).content(rule).open()) {
            run(recorder, Reply.text("yes"));
            assertThat(contents()).isEmpty();

            wanted.set("acme");
            run(recorder, Reply.text("yes"));
            assertThat(contents().values()).contains("it is covered").anyMatch(each -> each.contains("\"yes\""));
        }
    }

    @Test
    void the_id_of_a_run_that_was_drawn_is_recorded_as_it_is_though_its_digits_may_look_like_an_account_number()
            throws IOException {
        String id = "f7769249-be68-5390-0754-7034aaaaaaaa";
        String account = "DE89 3704 0044 0532 0130 00";
        try (FlightRecorder recorder = FlightRecorder.open(flights);
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            pipeline.run("claim").id(id).open().close();
            pipeline.run("claim").id(account).open().close();
        }
        List<String> runs = events().stream().map(RecordedEvent::run).distinct().toList();
        assertThat(runs.get(0)).isEqualTo(id);
        assertThat(runs.get(1)).startsWith("[iban:");
    }

    @Test
    void each_event_of_a_run_names_the_one_before_it_by_a_hash() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            run(recorder, Reply.text("yes"));
        }
        byte[] before = RunChain.first();
        for (RecordedEvent each : events()) {
            String json = each.json().toString();
            int end = json.lastIndexOf(",\"h\":");
            byte[] plain = (json.substring(0, end) + "}").getBytes(StandardCharsets.UTF_8);
            before = RunChain.next(before, plain, plain.length);
            assertThat(each.text("h"))
                    .isEqualTo(java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(before));
        }
    }

    @Test
    void a_recorder_that_cannot_write_says_so_when_it_is_opened() throws IOException {
        Path file = Files.writeString(flights.resolve("file"), "no directory");

        assertThatThrownBy(() -> FlightRecorder.open(file)).isInstanceOf(IOException.class);
    }

    @Test
    void bad_settings_are_refused() {
        FlightRecorder.Builder builder = FlightRecorder.builder(flights);
        assertThatThrownBy(() -> builder.segmentBytes(1))
                .hasMessage("segmentBytes must be from 262144 to 1073741824, but is 1");
        assertThatThrownBy(() -> builder.key(new byte[3])).hasMessage("a key must have at least 16 bytes, but has 3");
        assertThatThrownBy(() -> ContentRule.sample(2))
                .hasMessage("the part of the runs must be from 0 to 1, but is 2.0");
    }
}
