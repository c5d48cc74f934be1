package io.fmware.observability.replay;

import dev.langchain4j.agentic.internal.AgenticScopeOwner;
import dev.langchain4j.agentic.internal.DelayedResponse;
import dev.langchain4j.agentic.observability.AgentListener;
import dev.langchain4j.agentic.observability.AgentRequest;
import dev.langchain4j.agentic.planner.AgentInstance;
import dev.langchain4j.agentic.scope.AgenticScopeKey;
import dev.langchain4j.agentic.scope.AgenticScopeSerializer;
import dev.langchain4j.agentic.scope.AgenticScopeStore;
import dev.langchain4j.agentic.scope.DefaultAgenticScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** All that snapshots have to do with langchain4j's agents, which need not be there. */
final class Scopes {

    private Scopes() {}

    static AgentListener listener(Snapshots snapshots) {
        return new AgentListener() {
            @Override
            public void beforeAgentInvocation(AgentRequest request) {
                if (snapshots.wants(request.agentName())) {
                    take(request, snapshots);
                }
            }

            @Override
            public boolean inheritedBySubagents() {
                return true;
            }
        };
    }

    private static void take(AgentRequest request, Snapshots snapshots) {
        List<String> problems = new ArrayList<>();
        String json = null;
        if (request.agenticScope() instanceof DefaultAgenticScope scope) {
            new TreeMap<>(scope.state()).forEach((key, value) -> {
                if (value instanceof DelayedResponse || !DefaultAgenticScope.isSerializable(value)) {
                    problems.add("state " + key + " is not in it: a "
                            + value.getClass().getName()
                            + ", and what is still to come, streams and proxies cannot be kept");
                }
            });
            try {
                json = AgenticScopeSerializer.toJson(scope);
                AgenticScopeSerializer.fromJson(json); // what cannot be read again is found now, not when it is needed
            } catch (RuntimeException e) {
                json = null;
                problems.add(culprits(scope) + ": " + (e.getCause() == null ? e : e.getCause()));
            }
        } else {
            problems.add("the scope is no DefaultAgenticScope, and cannot be kept");
        }
        snapshots.take(request.agentName(), root(request.agent()), json, problems);
    }

    /** Which parts of the state it is that cannot be written, or not be read again. */
    private static String culprits(DefaultAgenticScope scope) {
        List<String> found = new ArrayList<>();
        new TreeMap<>(scope.state()).forEach((key, value) -> {
            DefaultAgenticScope alone = DefaultAgenticScope.ephemeralAgenticScope();
            alone.writeState(key, value);
            try {
                AgenticScopeSerializer.fromJson(AgenticScopeSerializer.toJson(alone));
            } catch (RuntimeException e) { // said for all of them together
                found.add(key + ", a " + value.getClass().getName());
            }
        });
        return found.isEmpty()
                ? "the scope cannot be kept, since an input or an output of an agent cannot be written as JSON and read again"
                : "the scope cannot be kept, since this state cannot be written as JSON and read again: "
                        + String.join("; ", found);
    }

    private static String root(AgentInstance agent) {
        AgentInstance at = agent;
        for (AgentInstance above = at.parent(); above != null; above = at.parent()) {
            at = above;
        }
        return at.type().getName();
    }

    static DefaultAgenticScope scope(String json) {
        return AgenticScopeSerializer.fromJson(json);
    }

    @SuppressWarnings("unchecked") // langchain4j gives back an agent of the type that it was given
    static <T> T resumed(T root, String json) {
        if (!(root instanceof AgenticScopeOwner owner)) {
            throw new IllegalArgumentException(root
                    + " is no agent with a scope; resume the outermost one, as a builder of AgenticServices made it");
        }
        return (T) owner.withAgenticScope(scope(json));
    }

    static AgenticScopeStore store(String root, String json) {
        return new Store(new AgenticScopeKey(root, scope(json).memoryId()), json);
    }

    /** Begins with the scope of a snapshot, and keeps what changes in memory. */
    private static final class Store implements AgenticScopeStore {
        /** As JSON, so that nobody shares them. */
        private final Map<AgenticScopeKey, String> kept = new ConcurrentHashMap<>();

        Store(AgenticScopeKey key, String json) {
            kept.put(key, json);
        }

        @Override
        public boolean save(AgenticScopeKey key, DefaultAgenticScope scope) {
            kept.put(key, AgenticScopeSerializer.toJson(scope));
            return true;
        }

        @Override
        public Optional<DefaultAgenticScope> load(AgenticScopeKey key) {
            return Optional.ofNullable(kept.get(key)).map(AgenticScopeSerializer::fromJson);
        }

        @Override
        public boolean delete(AgenticScopeKey key) {
            return kept.remove(key) != null;
        }

        @Override
        public Set<AgenticScopeKey> getAllKeys() {
            return new HashSet<>(kept.keySet());
        }
    }
}
