package io.fmware.provider.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.agent.AgentInvocationException;
import dev.langchain4j.agentic.agent.ErrorRecoveryResult;
import dev.langchain4j.agentic.declarative.ParallelAgent;
import dev.langchain4j.agentic.planner.Action;
import dev.langchain4j.agentic.planner.AgentInstance;
import dev.langchain4j.agentic.planner.InitPlanningContext;
import dev.langchain4j.agentic.planner.Planner;
import dev.langchain4j.agentic.planner.PlanningContext;
import dev.langchain4j.agentic.supervisor.SupervisorAgent;
import dev.langchain4j.agentic.workflow.HumanInTheLoop;
import dev.langchain4j.agentic.workflow.impl.SequentialPlanner;
import dev.langchain4j.agentic.workflow.impl.WorkflowAgentsBuilderImpl;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import io.fmware.AgentPlan;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.event.FmEvent;
import io.fmware.provider.Told;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents of real workflows as boundaries. */
@Timeout(60)
class AgentBoundariesTest {
    private static final String CALL = "/call:ScriptedChatModel#";
    private static final String STREAM = "/call:ScriptedStreamingChatModel#";

    public interface Writer {
        @Agent
        @UserMessage("write about {{topic}}")
        String write(@V("topic") String topic);
    }

    public interface Editor {
        @Agent
        @UserMessage("edit {{topic}}")
        String edit(@V("topic") String topic);
    }

    public interface Teller {
        @Agent
        @UserMessage("tell about {{topic}}")
        TokenStream tell(@V("topic") String topic);
    }

    public static final class Stamp {
        @Agent(name = "stamp", outputKey = "stamp")
        public String stamp(@V("topic") String topic) {
            return "stamped " + topic;
        }
    }

    static final class Dictionary {
        @Tool
        String look(String word) {
            return word + "!";
        }
    }

    private final Told told = new Told();
    private final FmPipeline pipeline = FmPipeline.builder().watch(told).build();

    @BeforeEach
    void watchWorkflows() {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
    }

    @AfterEach
    void close() {
        AgenticServices.setWorkflowAgentsBuilder(WorkflowAgentsBuilderImpl.INSTANCE);
        pipeline.close();
    }

    private ChatModel model() {
        return pipeline.wrap(ScriptedChatModel.of(Script.always(Reply.text("words"))));
    }

    private Object writer(String name) {
        return writer(name, model());
    }

    private static Object writer(String name, ChatModel model) {
        return AgenticServices.agentBuilder(Writer.class)
                .name(name)
                .outputKey(name)
                .chatModel(model)
                .build();
    }

    private Object run(UntypedAgent agent) {
        try (FmRun run = pipeline.run("job").open()) {
            return agent.invoke(Map.of("topic", "rain"));
        }
    }

    @Test
    void agents_of_a_sequence_have_their_place_and_so_have_their_calls() {
        Object result = run(AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(writer("one"), writer("two"), new Stamp())
                .outputKey("stamp")
                .build());

        assertThat(result).isEqualTo("stamped rain");
        assertThat(told.told().stream().filter(each -> !each.startsWith("attempt")))
                .containsExactly(
                        "run.started job",
                        "agent.started job/desk#1",
                        "agent.started job/desk#1/one#1",
                        "question job/desk#1/one#1",
                        "call.started job/desk#1/one#1" + CALL + 1,
                        "call.ended job/desk#1/one#1" + CALL + 1,
                        "agent.ended job/desk#1/one#1",
                        "agent.started job/desk#1/two#1",
                        "question job/desk#1/two#1",
                        "call.started job/desk#1/two#1" + CALL + 1,
                        "call.ended job/desk#1/two#1" + CALL + 1,
                        "agent.ended job/desk#1/two#1",
                        "agent.started job/desk#1/stamp#1",
                        "agent.ended job/desk#1/stamp#1",
                        "agent.ended job/desk#1",
                        "run.ended job");
        assertThat(told.events(FmEvent.AgentStarted.class).get(0).inputs()).isEqualTo(Map.of("topic", "rain"));
        assertThat(told.events(FmEvent.AgentEnded.class).get(0).output()).isEqualTo("words");
    }

