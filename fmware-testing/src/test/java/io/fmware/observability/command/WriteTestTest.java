package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.RunScope;
import io.fmware.event.FmEvent;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.cassette.Tried;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the command makes of recorded runs are compiled and run. */
public class WriteTestTest extends CommandTest {
    private static final String HOSTILE =
            "My \"car\" */ was hit.\nIt cost \\u0022 900 \u20ac; \u202e write to ann@acme.com \\";
    private static volatile ChatModel model = ScriptedChatModel.of(Script.of());

    /** An application; public, since the tests that are made are in other packages. */
    public static final class Desk {
        private final FmPipeline pipeline;
        private final ChatModel wrapped;

        public Desk() {
            this(FmPipeline.builder().build());
        }

        Desk(FmPipeline pipeline) {
            this.pipeline = pipeline;
            this.wrapped = pipeline.wrap(model);
        }

        /** Opens a run of its own, and hands its letter to an agent. */
        public String decide(String letter) {
            try (FmRun run = pipeline.run("claim").user("u17").open()) {
                try {
                    FmRun.note(at -> new FmEvent.Asked(at, letter));
                    Map<String, Object> inputs = new LinkedHashMap<>();
                    inputs.put("letter", letter);
                    inputs.put("most", 1500);
                    inputs.put("day", LocalDate.of(2026, 1, 2));
                    inputs.put("kind", Kind.CAR);
                    inputs.put("parts", List.of(new Part("door", 2.5)));
                    inputs.put("class", new Odd());
                    RunScope place =
                            Objects.requireNonNull(FmRun.currentScope()).reserve(BoundaryKind.AGENT, "intake");
                    return place.cross(
                            BoundaryKind.AGENT, "intake", inputs, given -> wrapped.chat("Decide:\n" + letter));
                } catch (RuntimeException e) {
                    run.failed(e);
                    throw e;
                }
            }
        }

        /** Wraps what goes wrong twice. */
        public String decideOrWrap(String letter) {
            try (FmRun run = pipeline.run("claim").open()) {
                FmRun.note(at -> new FmEvent.Asked(at, letter));
                try {
                    return wrapped.chat("Decide: " + letter);
                } catch (RuntimeException e) {
                    RuntimeException told = new IllegalArgumentException(
                            "the desk is closed", new IllegalStateException("agent failed", e));
                    run.failed(told);
                    throw told;
                }
            }
        }

        /** Opens none. */
        public String ask(String question) {
            return wrapped.chat(question);
        }
    }

    /** Has no literal. */
    static final class Odd {
        @Override
        public String toString() {
            return "odd";
        }
    }

    public enum Kind {
        CAR
    }

    public record Part(String name, double price) {}

    private int make(String run, String... options) {
        String[] all = new String[options.length + 5];
        all[0] = "test";
        all[1] = flights;
        all[2] = run;
        all[3] = "--out";
        all[4] = directory.resolve("tests").toString();
        System.arraycopy(options, 0, all, 5, options.length);
        return rig.run(all);
    }

    private String onlyRun() {
        rig.run("list", flights, "--full");
        return rig.out().lines().skip(1).findFirst().orElseThrow().substring(21, 57);
    }

    private Tried tried(String className) throws Exception {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        try (URLClassLoader loader = Compiled.of(source(className), classes)) {
            return Tried.run(
                    directory.resolve("tests/cassettes"),
                    "replay",
                    Map.of(),
                    Map.of(),
                    selectClass(loader.loadClass(className)));
        }
    }

    private Path source(String className) {
        return directory.resolve("tests/java/" + className.replace('.', '/') + ".java");
    }

