package io.fmware.provider.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.agentic.scope.AgenticScopePersister;
import dev.langchain4j.agentic.workflow.impl.WorkflowAgentsBuilderImpl;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.V;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import dev.langchain4j.store.memory.chat.InMemoryChatMemoryStore;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.observability.replay.Snapshot;
import io.fmware.observability.replay.Snapshots;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of real agents, and starts from there. */
@Timeout(60)
class SnapshotsTest {

    public interface Desk {
        @Agent
        String handle(@MemoryId String id, @V("claim") String claim);
    }

    public interface Intake {
        @Agent
        @dev.langchain4j.service.UserMessage("sort {{claim}}")
        String sort(@MemoryId String id, @V("claim") String claim);
    }

    public interface Check {
        @Agent
        @dev.langchain4j.service.UserMessage("check {{sorted}}")
        String check(@MemoryId String id, @V("sorted") String sorted);
    }

    public interface Letter {
        @Agent
        @dev.langchain4j.service.UserMessage("write on {{checked}}")
        String write(@MemoryId String id, @V("checked") String checked);
    }

    public interface Draft {
        @Agent
        @dev.langchain4j.service.UserMessage("improve {{draft}}")
        String improve(@V("draft") String draft);
    }

    private final Snapshots snapshots = Snapshots.before("letter", "draft", "left", "right");
    private final FmPipeline pipeline = FmPipeline.builder().watch(snapshots).build();
    private ScriptedChatModel model = ScriptedChatModel.replying("unused");

    @BeforeEach
    void watchWorkflows() {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
    }

    @AfterEach
    void close() {
        AgenticServices.setWorkflowAgentsBuilder(WorkflowAgentsBuilderImpl.INSTANCE);
        AgenticScopePersister.setStore(null);
        pipeline.close();
    }

    private Object agent(Class<?> type, String name, String key, ChatMemoryStore store) {
        return agent(pipeline, type, name, key, store);
    }

    private Object agent(FmPipeline watched, Class<?> type, String name, String key, ChatMemoryStore store) {
        return AgenticServices.agentBuilder(type)
                .name(name)
                .outputKey(key)
                .chatModel(watched.wrap(model))
                .chatMemoryProvider(Boundaries.memories(id -> MessageWindowChatMemory.builder()
                        .id(id)
                        .maxMessages(20)
                        .chatMemoryStore(store)
                        .build()))
                .build();
    }

    private Desk desk(ChatMemoryStore store, String... replies) {
        model = ScriptedChatModel.replying(replies);
        return AgenticServices.sequenceBuilder(Desk.class)
                .name("desk")
                .listener(snapshots.listener())
                .subAgents(
                        agent(Intake.class, "intake", "sorted", store),
                        agent(Check.class, "check", "checked", store),
                        agent(Letter.class, "letter", "letter", store))
                .outputKey("letter")
                .build();
    }

    private String handled(Desk desk) {
        try (FmRun run = pipeline.run("claim").open()) {
            return desk.handle("m1", "hail");
        }
    }

    @Test
    void only_the_agent_before_which_it_was_taken_is_called_with_the_state_and_the_memory_of_then(
            @TempDir Path directory) throws IOException {
        assertThat(handled(desk(new InMemoryChatMemoryStore(), "storm", "covered", "Dear all")))
                .isEqualTo("Dear all");
        List<?> asked = model.requests().get(2).messages();
        assertThat(asked).hasSize(5);
        snapshots.last().write(directory.resolve("new/letter.json"));

        Snapshot snapshot = Snapshot.read(directory.resolve("new/letter.json"));
        assertThat(snapshot.path()).isEqualTo("claim/desk#1/letter#1");
        assertThat(snapshot.agent()).isEqualTo("letter");
        assertThat(snapshot.run()).isNotEmpty();
        assertThat(snapshot.problems()).isEmpty();
        assertThat(snapshot.memories())
                .isEqualTo(Map.of(
                        "m1",
                        List.of(
                                UserMessage.from("sort hail"),
                                AiMessage.from("storm"),
                                UserMessage.from("check storm"),
                                AiMessage.from("covered"))));
        AgenticScopePersister.setStore(snapshot.scopeStore());
        assertThat(handled(desk(snapshot.memoryStore(), "Dear Anna"))).isEqualTo("Dear Anna");

        assertThat(model.requests()).hasSize(1);
        assertThat(model.requests().get(0).messages()).isEqualTo(asked);
    }