    @Test
    void parallel_agents_have_their_place_on_whatever_thread_and_a_fork_and_a_join() {
        run(AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(writer("one"), writer("two"), writer("one"))
                .build());

        assertThat(told.boundaries().subList(0, 3)).containsExactly("job", "job/all#1", "job/all#1/fork:all#1");
        assertThat(told.boundaries().subList(3, 6))
                .containsExactlyInAnyOrder("job/all#1/one#1", "job/all#1/two#1", "job/all#1/one#2");
        assertThat(told.boundaries().subList(6, 7)).containsExactly("job/all#1/join:all#1");
        assertThat(told.calls())
                .containsExactlyInAnyOrder(
                        "job/all#1/one#1" + CALL + 1, "job/all#1/two#1" + CALL + 1, "job/all#1/one#2" + CALL + 1);
        FmEvent.Crossed join = (FmEvent.Crossed) told.events().stream()
                .filter(each -> each instanceof FmEvent.Crossed crossed
                        && crossed.boundary().equals("join"))
                .findFirst()
                .orElseThrow();
        assertThat(join.output())
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder("one", "two", "one");
    }

    @Test
    void loops_count_their_agents() {
        run(AgenticServices.loopBuilder()
                .name("again")
                .maxIterations(2)
                .subAgents(writer("one"), writer("two"))
                .build());

        assertThat(told.boundaries())
                .containsExactly(
                        "job",
                        "job/again#1",
                        "job/again#1/one#1",
                        "job/again#1/two#1",
                        "job/again#1/one#2",
                        "job/again#1/two#2");
    }

    @Test
    void conditions_tell_what_they_decide() {
        run(AgenticServices.conditionalBuilder()
                .name("choose")
                .subAgents(scope -> false, writer("one"))
                .subAgents(scope -> true, writer("two"))
                .build());

        assertThat(told.boundaries())
                .containsExactly("job", "job/choose#1", "job/choose#1/plan:choose#1", "job/choose#1/two#1");
        assertThat(told.events(FmEvent.Decided.class))
                .extracting(d -> d.origin().path() + " " + d.question() + " " + d.options() + " " + d.choice())
                .containsExactly("job/choose#1 which agent is next in choose [one, two] two");
    }

    @Test
    void nested_workflows_nest() {
        run(AgenticServices.sequenceBuilder()
                .name("outer")
                .subAgents(
                        AgenticServices.parallelBuilder()
                                .name("both")
                                .subAgents(
                                        writer("one"),
                                        AgenticServices.loopBuilder()
                                                .name("again")
                                                .maxIterations(2)
                                                .subAgents(writer("two"))
                                                .build())
                                .build(),
                        writer("three"))
                .build());

        assertThat(told.calls())
                .containsExactlyInAnyOrder(
                        "job/outer#1/both#1/one#1" + CALL + 1,
                        "job/outer#1/both#1/again#1/two#1" + CALL + 1,
                        "job/outer#1/both#1/again#1/two#2" + CALL + 1,
                        "job/outer#1/three#1" + CALL + 1);
        assertThat(told.calls().get(3)).isEqualTo("job/outer#1/three#1" + CALL + 1);
    }

    @Test
    void a_mapper_numbers_its_agents_by_their_items() {
        UntypedAgent mapper = AgenticServices.parallelMapperBuilder()
                .name("each")
                .itemsProvider("topics")
                .subAgents(writer("one"))
                .build();
        try (FmRun run = pipeline.run("job").open()) {
            mapper.invoke(Map.of("topics", List.of("rain", "snow")));
        }

        assertThat(told.calls())
                .containsExactlyInAnyOrder("job/each#1/one_0#1" + CALL + 1, "job/each#1/one_1#1" + CALL + 1);
    }

    public interface Both {
        @ParallelAgent(
                name = "both",
                subAgents = {Writer.class, Editor.class})
        void both(@V("topic") String topic);
    }