    @Test
    void a_run_that_failed_becomes_a_test_that_fails_until_it_is_put_right() throws Exception {
        model = ScriptedChatModel.of(Script.of(Reply.error(new IllegalStateException("no */ cover\nfor \\u002a/ it"))));
        try {
            new Desk(rig.pipeline).decide(HOSTILE);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageStartingWith("no");
        }
        String call = "new " + Desk.class.getCanonicalName() + "().decide(letter)";

        assertThat(make(onlyRun(), "--class", "com.acme.DeskTest", "--method", "decides", "--call", call))
                .as(rig.err())
                .isZero();

        assertThat(rig.out().replace(directory + "/", "")).isEqualTo("""
                cassette  tests/cassettes/com/acme/DeskTest/decides.json, 3 steps
                test      tests/java/com/acme/DeskTest.java
                run it    mvn test -Dtest=DeskTest#decides
                """);
        assertThat(Files.readString(source("com.acme.DeskTest"))
                        .replaceFirst("the id [0-9a-f-]+", "the id 5b2f6c0e")
                        .replaceAll("\\[email:[0-9a-f]+\\]", "[email:1f2e3d4c]")
                        .replace(WriteTestTest.class.getName(), "Acme"))
                .isEqualTo("""
                package com.acme;

                import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

                import io.fmware.testing.cassette.Recorded;
                import org.junit.jupiter.api.Test;

                class DeskTest {

                    /** Run claim with the id 5b2f6c0e, recorded at 2026-01-01T00:00:00.000000000Z. It failed with \
                java.lang.IllegalStateException: no * / cover\\\\nfor \\\\u002a/ it */
                    @Recorded
                    @Test
                    @SuppressWarnings({"unused", "StringConcatToTextBlock"}) // values that your call may need
                    void decides() throws Exception {
                        // attribute user
                        var user = "u17";
                        // what was asked
                        var question = "My \\"car\\" */ was hit.\\n"
                                + "It cost \\\\u0022 900 \\u20ac; \\u202e write to [email:1f2e3d4c] \\\\";
                        // input letter of agent intake
                        var letter = "My \\"car\\" */ was hit.\\n"
                                + "It cost \\\\u0022 900 \\u20ac; \\u202e write to [email:1f2e3d4c] \\\\";
                        // input most of agent intake
                        var most = 1500;
                        // input day of agent intake
                        var day = java.time.LocalDate.parse("2026-01-02");
                        // input kind of agent intake
                        var kind = Acme.Kind.CAR;
                        // input parts of agent intake
                        var parts = java.util.List.of(new Acme.Part("door", 2.5d));
                        // input class of agent intake has no Java here (its type, or its size): make one like this, and hand \
                it to the call: {"type":"Acme$Odd","text":"odd"}
                        // the last user message of the first request
                        var firstMessage = "Decide:\\n"
                                + "My \\"car\\" */ was hit.\\n"
                                + "It cost \\\\u0022 900 \\u20ac; \\u202e write to [email:1f2e3d4c] \\\\";

                        // Here the application is called, as it was then.
                        assertDoesNotThrow(() -> {
                            new Acme.Desk().decide(letter);
                        }, "when this was recorded it failed with java.lang.IllegalStateException: no */ cover\\n"
                                + "for \\\\u002a/ it");
                    }
                }
                """);
        model = ScriptedChatModel.of(Script.of());
        assertThat(tried("com.acme.DeskTest").failure())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("when this was recorded it failed with java.lang.IllegalStateException: no");
    }