    @Test
    void an_agent_is_resumed_any_number_of_times_without_a_store_of_scopes() {
        handled(desk(new InMemoryChatMemoryStore(), "storm", "covered", "Dear all"));
        List<?> asked = model.requests().get(2).messages();
        Snapshot snapshot = snapshots.last();

        for (int i = 0; i < 2; i++) {
            assertThat(handled(snapshot.resume(desk(snapshot.memoryStore(), "Dear Anna"))))
                    .isEqualTo("Dear Anna");
            assertThat(model.requests()).hasSize(1);
            assertThat(model.requests().get(0).messages()).isEqualTo(asked);
        }
        assertThatThrownBy(() -> snapshot.resume("desk"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "desk is no agent with a scope; resume the outermost one, as a builder of AgenticServices made it");
    }

    @Test
    void a_snapshot_is_taken_written_and_gone_on_from(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("before-letter.json");
        InMemoryChatMemoryStore memoryStore = new InMemoryChatMemoryStore();
        model = ScriptedChatModel.replying("words", "Dear all");
        // docs:start snapshots-take
        Snapshots before = Snapshots.before("letter");
        FmPipeline watched = FmPipeline.builder().watch(before).build();
        Desk desk = AgenticServices.sequenceBuilder(Desk.class)
                .name("desk")
                .listener(before.listener())
                .subAgents(intake(watched, memoryStore), letter(watched, memoryStore))
                .build();
        try (FmRun run = watched.run("claim").open()) {
            desk.handle("m1", "My car was hit.");
        }
        before.last().write(file);
        // docs:end snapshots-take
        model = ScriptedChatModel.replying("Dear Anna");
        // docs:start snapshots-resume
        Snapshot snapshot = Snapshot.read(file);
        ChatMemoryStore memories = snapshot.memoryStore();
        Desk again = AgenticServices.sequenceBuilder(Desk.class)
                .name("desk")
                .subAgents(intake(watched, memories), letter(watched, memories))
                .build();
        snapshot.resume(again).handle("m1", "My car was hit.");
        // docs:end snapshots-resume
        assertThat(model.requests()).hasSize(1);
        watched.close();
    }

    private Object intake(FmPipeline watched, ChatMemoryStore store) {
        return agent(watched, Intake.class, "intake", "checked", store);
    }

    private Object letter(FmPipeline watched, ChatMemoryStore store) {
        return agent(watched, Letter.class, "letter", "letter", store);
    }

    @Test
    void a_scope_is_a_new_one_each_time() {
        handled(desk(new InMemoryChatMemoryStore(), "storm", "covered", "Dear all"));
        AgenticScope scope = snapshots.last().scope();
        scope.writeState("checked", "refused");

        assertThat(scope.readState("sorted")).isEqualTo("storm");
        assertThat(snapshots.last().scope().readState("checked")).isEqualTo("covered");
        assertThat(snapshots.last().scope().hasState("letter")).isFalse();
    }

    @Test
    void a_loop_goes_on_in_the_round_in_which_it_was() {
        Snapshot third = improved("a", "b", "c", "d");
        assertThat(snapshots.taken()).extracting(Snapshot::path).contains("claim/desk#1/draft#3");
        assertThat(third.scope().readState("draft")).isEqualTo("b");

        UntypedAgent loop = loop("c2", "d2");
        try (FmRun run = pipeline.run("claim").open()) {
            assertThat(third.resume(loop).invoke(Map.of())).isEqualTo("d2");
        }
        assertThat(model.requests())
                .extracting(request -> ((UserMessage) request.messages().get(0)).singleText())
                .containsExactly("improve b", "improve c2");
    }

    private Snapshot improved(String... replies) {
        try (FmRun run = pipeline.run("claim").open()) {
            loop(replies).invoke(Map.of("draft", "start"));
        }
        return snapshots.taken().get(2);
    }

    private UntypedAgent loop(String... replies) {
        model = ScriptedChatModel.replying(replies);
        return AgenticServices.loopBuilder()
                .name("desk")
                .listener(snapshots.listener())
                .subAgents(AgenticServices.agentBuilder(Draft.class)
                        .name("draft")
                        .outputKey("draft")
                        .chatModel(pipeline.wrap(model))
                        .build())
                .maxIterations(4)
                .outputKey("draft")
                .build();
    }

    private UntypedAgent parallel() {
        model = ScriptedChatModel.of(Script.always(Reply.text("words")));
        return AgenticServices.parallelBuilder()
                .name("both")
                .listener(snapshots.listener())
                .subAgents(side("left"), side("right"))
                .output(scope -> scope.readState("left") + " " + scope.readState("right"))
                .build();
    }

    private Object side(String name) {
        return AgenticServices.agentBuilder(Draft.class)
                .name(name)
                .outputKey(name)
                .chatModel(pipeline.wrap(model))
                .build();
    }

    @Test
    void agents_in_parallel_have_their_paths_and_are_all_called_again() {
        try (FmRun run = pipeline.run("claim").open()) {
            parallel().invoke(Map.of("draft", "start"));
        }
        assertThat(snapshots.taken())
                .extracting(Snapshot::path)
                .containsExactlyInAnyOrder("claim/both#1/left#1", "claim/both#1/right#1");

        Snapshot snapshot = snapshots.last();
        UntypedAgent again = parallel();
        try (FmRun run = pipeline.run("claim").open()) {
            assertThat(snapshot.resume(again).invoke(Map.of())).isEqualTo("words words");
        }
        assertThat(model.requests()).hasSize(2);
    }

    private Snapshot with(String key, Object value) {
        model = ScriptedChatModel.replying("words");
        UntypedAgent agent = AgenticServices.sequenceBuilder()
                .name("desk")
                .listener(snapshots.listener())
                .beforeCall(scope -> scope.writeState(key, value))
                .subAgents(side("left"))
                .outputKey("left")
                .build();
        agent.invoke(Map.of("draft", "start"));
        return snapshots.last();
    }

    @Test
    void what_cannot_be_kept_is_said() {
        Snapshot future = with("later", new CompletableFuture<>());
        assertThat(future.problems())
                .containsExactly(
                        "state later is not in it: a java.util.concurrent.CompletableFuture, and what is still to come,"
                                + " streams and proxies cannot be kept");
        assertThat(future.scope().readState("draft")).isEqualTo("start");
        assertThat(future.path()).as("outside of any run").isEqualTo("left");

        Snapshot none = with("door", new Object());
        assertThat(none.problems()).hasSize(1);
        assertThat(none.problems().get(0))
                .startsWith(
                        "the scope cannot be kept, since this state cannot be written as JSON and read again: door, a"
                                + " java.lang.Object: ");
        assertThatThrownBy(none::scope)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the snapshot before left has no state: "
                        + none.problems().get(0));
    }