    @Test
    void declarative_workflows_are_seen_too() {
        Both both = AgenticServices.createAgenticSystem(Both.class, model());
        try (FmRun run = pipeline.run("job").open()) {
            both.both("rain");
        }

        assertThat(told.boundaries())
                .contains("job/both#1", "job/both#1/write#1", "job/both#1/edit#1", "job/both#1/join:both#1");
        assertThat(told.calls())
                .containsExactlyInAnyOrder("job/both#1/write#1" + CALL + 1, "job/both#1/edit#1" + CALL + 1);
    }

    @Test
    void a_supervisor_tells_what_it_decides_and_has_its_own_calls() {
        ChatModel planner = pipeline.wrap(ScriptedChatModel.replying(
                "{\"agentName\":\"one\",\"arguments\":{\"topic\":\"rain\"}}",
                "{\"agentName\":\"done\",\"arguments\":{\"response\":\"ok\"}}"));
        SupervisorAgent supervisor = Agents.supervisorBuilder()
                .name("boss")
                .chatModel(planner)
                .subAgents(writer("one"), writer("two"))
                .build();
        Object result;
        try (FmRun run = pipeline.run("job").open()) {
            result = supervisor.invoke("something on rain");
        }

        assertThat(result).isEqualTo("words");
        assertThat(told.crossed().stream().filter(path -> !path.contains("/attempt:")))
                .containsExactly(
                        "job",
                        "job/boss#1",
                        "job/boss#1/plan:boss#1",
                        "job/boss#1/plan:boss#1" + CALL + 1,
                        "job/boss#1/one#1",
                        "job/boss#1/one#1" + CALL + 1,
                        "job/boss#1/plan:boss#2",
                        "job/boss#1/plan:boss#2" + CALL + 1);
        assertThat(told.events(FmEvent.Decided.class))
                .extracting(d -> d.options() + " " + d.choice())
                .containsExactly("[one, two] one", "[one, two] done");
        assertThat(told.events(FmEvent.Planned.class))
                .extracting(FmEvent.Planned::steps)
                .containsExactly(List.of("one"), List.of());
    }

    /** Asks all its agents at once, waits for all of them, then is done. */
    private static class AllAtOnce implements Planner {
        private List<AgentInstance> agents = List.of();
        private int left;

        @Override
        public void init(InitPlanningContext context) {
            agents = context.subagents();
            left = agents.size();
        }

        @Override
        public Action firstAction(PlanningContext context) {
            return call(agents);
        }

        @Override
        public @Nullable Action nextAction(PlanningContext context) {
            return --left == 0 ? done("all done") : waiting();
        }

        @Nullable
        Action waiting() {
            return noOp();
        }
    }

    private static UntypedAgent planned(Object... agents) {
        return Agents.plannerBuilder()
                .name("own")
                .planner(AllAtOnce::new)
                .subAgents(agents)
                .build();
    }

    @Test
    void a_planner_of_the_applications_own_tells_what_it_decides() {
        assertThat(run(planned(writer("one"), writer("two")))).isEqualTo("all done");

        assertThat(told.boundaries())
                .contains("job/own#1", "job/own#1/plan:own#1", "job/own#1/fork:own#1", "job/own#1/join:own#1")
                .contains("job/own#1/one#1", "job/own#1/two#1", "job/own#1/plan:own#3");
        assertThat(told.events(FmEvent.Decided.class))
                .extracting(d -> d.options() + " " + d.choice())
                .containsExactly("[one, two] one, two", "[one, two] done");
    }

    @Test
    void a_plan_can_be_replaced() {
        told.replacing(
                BoundaryKind.PLAN,
                boundary -> boundary.path().ordinal() == 1 ? AgentPlan.call(List.of("two")) : AgentPlan.finished());

        assertThat(run(planned(writer("one"), writer("two")))).isNull();

        assertThat(told.calls()).containsExactly("job/own#1/two#1" + CALL + 1);
        assertThat(told.events(FmEvent.Decided.class))
                .extracting(FmEvent.Decided::choice)
                .containsExactly("two", "done");
    }