    @Test
    void the_test_of_a_failure_that_was_wrapped_names_what_went_wrong_first() throws Exception {
        model = ScriptedChatModel.of(Script.of(Reply.error(new IllegalStateException("no cover"))));
        try {
            new Desk(rig.pipeline).decideOrWrap("My car was hit.");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasRootCauseMessage("no cover");
        }
        String call = "new " + Desk.class.getCanonicalName() + "().decideOrWrap(question)";

        assertThat(make(onlyRun(), "--class", "com.acme.DeskTest", "--call", call))
                .as(rig.err())
                .isZero();

        model = ScriptedChatModel.of(Script.of());
        assertThat(tried("com.acme.DeskTest").failure())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "when this was recorded it failed with java.lang.IllegalStateException: no cover,"
                                + " in java.lang.IllegalArgumentException ==> ")
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("no cover");
    }

    @Test
    void a_run_that_went_well_is_replayed_by_its_test_at_once() throws Exception {
        model = ScriptedChatModel.replying("We pay 900 euros.");
        new Desk(rig.pipeline).decide("My car was hit.");
        String call = "new " + Desk.class.getCanonicalName() + "().decide(question)";

        assertThat(make(onlyRun(), "--class", "com.acme.DeskTest", "--call", call))
                .as(rig.err())
                .isZero();

        model = ScriptedChatModel.of(Script.of());
        Tried tried = tried("com.acme.DeskTest");
        assertThat(tried.failures()).isEmpty();
        assertThat(tried.succeeded()).isEqualTo(1);
    }

    @Test
    void a_call_outside_of_any_run_becomes_a_test_too() throws Exception {
        model = ScriptedChatModel.replying("Hello.");
        new Desk(rig.pipeline).ask("Who are you?");
        String call = "new " + Desk.class.getCanonicalName() + "().ask(firstMessage)";

        assertThat(make(onlyRun(), "--call", call)).as(rig.err()).isZero();

        model = ScriptedChatModel.of(Script.of());
        assertThat(Files.exists(source("CallReplayTest"))).isTrue();
        Tried tried = tried("CallReplayTest");
        assertThat(tried.failures()).isEmpty();
        assertThat(tried.succeeded()).isEqualTo(1);
    }

    @Test
    void without_a_call_the_test_says_where_the_application_is_to_be_called() throws Exception {
        rig.settled("claim-1", "u1");

        assertThat(make("claim-1")).isZero();
        assertThat(tried("ClaimReplayTest").failure())
                .hasMessage("call your application here with: user, firstMessage");
        assertThat(Files.readString(source("ClaimReplayTest"))).contains("void claim_1() throws Exception {");
    }

    @Test
    void nothing_that_is_there_is_replaced_unless_that_is_wanted() {
        rig.settled("claim-1", "u1");
        assertThat(make("claim-1")).isZero();
        List<String> before = Tried.files(directory.resolve("tests"));

        assertThat(make("claim-1")).isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo("flights: " + source("ClaimReplayTest")
                        + " is there already; name another --class or --method, or give --force\n");
        assertThat(make("claim-1", "--force")).isZero();
        assertThat(Tried.files(directory.resolve("tests"))).isEqualTo(before).hasSize(2);
    }

    @Test
    void a_run_without_contents_says_how_to_record_them() throws IOException {
        try (CommandRig bare = new CommandRig(directory.resolve("bare"), ContentRule.none())) {
            bare.settled("claim-1", "u1");
        }

        assertThat(rig.run("test", directory.resolve("bare").toString(), "claim-1"))
                .isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo(
                        "flights: run claim-1 cannot be replayed, since answers in it were not recorded. Record the contents"
                                + " of such runs: FlightRecorder.Builder.content(ContentRule.all()), or another rule or trigger\n");
        assertThat(rig.out())
                .contains("may replay otherwise: claim/settlement#1/tool:lookUpCover#1: the answer was not recorded");
    }

    @ParameterizedTest
    @CsvSource({
        "--class, 'com.acme.De sk', '--class must be the name of a class, such as com.acme.DeskTest, but is ''com.acme.De sk'''",
        "--method, class, '--method must be a name of Java''s, but is ''class'''",
    })
    void names_that_are_none_are_refused(String option, String value, String complaint) {
        rig.settled("claim-1", "u1");

        assertThat(make("claim-1", option, value)).isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: " + complaint + "\n");
    }

    @Test
    void a_run_that_is_not_there_is_named() {
        rig.settled("claim-1", "u1");

        assertThat(make("claim-9")).isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: there is no run whose id begins with 'claim-9'\n");
    }
}
