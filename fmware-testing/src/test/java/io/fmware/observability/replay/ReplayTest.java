package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.Sources;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.route.Fallback;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final ChatModel DEAD =
            ScriptedChatModel.of(Script.answering(request -> Reply.error(new AssertionError("a model was asked"))));

    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();

    private static ChatModel says(String... texts) {
        return ScriptedChatModel.of(Script.replying(texts));
    }

    private Supplier<String> asking(ChatModel model, String... questions) {
        ChatModel wrapped = pipeline.wrap(model);
        return () -> {
            StringBuilder all = new StringBuilder();
            for (String each : questions) {
                all.append(wrapped.chat(each)).append('\n');
            }
            return all.toString();
        };
    }

    @Test
    void models_are_answered_for_without_being_asked() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one", "two\nlines"), "first", "second"));

        Replay replay = Replay.of(cassette);

        assertThat(Flights.replayed(replay, asking(DEAD, "first", "second"))).isEqualTo("one\ntwo\nlines\n");
        assertThat(replay.report())
                .hasToString("replayed 4 steps: 2 answered, 0 really asked, 0 divergences")
                .matches(ReplayReport::isIdentical);
    }

    @Test
    void one_replay_serves_many_runs_each_from_the_beginning() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one"), "first"));
        Replay replay = Replay.of(cassette);

        for (int i = 0; i < 3; i++) {
            assertThat(Flights.replayed(replay, asking(DEAD, "first"))).isEqualTo("one\n");
        }
    }

    @Test
    void clocks_ids_random_numbers_and_tools_give_what_they_gave() {
        Supplier<String> application = () -> {
            Clock clock = Sources.clock(Clock.systemUTC());
            Supplier<UUID> ids = Sources.ids("claim", UUID::randomUUID);
            return clock.instant() + " " + ids.get() + " "
                    + Sources.random(new java.util.Random()).nextInt() + " "
                    + FmRun.cross(BoundaryKind.TOOL, "look", 17, number -> List.of(Instant.now(), number));
        };
        List<Object> before = new ArrayList<>();
        Cassette cassette = new Flights(directory).recorded(() -> before.add(application.get()));

        assertThat(Flights.replayed(Replay.of(cassette), application)).isEqualTo(before.get(0));
    }

    @Test
    void a_changed_prompt_stops_the_run_with_the_difference_and_its_place() {
        Cassette cassette =
                new Flights(directory).recorded(() -> ask(says("yes"), "You are a clerk.\nBe brief.", "Pay?"));

        ReplayDivergedException stopped =
                Flights.stopped(Replay.of(cassette), () -> ask(DEAD, "You are a clerk.\nBe friendly.", "Pay?"));

        assertThat(stopped.path()).isEqualTo("claim/call:ScriptedChatModel#1");
        assertThat(stopped.getMessage().replaceAll("asked from .*", "asked from .."))
                .isEqualTo("""
                the replay of run claim diverged at claim/call:ScriptedChatModel#1: what is asked of call ScriptedChatModel has changed
                    --- recorded
                    +++ replayed
                    @@ -7,5 +7,5 @@
                             "|": [
                               "You are a clerk.",
                    -          "Be brief."
                    +          "Be friendly."
                             ]
                           },
                  asked from ..""");
        assertThat(stopped.getMessage()).contains("asked from " + ReplayTest.class.getName());
    }

    private String ask(ChatModel model, String system, String user) {
        return pipeline.wrap(model)
                .chat(ChatRequest.builder()
                        .messages(SystemMessage.from(system), UserMessage.from(user))
                        .build())
                .aiMessage()
                .text();
    }

    @Test
    void a_divergence_that_is_swallowed_stops_all_that_follows_and_is_thrown_at_the_end() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one", "two"), "first", "second"));
        List<Object> seen = new ArrayList<>();

        ReplayDivergedException stopped = Flights.stopped(Replay.of(cassette), () -> {
            seen.add(Flights.attempt(asking(DEAD, "else")));
            seen.add(Flights.attempt(asking(DEAD, "second")));
            return "fine";
        });

        assertThat(seen).hasSize(2).allSatisfy(each -> assertThat(each).isInstanceOf(ReplayDivergedException.class));
        assertThat(stopped).hasMessage(((Throwable) seen.get(0)).getMessage());
    }

    @Test
    void observing_goes_on_and_tells_of_all() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one", "two", "three"), "a", "b", "c"));
        Replay replay = Replay.builder(cassette).mode(Replay.Mode.OBSERVE).build();

        assertThat(Flights.replayed(replay, asking(DEAD, "A", "b", "C"))).isEqualTo("one\ntwo\nthree\n");
        assertThat(replay.report().divergences())
                .extracting(Divergence::kind, Divergence::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Divergence.Kind.CHANGED, "claim/call:ScriptedChatModel#1"),
                        org.assertj.core.groups.Tuple.tuple(
                                Divergence.Kind.CHANGED, "claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1"),
                        org.assertj.core.groups.Tuple.tuple(Divergence.Kind.CHANGED, "claim/call:ScriptedChatModel#3"),
                        org.assertj.core.groups.Tuple.tuple(
                                Divergence.Kind.CHANGED, "claim/call:ScriptedChatModel#3/attempt:ScriptedChatModel#1"));
    }

    @Test
    void observing_tells_of_all_that_did_not_come() {
        Cassette cassette = new Flights(directory).recorded(() -> tool("look") + tool("find") + tool("close"));
        Replay replay = Replay.builder(cassette).mode(Replay.Mode.OBSERVE).build();

        assertThat(Flights.replayed(replay, () -> tool("look"))).isEqualTo("did x");
        assertThat(replay.report().divergences())
                .extracting(Divergence::path)
                .containsExactly("claim/tool:find#1", "claim/tool:close#1");
    }

    @Test
    void more_than_was_recorded_is_not_asked() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one"), "a"));

        ReplayDivergedException stopped = Flights.stopped(Replay.of(cassette), asking(DEAD, "a", "b"));

        assertThat(stopped.getMessage())
                .startsWith(
                        "the replay of run claim diverged at claim/call:ScriptedChatModel#2: the recording has no such"
                                + " call: more was asked than then\n  most like it in the recording: claim/call:ScriptedChatModel#1 (");
    }

    @Test
    void less_than_was_recorded_is_told_at_the_end() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one", "two"), "a", "b"));

        ReplayDivergedException stopped = Flights.stopped(Replay.of(cassette), asking(DEAD, "a"));

        assertThat(stopped)
                .hasMessage(
                        "the replay of run claim diverged at claim/call:ScriptedChatModel#2: this was recorded, but did"
                                + " not come: less was asked than then");
    }

    @Test
    void steps_in_another_order_are_told_at_the_first_one() {
        Supplier<String> tools = () -> tool("look") + tool("find");
        Cassette cassette = new Flights(directory).recorded(tools);

        ReplayDivergedException stopped = Flights.stopped(Replay.of(cassette), () -> tool("find") + tool("look"));

        assertThat(stopped.getMessage())
                .startsWith("the replay of run claim diverged at claim/tool:find#1: the recording has close"
                        + " claim/tool:look#1 here, but close claim/tool:find#1 came");
    }

    private static String tool(String name) {
        return FmRun.cross(BoundaryKind.TOOL, name, "x", in -> "did " + in);
    }

    @Test
    @Timeout(60)
    void thousands_of_changed_prompts_are_observed_without_looking_into_all_of_them() {
        String[] before = IntStream.range(0, 2_500)
                .mapToObj(i -> "Was car " + i + " hit\nat noon?")
                .toArray(String[]::new);
        String[] after =
                Arrays.stream(before).map(each -> each.replace("noon", "night")).toArray(String[]::new);
        ChatModel model = ScriptedChatModel.of(Script.always(Reply.text("yes")));
        Cassette cassette = new Flights(directory).recorded(asking(model, before));
        Replay replay = Replay.builder(cassette).mode(Replay.Mode.OBSERVE).build();

        assertThat(Flights.replayed(replay, asking(DEAD, after)))
                .asString()
                .startsWith("yes\nyes\n")
                .hasSize(4 * before.length);
        assertThat(replay.report().divergences()).hasSize(100);
        assertThat(replay.report().divergences().get(99).nearest()).hasSize(3);
    }

    @Test
    void code_that_reads_the_real_clock_is_named() {
        Supplier<String> application = () ->
                pipeline.wrap(says("ok")).chat("It is " + Clock.systemUTC().instant() + ".");
        Cassette cassette = new Flights(directory).recorded(application);

        ReplayDivergedException stopped = Flights.stopped(Replay.of(cassette), application);

        assertThat(stopped.getMessage())
                .containsPattern(
                        "asked from " + ReplayTest.class.getName().replace(".", "\\.") + "\\S*\\(ReplayTest.java:")
                .containsPattern(
                        "It differs only in what looks like a time \\(\\S+ was recorded, \\S+ came\\): code that reads"
                                + " the real clock; take it from Sources\\.clock\\(\\.\\.\\) to have it recorded");
    }

    @Test
    void re_prompting_and_parsing_run_for_real_on_recorded_attempts() {
        FmPipeline checked = FmPipeline.builder()
                .with(Reprompting.upTo(3).until(Replies.areJson()))
                .build();
        Cassette cassette = new Flights(directory)
                .recorded(() -> checked.wrap(says("no json", "{\"a\":1}")).chat("json?"));

        Replay replay = Replay.of(cassette);

        assertThat(Flights.replayed(replay, () -> checked.wrap(DEAD).chat("json?")))
                .isEqualTo("{\"a\":1}");
        assertThat(replay.report().answered()).isEqualTo(2);
        ReplayDivergedException stopped =
                Flights.stopped(Replay.of(cassette), () -> pipeline.wrap(DEAD).chat("json?"));
        assertThat(stopped.getMessage())
                .startsWith("the replay of run claim diverged at"
                        + " claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#2: this was recorded, but"
                        + " claim/call:ScriptedChatModel#1 ended without it: less was asked than then");
    }

    @Test
    void at_the_level_of_calls_the_pipeline_is_not_run() {
        FmPipeline checked = FmPipeline.builder()
                .with(Reprompting.upTo(3).until(Replies.areJson()))
                .build();
        Cassette cassette = new Flights(directory)
                .recorded(() -> checked.wrap(says("no json", "{\"a\":1}")).chat("json?"));

        Replay replay = Replay.builder(cassette).level(Replay.Level.CALL).build();

        assertThat(Flights.replayed(replay, () -> pipeline.wrap(DEAD).chat("json?")))
                .isEqualTo("{\"a\":1}");
        assertThat(replay.report().answered()).isEqualTo(1);
    }

    @Test
    void a_failure_is_thrown_again_as_what_it_was_so_that_a_fallback_goes_the_same_way() {
        FmPipeline falling = FmPipeline.builder()
                .with(Fallback.to(FmPipeline.builder().build().wrap(says("from the other"))))
                .build();
        ChatModel limited = ScriptedChatModel.of(Script.of(Reply.error(new RateLimitException("slow down"))));
        Cassette cassette =
                new Flights(directory).recorded(() -> falling.wrap(limited).chat("hello"));
        FmPipeline again = FmPipeline.builder()
                .with(Fallback.to(FmPipeline.builder().build().wrap(DEAD)))
                .build();

        assertThat(Flights.replayed(Replay.of(cassette), () -> again.wrap(DEAD).chat("hello")))
                .isEqualTo("from the other");
        assertThat(Flights.replayed(
                        Replay.of(new Flights(directory)
                                .recorded(() -> pipeline.wrap(ScriptedChatModel.of(
                                                Script.of(Reply.error(new RateLimitException("slow down")))))
                                        .chat("hello"))),
                        () -> pipeline.wrap(DEAD).chat("hello")))
                .isInstanceOf(RateLimitException.class)
                .hasToString("dev.langchain4j.exception.RateLimitException: slow down");
    }

    @Test
    void what_was_redacted_then_is_redacted_before_it_is_compared() {
        String question = "My key is sk-abcdefghijklmnopqrstuvwx1234567890ABCDEFGHIJKLMN, mail jane.doe@example.org";
        Cassette cassette = new Flights(
                        directory,
                        builder -> builder.content(ContentRule.all())
                                .redactor(io.fmware.event.Redactor.builder()
                                        .key(new byte[32])
                                        .build()))
                .recorded(asking(says("ok"), question));

        assertThat(CassetteFile.text(cassette)).doesNotContain("jane", "sk-abc").contains("[email:00000002]");
        assertThat(Flights.replayed(Replay.of(cassette), asking(DEAD, question)))
                .isEqualTo("ok\n");
    }

    @Test
    void the_run_that_the_application_opens_by_itself_is_the_one_that_is_replayed() {
        Supplier<String> application = () -> {
            try (FmRun run = pipeline.run("claim").open()) {
                return asking(says("one"), "a").get();
            }
        };
        Supplier<String> again = () -> {
            try (FmRun run = pipeline.run("claim").open()) {
                return asking(DEAD, "a").get();
            }
        };
        Cassette inside = new Flights(directory).recorded("test", application);
        Cassette own = new Flights(directory).recorded("claim", asking(says("one"), "a"));

        assertThat(Flights.replayed(Replay.of(inside), again)).isEqualTo("one\n");
        assertThat(Flights.replayed(Replay.of(own), again)).isEqualTo("one\n");
    }

    @Test
    void a_run_that_was_not_opened_again_is_told() {
        Cassette cassette = new Flights(directory).recorded("test", () -> {
            try (FmRun run = pipeline.run("claim").open()) {
                return "done";
            }
        });

        assertThat(Flights.stopped(Replay.of(cassette), () -> "nothing"))
                .hasMessage("the replay of run test diverged at claim: this run was recorded, but was not" + " opened");
    }

    @Test
    void a_run_that_was_opened_less_often_is_told() {
        Cassette cassette = new Flights(directory).recorded("test", () -> claims(3));

        assertThat(Flights.stopped(Replay.of(cassette), () -> claims(2)))
                .hasMessage("the replay of run test diverged at claim: this run was opened 2 times, but was recorded"
                        + " more often");
        assertThat(Flights.stopped(Replay.of(cassette), () -> claims(1)))
                .hasMessage("the replay of run test diverged at claim: this run was opened once, but was recorded more"
                        + " often");
    }

    private String claims(int most) {
        for (int i = 0; i < most; i++) {
            pipeline.run("claim").open().close();
        }
        return "done";
    }

    @Test
    void from_a_fork_on_all_is_real() {
        List<String> asked = new ArrayList<>();
        ChatModel live = ScriptedChatModel.of(Script.answering(request -> {
            asked.add(request.toString());
            return Reply.text("new");
        }));
        Cassette cassette = new Flights(directory).recorded(asking(says("one", "two", "three"), "a", "b", "c"));

        Replay replay = Replay.builder(cassette)
                .forkAt("claim/call:ScriptedChatModel#2")
                .build();

        assertThat(Flights.replayed(replay, asking(live, "a", "another", "c", "d")))
                .isEqualTo("one\nnew\nnew\nnew\n");
        assertThat(asked).hasSize(3);
        assertThat(replay.report().live()).isEqualTo(3);
        assertThat(replay.report().divergences()).isEmpty();
    }

    @Test
    void a_fork_at_a_step_that_no_longer_exists_is_refused() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one"), "a"));

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> Replay.builder(cassette).forkAt("claim/call:Other#1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no step claim/call:Other#1 in the cassette of claim with 2 steps to fork at; see"
                        + " Cassette.paths(). The nearest is claim/call:ScriptedChatModel#1");
    }

    @Test
    void a_recording_without_contents_is_refused_before_it_starts() {
        Cassette cassette = new Flights(directory, builder -> builder).recorded(asking(says("one"), "a"));

        assertThat(cassette.problems())
                .contains("claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1: the answer was not recorded");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Replay.of(cassette)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("""
                        the cassette of claim with 2 steps cannot be replayed, an answer is missing:
                        - claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1: the answer was not recorded
                        Record with all contents, FlightRecorder.Builder.content(ContentRule.all()), or replay with Mode.OBSERVE, which goes as far as it can""");
    }

    @Test
    void a_value_that_cannot_be_made_again_is_told_before_it_starts() {
        Cassette cassette = new Flights(directory)
                .recorded(() -> FmRun.cross(BoundaryKind.ID, "thing", () -> new StringBuilder("x")));

        assertThat(cassette.problems())
                .singleElement()
                .asString()
                .startsWith("claim/id:thing#1: ")
                .contains("java.lang.StringBuilder");
    }

    @Test
    void an_agent_that_is_to_be_answered_for_has_to_be_in_the_cassette() {
        Cassette cassette = new Flights(directory).recorded(() -> {
            try (FmRun.Scope scope = Objects.requireNonNull(FmRun.current()).agent("adjuster")) {
                scope.output("pay");
                return "done";
            }
        });

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> Replay.builder(cassette).answering("ajuster")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "there is no agent 'ajuster' in the cassette of claim with 1 steps to be answered for; there are"
                                + " [adjuster]");
    }

    @Test
    void a_listener_that_throws_does_not_hide_a_divergence() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one"), "a"));
        Replay replay = Replay.builder(cassette)
                .onReport(report -> {
                    throw new IllegalStateException("of the listener");
                })
                .build();

        assertThat(Flights.stopped(replay, asking(DEAD, "b")).getSuppressed())
                .singleElement()
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_text_that_looks_like_the_mark_of_a_redactor_is_no_difference() {
        Cassette cassette = new Flights(directory).recorded(asking(says("ok"), "Decide [order:12345678]"));

        assertThat(Flights.replayed(Replay.of(cassette), asking(DEAD, "Decide [order:12345678]")))
                .isEqualTo("ok\n");
    }

    @Test
    void what_was_redacted_in_names_of_runs_and_of_fields_is_found_again_by_another_process() {
        Supplier<String> application = () ->
                FmRun.cross(BoundaryKind.TOOL, "look", java.util.Map.of("jane.doe@example.org", 17), in -> "found");
        Cassette cassette = new Flights(directory).recorded("claim of jane.doe@example.org", application);
        Replay replay = Replay.builder(cassette)
                .redactor(io.fmware.event.Redactor.builder().key(new byte[32]).build())
                .build();

        try (FmRun run =
                FmRun.builder("claim of jane.doe@example.org").watch(replay).open()) {
            assertThat(application.get()).isEqualTo("found");
        }
        assertThat(cassette.name()).isEqualTo("claim of [email:00000000]");
        assertThat(replay.report()).matches(ReplayReport::isIdentical);
    }

    @Test
    void all_runs_that_come_after_a_fork_in_one_of_that_name_are_real() {
        Cassette cassette = new Flights(directory).recorded(inTwoRuns(says("one", "two", "three", "four")));
        Replay replay = Replay.builder(cassette)
                .forkAt("letter/call:ScriptedChatModel#2")
                .build();

        assertThat(Flights.replayed(
                        replay, inTwoRuns(ScriptedChatModel.of(Script.answering(request -> Reply.text("new"))))))
                .isEqualTo("one\nnew\nnew\nnew\n");
    }

    private Supplier<String> inTwoRuns(ChatModel model) {
        return () -> {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 2; i++) {
                try (FmRun run = pipeline.run("letter").open()) {
                    all.append(asking(model, "a", "b").get());
                }
            }
            return all.toString();
        };
    }

    @Test
    void a_fork_that_is_never_come_to_is_told() {
        Cassette cassette = new Flights(directory).recorded(asking(says("one", "two"), "a", "b"));
        Replay replay = Replay.builder(cassette)
                .forkAt("claim/call:ScriptedChatModel#2")
                .build();

        assertThat(Flights.stopped(replay, asking(DEAD, "a")))
                .hasMessage(
                        "the replay of run claim diverged at claim/call:ScriptedChatModel#2: the run was to go on for"
                                + " real from here, but this did not come: nothing of it was real");
    }

    @Test
    void what_an_object_of_the_applications_own_shows_of_itself_is_no_difference() {
        Supplier<Object> application = () -> {
            try (FmRun.Scope scope = Objects.requireNonNull(FmRun.current()).agent("adjuster")) {
                scope.output(new Object());
                return "done";
            }
        };
        Cassette cassette = new Flights(directory).recorded(application);
        Replay replay = Replay.of(cassette);

        assertThat(Flights.replayed(replay, application)).isEqualTo("done");
        assertThat(replay.report().isIdentical()).isTrue();
    }

    @Test
    void what_cannot_be_compared_is_no_identical_replay() {
        Object[] output = {List.of("pay")};
        Supplier<Object> application = () -> {
            try (FmRun.Scope scope = Objects.requireNonNull(FmRun.current()).agent("adjuster")) {
                scope.output(output[0]);
                return "done";
            }
        };
        Cassette cassette = new Flights(directory).recorded(application);
        output[0] = new java.util.AbstractList<String>() {
            @Override
            public String get(int index) {
                throw new IllegalStateException("of the list");
            }

            @Override
            public int size() {
                return 1;
            }
        };

        assertThat(Flights.stopped(Replay.of(cassette), application).path()).isEqualTo("claim/adjuster#1");
    }

    @Test
    void a_memory_that_could_not_be_read_or_written_fails_again() {
        for (BoundaryKind kind : List.of(BoundaryKind.MEMORY_READ, BoundaryKind.MEMORY_WRITE)) {
            IllegalStateException down = new IllegalStateException("the store is down");
            Supplier<String> application = () -> {
                try {
                    FmRun.cross(kind, "customer", List.of(UserMessage.from("hello")), messages -> {
                        throw down;
                    });
                    return "done";
                } catch (IllegalStateException e) {
                    return "told: " + e.getMessage();
                }
            };
            Cassette cassette = new Flights(directory.resolve(kind.word())).recorded(application);
            Supplier<String> again = () -> {
                try {
                    FmRun.cross(kind, "customer", List.of(UserMessage.from("hello")), messages -> List.of());
                    return "done";
                } catch (IllegalStateException e) {
                    return "told: " + e.getMessage();
                }
            };

            assertThat(Flights.replayed(Replay.of(cassette), again)).isEqualTo("told: the store is down");
        }
    }

    @Test
    void a_run_is_found_again_whatever_its_name() {
        for (String name : List.of("claim:7", "a/b", "mail of jane@acme.com", "100 %", "run#2")) {
            Supplier<String> application = () -> {
                try (FmRun inner = FmRun.builder(name).open()) {
                    return inner.name() + FmRun.cross(BoundaryKind.TOOL, "look", 17, number -> number);
                }
            };
            Cassette cassette =
                    new Flights(directory.resolve(Integer.toString(name.hashCode()))).recorded(name, application);
            Replay replay = Replay.of(cassette);

            assertThat(Flights.replayed(replay, application)).isEqualTo(name + "17");
            assertThat(replay.report().isIdentical()).as(name).isTrue();
            try (FmRun run = FmRun.builder(name).watch(replay).open()) {
                assertThat(run.name() + application.get()).isEqualTo(name + name + "17");
            }
            assertThat(replay.report().isIdentical()).as(name).isTrue();
        }
    }
}