    @Test
    void a_plan_that_waits_can_be_replaced_by_one_that_waits_and_by_no_other_agents_than_those_there_are() {
        told.replacing(BoundaryKind.PLAN, boundary -> AgentPlan.call(List.of("three")));

        assertThatThrownBy(() -> run(planned(writer("one"), writer("two"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the plan of own was replaced by one that calls three, which is none of its agents [one,"
                        + " two]");
    }

    /** Two agents of one name. */
    public static final class FirstWorker {
        @Agent(name = "worker", outputKey = "first")
        public String work(@V("topic") String topic) {
            return "first " + topic;
        }
    }

    public static final class SecondWorker {
        @Agent(name = "worker", outputKey = "second")
        public String work(@V("topic") String topic) {
            return "second " + topic;
        }
    }

    @Test
    void a_plan_that_is_replayed_calls_the_agents_that_it_called_and_gives_the_same_result() {
        List<AgentPlan> plans = new ArrayList<>();
        BoundaryInterceptor recorder = new BoundaryInterceptor() {
            @Override
            public @Nullable Object intercept(Boundary boundary, Crossing next) {
                Object output = next.proceed(boundary.input());
                if (boundary.kind() == BoundaryKind.PLAN) {
                    plans.add((AgentPlan) Objects.requireNonNull(output));
                }
                return output;
            }
        };
        try (FmRun run = FmRun.builder("job").watch(recorder).open()) {
            assertThat(planned(new FirstWorker(), new SecondWorker()).invoke(Map.of("topic", "rain")))
                    .isEqualTo("all done");
        }
        assertThat(plans)
                .containsExactly(
                        AgentPlan.call(List.of("worker", "worker")),
                        AgentPlan.waiting(),
                        AgentPlan.finished("all done"));

        Iterator<AgentPlan> recorded = plans.iterator();
        told.replacing(BoundaryKind.PLAN, boundary -> recorded.next());
        assertThat(run(planned(new FirstWorker(), new SecondWorker()))).isEqualTo("all done");
        assertThat(told.events(FmEvent.AgentEnded.class))
                .extracting(FmEvent.AgentEnded::output)
                .contains("first rain", "second rain");
    }

    @Test
    void a_plan_that_is_replaced_by_something_else_is_refused() {
        told.replacing(BoundaryKind.PLAN, boundary -> List.of("one"));

        assertThatThrownBy(() -> run(planned(writer("one"), writer("two"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "the plan of own was replaced by a .*List.*, where an io.fmware.AgentPlan is wanted");
    }

    /** Says nothing while others are at work, as langchain4j allows. */
    private static final class Silent extends AllAtOnce {
        @Override
        @Nullable
        Action waiting() {
            return null;
        }
    }

    @Test
    void a_planner_may_say_nothing_while_others_are_at_work() {
        UntypedAgent own = Agents.plannerBuilder()
                .name("own")
                .planner(Silent::new)
                .subAgents(new FirstWorker(), new Stamp())
                .build();

        assertThat(run(own)).isEqualTo("all done");
    }

    /** Made of one of langchain4j's, and with a will of its own. */
    private static final class StopsAtOnce extends SequentialPlanner {
        @Override
        public Action nextAction(PlanningContext context) {
            return done();
        }
    }

    @Test
    void a_planner_of_the_applications_own_is_told_though_it_is_made_of_one_of_langchain4js() {
        run(Agents.plannerBuilder()
                .name("own")
                .planner(StopsAtOnce::new)
                .subAgents(new FirstWorker(), new Stamp())
                .build());

        assertThat(told.boundaries()).containsExactly("job", "job/own#1", "job/own#1/plan:own#1");
    }

    public interface Typed {
        @Agent(name = "typed", outputKey = "stamp")
        String go(@V("topic") Map<String, Object> topic);
    }

    public static final class Counter {
        @Agent(name = "counter", outputKey = "stamp")
        public String count(@V("topic") Map<String, Object> topic) {
            return "counted " + topic;
        }
    }

    @Test
    void the_arguments_of_a_typed_agent_are_by_name_though_there_is_but_one_map() {
        Typed typed = AgenticServices.sequenceBuilder(Typed.class)
                .subAgents(new Counter())
                .build();
        try (FmRun run = pipeline.run("job").open()) {
            assertThat(typed.go(Map.of("k", "v"))).isEqualTo("counted {k=v}");
        }

        assertThat(told.events(FmEvent.AgentStarted.class).get(0).inputs())
                .isEqualTo(Map.of("topic", Map.of("k", "v")));
    }

    /** Hands something else to an agent. */
    private record Handing(String agent, Object input) implements BoundaryInterceptor {
        @Override
        public @Nullable Object intercept(Boundary boundary, Crossing next) {
            return next.proceed(boundary.name().equals(agent) ? input : boundary.input());
        }
    }

    private static @Nullable Object runHanding(String agent, Object input, UntypedAgent root) {
        try (FmRun run = FmRun.builder("job").watch(new Handing(agent, input)).open()) {
            return root.invoke(Map.of("topic", "rain"));
        }
    }

    private static UntypedAgent stamping() {
        UntypedAgent inner = AgenticServices.sequenceBuilder()
                .name("inner")
                .subAgents(new Stamp())
                .outputKey("stamp")
                .build();
        return AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(inner)
                .outputKey("stamp")
                .build();
    }

    @Test
    void an_agent_gets_the_arguments_that_an_interceptor_hands_on() {
        for (String agent : List.of("stamp", "inner", "desk")) {
            assertThat(runHanding(agent, Map.of("topic", "sun"), stamping()))
                    .as(agent)
                    .isEqualTo("stamped sun");
        }
        Typed typed = AgenticServices.sequenceBuilder(Typed.class)
                .subAgents(new Counter())
                .build();
        try (FmRun run = FmRun.builder("job")
                .watch(new Handing("typed", Map.of("topic", Map.of("a", "b"))))
                .open()) {
            assertThat(typed.go(Map.of("k", "v"))).isEqualTo("counted {a=b}");
        }
    }

    @Test
    void arguments_that_an_agent_does_not_take_are_refused() {
        assertThatThrownBy(() -> runHanding("stamp", Map.of("weather", "sun"), stamping()))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage(
                        "the input of agent stamp was replaced by arguments named [weather], but it takes [topic]");
        assertThatThrownBy(() -> runHanding("desk", "sun", stamping()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the input of agent desk was replaced by a java.lang.String; a Map of its arguments by name"
                        + " is wanted");
    }

    @Test
    void an_agent_that_was_built_in_a_run_serves_the_runs_in_which_it_is_called() {
        UntypedAgent own;
        try (FmRun run = FmRun.builder("building").open()) {
            own = planned(new Stamp());
        }

        assertThat(run(own)).isEqualTo("all done");
        assertThat(told.boundaries()).contains("job/own#1/plan:own#1", "job/own#1/stamp#1");
        assertThat(own.invoke(Map.of("topic", "rain"))).isEqualTo("all done");
    }

    public interface Described {
        @Agent(name = "clerk", description = "Writes letters")
        @UserMessage("write about {{topic}}")
        String write(@V("topic") String topic);
    }

    @Test
    void an_agent_tells_what_it_is_for() {
        run(AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(AgenticServices.agentBuilder(Described.class)
                        .chatModel(model())
                        .build())
                .build());

        assertThat(told.events(FmEvent.AgentStarted.class))
                .extracting(each -> each.agent() + ": " + each.description())
                .containsExactly("desk: null", "clerk: Writes letters");
    }

    @Test
    void an_asynchronous_agent_has_its_place() {
        Object slow = AgenticServices.agentBuilder(Writer.class)
                .name("slow")
                .outputKey("slow")
                .async(true)
                .chatModel(model())
                .build();
        Object result = run(AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(slow, writer("one"))
                .output(scope -> scope.readState("slow", ""))
                .build());

        assertThat(result).isEqualTo("words");
        assertThat(told.calls())
                .containsExactlyInAnyOrder("job/desk#1/slow#1" + CALL + 1, "job/desk#1/one#1" + CALL + 1);
    }

    private Object teller(String name) {
        StreamingChatModel streaming = pipeline.wrap(ScriptedStreamingChatModel.builder()
                .script(Script.of(Reply.toolCall("look", "{\"arg0\":\"a\",\"word\":\"a\"}"), Reply.text("told")))
                .ownThread()
                .build());
        return AgenticServices.agentBuilder(Teller.class)
                .name(name)
                .outputKey(name)
                .streamingChatModel(streaming)
                .toolProvider(Boundaries.toolProvider(new Dictionary()))
                .build();
    }

    @Test
    void the_calls_and_tools_of_a_streaming_agent_are_its_own_though_it_has_returned() {
        Object result = run(AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(teller("tell"), writer("one"))
                .output(scope -> scope.readState("tell", ""))
                .build());

        assertThat(result).isEqualTo("told");
        assertThat(told.calls())
                .containsExactlyInAnyOrder(
                        "job/desk#1/tell#1" + STREAM + 1,
                        "job/desk#1/tell#1" + STREAM + 2,
                        "job/desk#1/one#1" + CALL + 1);
        assertThat(told.boundaries()).contains("job/desk#1/tell#1/tool:look#1");
    }

    @Test
    void a_stream_that_is_handed_to_the_application_has_the_place_of_its_agent() throws Exception {
        UntypedAgent agent = AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(writer("one"), teller("tell"))
                .outputKey("tell")
                .build();
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (FmRun run = pipeline.run("job").open()) {
            Object result = agent.invoke(Map.of("topic", "rain"));
            if (result instanceof TokenStream stream) {
                stream.onPartialResponse(piece -> {})
                        .onCompleteResponse(r -> answer.complete(r.aiMessage().text()))
                        .onError(answer::completeExceptionally)
                        .start();
            } else {
                answer.complete(String.valueOf(result));
            }
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("told");
        }

        assertThat(told.calls()).contains("job/desk#1/tell#1" + STREAM + 1, "job/desk#1/tell#1" + STREAM + 2);
    }

    @Test
    void tools_and_memories_of_an_agent_are_at_its_place() {
        ChatModel model = pipeline.wrap(ScriptedChatModel.of(
                Reply.builder()
                        .toolCall("look", "{\"arg0\":\"a\",\"word\":\"a\"}")
                        .toolCall("look", "{\"arg0\":\"b\",\"word\":\"b\"}")
                        .build(),
                Reply.text("words")));
        Object agent = AgenticServices.agentBuilder(Writer.class)
                .name("one")
                .outputKey("one")
                .chatModel(model)
                .toolProvider(Boundaries.toolProvider(new Dictionary()))
                .executeToolsConcurrently()
                .chatMemory(Boundaries.memory(MessageWindowChatMemory.builder()
                        .id("notes")
                        .maxMessages(10)
                        .build()))
                .build();
        run(AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(agent, writer("two"))
                .build());

        assertThat(told.boundaries())
                .contains(
                        "job/all#1/one#1/tool:look#1",
                        "job/all#1/one#1/tool:look#2",
                        "job/all#1/one#1/memory-read:notes#1",
                        "job/all#1/one#1/memory-write:notes#1");
    }

    @Test
    void the_result_of_any_agent_can_be_replaced() {
        List<String> asked = new ArrayList<>();
        HumanInTheLoop human = AgenticServices.humanInTheLoopBuilder()
                .outputKey("answer")
                .responseProvider(() -> {
                    asked.add("human");
                    return "yes";
                })
                .build();
        UntypedAgent desk = AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(human, new Stamp())
                .outputKey("answer")
                .build();
        try (FmRun run =
                FmRun.builder("job").watch(new Replacing("askUser", "no")).open()) {
            assertThat(desk.invoke(Map.of("topic", "rain"))).isEqualTo("no");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void a_replaced_agent_hands_its_result_to_the_next_one() {
        UntypedAgent desk = AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(writer("topic"), new Stamp())
                .outputKey("stamp")
                .build();
        try (FmRun run =
                FmRun.builder("job").watch(new Replacing("topic", "snow")).open()) {
            assertThat(desk.invoke(Map.of("topic", "rain"))).isEqualTo("stamped snow");
        }
    }

    private record Replacing(String agent, Object result) implements BoundaryInterceptor {
        @Override
        public Object intercept(Boundary boundary, Crossing next) {
            return boundary.kind() == BoundaryKind.AGENT && boundary.name().equals(agent)
                    ? result
                    : next.proceed(boundary.input());
        }
    }

    @Test
    void an_agent_that_is_asked_again_gets_another_number() {
        ChatModel flaky = pipeline.wrap(
                ScriptedChatModel.of(Reply.error(new IllegalStateException("down")), Reply.text("words")));
        run(AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(writer("one", flaky), writer("two"))
                .errorHandler(context -> ErrorRecoveryResult.retry())
                .build());

        assertThat(told.boundaries())
                .containsExactly("job", "job/desk#1", "job/desk#1/one#1", "job/desk#1/one#2", "job/desk#1/two#1");
        assertThat(told.events(FmEvent.AgentEnded.class).get(0).failure().message())
                .startsWith("Failed to invoke agent method");
    }

    @Test
    void a_failure_ends_every_agent_around_it() {
        ChatModel broken = pipeline.wrap(ScriptedChatModel.of(Reply.error(new IllegalStateException("down"))));
        assertThatThrownBy(() -> run(AgenticServices.sequenceBuilder()
                        .name("desk")
                        .subAgents(AgenticServices.sequenceBuilder()
                                .name("inner")
                                .subAgents(writer("one", broken))
                                .build())
                        .build()))
                .isInstanceOf(AgentInvocationException.class);

        assertThat(told.events(FmEvent.AgentEnded.class))
                .extracting(ended -> ended.origin().path() + " " + (ended.failure() != null))
                .containsExactly("job/desk#1/inner#1/one#1 true", "job/desk#1/inner#1 true", "job/desk#1 true");
        assertThat(told.events(FmEvent.RunEnded.class).get(0).open()).isZero();
    }

    @Test
    void runs_at_once_through_one_agent_never_mix() throws Exception {
        UntypedAgent desk = AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(writer("one"), writer("two"), writer("three"))
                .build();
        ExecutorService users = Executors.newFixedThreadPool(4);
        List<Told> runs = new ArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Told own = new Told();
                String name = "job" + i;
                runs.add(own);
                ends.add(CompletableFuture.runAsync(
                        () -> {
                            try (FmRun run = pipeline.run(name).watch(own).open()) {
                                desk.invoke(Map.of("topic", name));
                            }
                        },
                        users));
            }
            for (CompletableFuture<Void> end : ends) {
                end.get(30, TimeUnit.SECONDS);
            }
        } finally {
            users.shutdownNow();
        }

        for (int i = 0; i < runs.size(); i++) {
            String all = "job" + i + "/all#1/";
            assertThat(runs.get(i).calls())
                    .containsExactlyInAnyOrder(
                            all + "one#1" + CALL + 1, all + "two#1" + CALL + 1, all + "three#1" + CALL + 1);
            assertThat(runs.get(i).events()).hasSize(2 + 2 + 2 + 6 + 3 + 12);
        }
    }

    @Test
    void where_there_is_no_run_agents_are_as_ever() {
        UntypedAgent desk = AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(
                        AgenticServices.parallelBuilder().subAgents(new Stamp()).build())
                .outputKey("stamp")
                .build();

        assertThat(desk.invoke(Map.of("topic", "rain"))).isEqualTo("stamped rain");
        assertThat(desk.toString()).isEqualTo("Sequential<UntypedAgent>");
        assertThat(told.events()).isEmpty();
    }

    public interface Lonely {
        @Agent
        @UserMessage("think about {{topic}}")
        String think(@V("topic") String topic);
    }

    @Test
    void an_agent_that_no_run_has_followed_to_is_said_once() {
        AgenticServices.setWorkflowAgentsBuilder(WorkflowAgentsBuilderImpl.INSTANCE);
        Object lonely = AgenticServices.agentBuilder(Lonely.class)
                .outputKey("thought")
                .chatModel(model())
                .build();
        UntypedAgent plain =
                AgenticServices.parallelBuilder().subAgents(lonely, lonely).build();
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            run(plain);
        } finally {
            System.setErr(before);
        }

        assertThat(said.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("Lonely")))
                .singleElement()
                .asString()
                .contains("agent io.fmware.provider.agent.AgentBoundariesTest$Lonely was called on thread ")
                .endsWith(
                        "outside of any run, while a run is open: if it belongs to that run it is not seen there. Build the"
                                + " agents around it with Agents.workflows(); this is logged once for each");
    }
}