    @Test
    void values_are_as_they_were_and_secrets_are_marks_in_a_file(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("left.json");
        with("sum", Map.of("amount", new BigDecimal("12345678901234567890.10"), "to", "anna@example.com\nor Bob"))
                .write(file);

        Map<?, ?> sum = (Map<?, ?>) Snapshot.read(file).scope().readState("sum");
        assertThat(sum.get("amount")).isEqualTo(new BigDecimal("12345678901234567890.10"));
        assertThat((String) sum.get("to")).matches("\\[email:[0-9a-f]{8}]\nor Bob");
        assertThat(Files.readString(file))
                .doesNotContain("anna@example.com")
                .contains("\"format\": \"fmware-snapshot 1\"");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void what_is_wrong_with_a_file_is_said(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bad.json");
        Files.write(file, new byte[] {'"', (byte) 0xff, '"'});
        assertThatThrownBy(() -> Snapshot.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " is no snapshot, or was damaged: it is not UTF-8");
        Files.writeString(file, "{\"format\": \"fmware-snap");
        assertThatThrownBy(() -> Snapshot.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " is no snapshot, or was damaged: ");
        Files.writeString(file, "{\"format\": \"fmware-cassette 1\"}");
        assertThatThrownBy(() -> Snapshot.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file
                        + " cannot be read as a snapshot: its \"format\" is 'fmware-cassette 1', and this version of FMware"
                        + " reads 'fmware-snapshot 1'");
        Files.writeString(file, "{\"format\": \"fmware-snapshot 1\", \"run\": \"r\"}");
        assertThatThrownBy(() -> Snapshot.read(file))
                .hasMessage(file
                        + " cannot be read as a snapshot: something in it has no \"path\", or one that is no text");
    }

    @Test
    void memories_of_one_id_are_told_apart_by_their_agents() {
        model = ScriptedChatModel.replying("storm", "covered", "Dear all");
        Desk desk = AgenticServices.sequenceBuilder(Desk.class)
                .name("desk")
                .listener(snapshots.listener())
                .subAgents(
                        agent(Intake.class, "intake", "sorted", new InMemoryChatMemoryStore()),
                        agent(Check.class, "check", "checked", new InMemoryChatMemoryStore()),
                        agent(Letter.class, "letter", "letter", new InMemoryChatMemoryStore()))
                .build();
        handled(desk);
        Snapshot snapshot = snapshots.last();

        assertThat(snapshot.memories("check"))
                .isEqualTo(Map.of("m1", List.of(UserMessage.from("check storm"), AiMessage.from("covered"))));
        assertThat(snapshot.memoryStore("intake").getMessages("m1")).hasSize(2);
        assertThat(snapshot.memoryStore("letter").getMessages("m1")).isEmpty();
        assertThatThrownBy(snapshot::memoryStore)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the memories m1 of agents intake and check have other messages; say whose are meant, as in"
                        + " memories(\"check\")");
    }

