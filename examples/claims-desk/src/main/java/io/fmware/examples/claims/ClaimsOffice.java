package io.fmware.examples.claims;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.agent.AgentInvocationException;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryInterceptor;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.service.Boundaries;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Puts the agents of the desk together: intake, then policy and fraud at once, then settlement and review until they agree. */
final class ClaimsOffice implements AutoCloseable {
    private static final int ROUNDS = 3;
    private static final int REMEMBERED_MESSAGES = 10;

    private final FmPipeline pipeline;
    private final UntypedAgent desk;

    ClaimsOffice(ChatModel model, List<BoundaryInterceptor> watchers) {
        this(agent -> model, watchers);
    }

    /**
     * An office.
     *
     * @param models the model of each agent by its name
     * @param watchers told of all that happens
     */
    ClaimsOffice(Function<String, ChatModel> models, List<BoundaryInterceptor> watchers) {
        FmPipeline.Builder builder = FmPipeline.builder();
        watchers.forEach(builder::watch);
        this.pipeline = builder.build();
        Policies policies = new Policies();
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());

        Object intake = AgenticServices.agentBuilder(Desk.Intake.class)
                .chatModel(pipeline.wrap(models.apply("intake")))
                .build();
        Object cover = AgenticServices.agentBuilder(Desk.Cover.class)
                .chatModel(pipeline.wrap(models.apply("policy")))
                .toolProvider(Boundaries.toolProvider(policies))
                .build();
        Object fraud = AgenticServices.agentBuilder(Desk.Fraud.class)
                .chatModel(pipeline.wrap(models.apply("fraud")))
                .toolProvider(Boundaries.toolProvider(policies))
                .build();
        Object settlement = AgenticServices.agentBuilder(Desk.Settlement.class)
                .chatModel(pipeline.wrap(models.apply("settlement")))
                .chatMemoryProvider(Boundaries.memories(id -> MessageWindowChatMemory.builder()
                        .id(id)
                        .maxMessages(REMEMBERED_MESSAGES)
                        .build()))
                .build();
        this.desk = AgenticServices.sequenceBuilder()
                .name("desk")
                .subAgents(
                        intake,
                        AgenticServices.parallelBuilder()
                                .name("checks")
                                .subAgents(cover, fraud)
                                .build(),
                        AgenticServices.loopBuilder()
                                .name("settling")
                                .maxIterations(ROUNDS)
                                .testExitAtLoopEnd(true)
                                .exitCondition(ClaimsOffice::isAgreed)
                                .subAgents(settlement, new Review(policies))
                                .build())
                .output(ClaimsOffice::outcome)
                .build();
    }

    private static boolean isAgreed(AgenticScope scope) {
        return scope.readState("remark", "not reviewed").isEmpty();
    }

    Outcome settle(Claim claim) {
        try (FmRun run = pipeline.run("claim").attribute("claim", claim.id()).open()) {
            try {
                return decided(claim);
            } catch (AgentInvocationException e) {
                run.failed(e);
                throw e;
            }
        }
    }

    private Outcome decided(Claim claim) {
        return (Outcome) desk.invoke(Map.of(
                "claim", claim, "letter", claim.text(), "policy", claim.policy(), "remark", "There is no remark yet."));
    }

    private static Outcome outcome(AgenticScope scope) {
        return new Outcome(
                (Claim) scope.readState("claim"),
                scope.readState("facts", ""),
                scope.readState("letterOut", ""),
                isAgreed(scope));
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
