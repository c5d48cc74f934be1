package io.fmware.agent;

import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.declarative.ConditionalAgent;
import dev.langchain4j.agentic.declarative.LoopAgent;
import dev.langchain4j.agentic.declarative.ParallelAgent;
import dev.langchain4j.agentic.declarative.ParallelMapperAgent;
import dev.langchain4j.agentic.declarative.SequenceAgent;
import dev.langchain4j.agentic.internal.AgentUtil;
import dev.langchain4j.agentic.planner.Planner;
import dev.langchain4j.agentic.planner.PlannerBasedServiceImpl;
import dev.langchain4j.agentic.supervisor.SupervisorAgentServiceImpl;
import dev.langchain4j.agentic.workflow.ConditionalAgentService;
import dev.langchain4j.agentic.workflow.LoopAgentService;
import dev.langchain4j.agentic.workflow.ParallelAgentService;
import dev.langchain4j.agentic.workflow.ParallelMapperService;
import dev.langchain4j.agentic.workflow.SequentialAgentService;
import dev.langchain4j.agentic.workflow.WorkflowAgentsBuilder;
import dev.langchain4j.agentic.workflow.impl.ConditionalAgentServiceImpl;
import dev.langchain4j.agentic.workflow.impl.LoopAgentServiceImpl;
import dev.langchain4j.agentic.workflow.impl.ParallelAgentServiceImpl;
import dev.langchain4j.agentic.workflow.impl.ParallelMapperServiceImpl;
import dev.langchain4j.agentic.workflow.impl.SequentialAgentServiceImpl;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * langchain4j's builders, each with the planner and the handler of its agent in ours. Long because langchain4j has no base for
 * all of them that could be handed over.
 */
enum WatchedWorkflows implements WorkflowAgentsBuilder {
    INSTANCE;

    @Override
    public SequentialAgentService<UntypedAgent> sequenceBuilder() {
        return new Sequence<>(UntypedAgent.class, null);
    }

    @Override
    public <T> SequentialAgentService<T> sequenceBuilder(Class<T> agent) {
        return new Sequence<>(agent, methodOf(agent, SequenceAgent.class));
    }

    @Override
    public ParallelAgentService<UntypedAgent> parallelBuilder() {
        return new Parallel<>(UntypedAgent.class, null);
    }

    @Override
    public <T> ParallelAgentService<T> parallelBuilder(Class<T> agent) {
        return new Parallel<>(agent, methodOf(agent, ParallelAgent.class));
    }

    @Override
    public LoopAgentService<UntypedAgent> loopBuilder() {
        return new Loop<>(UntypedAgent.class, null);
    }

    @Override
    public <T> LoopAgentService<T> loopBuilder(Class<T> agent) {
        return new Loop<>(agent, methodOf(agent, LoopAgent.class));
    }

    @Override
    public ConditionalAgentService<UntypedAgent> conditionalBuilder() {
        return new Conditional<>(UntypedAgent.class, null);
    }

    @Override
    public <T> ConditionalAgentService<T> conditionalBuilder(Class<T> agent) {
        return new Conditional<>(agent, methodOf(agent, ConditionalAgent.class));
    }

    @Override
    public ParallelMapperService<UntypedAgent> parallelMapperBuilder() {
        return new Mapper<>(UntypedAgent.class, null);
    }

    @Override
    public <T> ParallelMapperService<T> parallelMapperBuilder(Class<T> agent) {
        return new Mapper<>(agent, methodOf(agent, ParallelMapperAgent.class));
    }

    private static Method methodOf(Class<?> agent, @Nullable Class<? extends Annotation> declared) {
        return AgentUtil.validateAgentClass(agent, false, declared);
    }

    static final class Sequence<T> extends SequentialAgentServiceImpl<T> {
        Sequence(Class<T> agent, @Nullable Method method) {
            super(agent, method);
        }

        @Override
        public T build(Supplier<Planner> planner) {
            errorHandler = LatchedErrors.around(errorHandler);
            return super.build(WatchedPlanner.around(planner));
        }

        @Override
        public T build(InvocationHandler handler) {
            return super.build(WatchedRoot.around(handler));
        }
    }

    static final class Parallel<T> extends ParallelAgentServiceImpl<T> {
        Parallel(Class<T> agent, @Nullable Method method) {
            super(agent, method);
        }

        @Override
        public T build(Supplier<Planner> planner) {
            errorHandler = LatchedErrors.around(errorHandler);
            return super.build(WatchedPlanner.around(planner));
        }

        @Override
        public T build(InvocationHandler handler) {
            return super.build(WatchedRoot.around(handler));
        }
    }

    static final class Loop<T> extends LoopAgentServiceImpl<T> {
        Loop(Class<T> agent, @Nullable Method method) {
            super(agent, method);
        }

        @Override
        public T build(Supplier<Planner> planner) {
            errorHandler = LatchedErrors.around(errorHandler);
            return super.build(WatchedPlanner.around(planner));
        }

        @Override
        public T build(InvocationHandler handler) {
            return super.build(WatchedRoot.around(handler));
        }
    }

    static final class Conditional<T> extends ConditionalAgentServiceImpl<T> {
        Conditional(Class<T> agent, @Nullable Method method) {
            super(agent, method);
        }

        @Override
        public T build(Supplier<Planner> planner) {
            errorHandler = LatchedErrors.around(errorHandler);
            return super.build(WatchedPlanner.around(planner));
        }

        @Override
        public T build(InvocationHandler handler) {
            return super.build(WatchedRoot.around(handler));
        }
    }

    static final class Mapper<T> extends ParallelMapperServiceImpl<T> {
        Mapper(Class<T> agent, @Nullable Method method) {
            super(agent, method);
        }

        @Override
        public T build(Supplier<Planner> planner) {
            errorHandler = LatchedErrors.around(errorHandler);
            return super.build(WatchedPlanner.around(planner));
        }

        @Override
        public T build(InvocationHandler handler) {
            return super.build(WatchedRoot.around(handler));
        }
    }

    static final class Supervisor<T> extends SupervisorAgentServiceImpl<T> {
        Supervisor(Class<T> agent) {
            super(agent, methodOf(agent, null));
        }

        @Override
        public T build(Supplier<Planner> planner) {
            errorHandler = LatchedErrors.around(errorHandler);
            return super.build(WatchedPlanner.around(planner));
        }

        @Override
        public T build(InvocationHandler handler) {
            return super.build(WatchedRoot.around(handler));
        }
    }

    static final class Planned<T> extends PlannerBasedServiceImpl<T> {
        Planned(Class<T> agent) {
            super(agent, methodOf(agent, null));
        }

        @Override
        public T build(Supplier<Planner> planner) {
            errorHandler = LatchedErrors.around(errorHandler);
            return super.build(WatchedPlanner.around(planner));
        }

        @Override
        public T build(InvocationHandler handler) {
            return super.build(WatchedRoot.around(handler));
        }
    }
}