    @Test
    void no_more_than_a_hundred_are_kept_and_none_is_said() {
        assertThatThrownBy(snapshots::last)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "no snapshot was taken: none of the agents was called, or listener() was not given to the builder of the"
                                + " outermost one");
        for (int i = 0; i < Snapshots.MOST + 1; i++) {
            with("round", i);
        }
        assertThat(snapshots.taken()).hasSize(Snapshots.MOST);
        assertThat(snapshots.taken().get(0).scope().readState("round")).isEqualTo(1);
        assertThatThrownBy(Snapshots::before)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name the agents before which a snapshot is taken, or use beforeEachAgent()");
    }

    @Test
    void where_there_are_no_agents_it_is_said_what_to_add() throws Exception {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<URL> urls = new ArrayList<>();
        for (String each : path.split(File.pathSeparator, -1)) {
            if (!each.contains("langchain4j-agentic")) {
                urls.add(Path.of(each).toUri().toURL());
            }
        }
        try (URLClassLoader without =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = without.loadClass(Snapshots.class.getName());
            MethodHandle before = MethodHandles.publicLookup()
                    .findStatic(type, "before", MethodType.methodType(type, String[].class));

            assertThatThrownBy(() -> before.invokeWithArguments("letter"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("snapshots are of langchain4j's agents, which are not on the class path; add"
                            + " dev.langchain4j:langchain4j-agentic");
        }
    }
}
