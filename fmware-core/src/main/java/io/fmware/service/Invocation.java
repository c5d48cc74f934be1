package io.fmware.service;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.RunScope;
import io.fmware.event.FmEvent;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call of an AI service under way in a run. Found by its id on whatever thread its work goes on, so that tools and retrievers
 * have their place there. Tools get theirs when the model has answered, in the order in which it asks for them, before threads
 * can change it. Thread-safe.
 */
final class Invocation {
    private static final int MANY = 1_000;
    private static final Map<UUID, Invocation> UNDER_WAY = new ConcurrentHashMap<>();
    private static volatile boolean moderated;

    private final RunScope place;
    private final @Nullable UserMessage question;
    private final ReentrantLock lock = new ReentrantLock();
    /** By identity: models without ids for tool calls ask for equal ones. */
    private final IdentityHashMap<ToolExecutionRequest, RunScope> reserved = new IdentityHashMap<>();

    private final Set<ToolExecutionRequest> claimed = Collections.newSetFromMap(new IdentityHashMap<>());

    private Invocation(RunScope place, @Nullable UserMessage question) {
        this.place = place;
        this.question = question;
    }

    /** Says that services may have their questions moderated: on a thread of a pool, while the model is asked. */
    static void areModerated() {
        moderated = true;
    }

    static void begin(InvocationContext context, @Nullable UserMessage question) {
        RunScope here = FmRun.currentScope();
        UUID id = context.invocationId();
        Map<?, ?> managed =
                context.managedParameters(); // null outside of langchain4j's agents, which hand their scope along
        if (here == null && managed != null && !managed.isEmpty()) {
            Lost.warn("agent", context.interfaceName());
        }
        if (here == null || id == null) {
            return;
        }
        if (UNDER_WAY.size() >= MANY) { // streams that nobody started have no end of their own
            UNDER_WAY.values().removeIf(each -> each.place.hasEnded());
        }
        UNDER_WAY.put(id, new Invocation(here, question));
        if (moderated) {
            here.leavesThread();
        }
        if (question != null && question.hasSingleText()) {
            here.note(at -> new FmEvent.Asked(at, question.singleText()));
        }
    }

    static void end(InvocationContext context) {
        UUID id = context.invocationId();
        if (id != null) {
            UNDER_WAY.remove(id);
        }
    }

    static @Nullable Invocation of(@Nullable InvocationContext context) {
        UUID id = context == null ? null : context.invocationId();
        return id == null ? null : UNDER_WAY.get(id);
    }

    /** The one whose question is among messages, or {@code null} where there is none or more than one. */
    static @Nullable Invocation asking(List<ChatMessage> messages) {
        Invocation found = null;
        for (Invocation each : UNDER_WAY.values()) {
            if (messages.stream().anyMatch(message -> message == each.question)) {
                if (found != null) {
                    return null;
                }
                found = each;
            }
        }
        return found;
    }

    RunScope place() {
        return place;
    }

    /** Reserves the places of the tools that the model asks for. */
    void reserve(List<ToolExecutionRequest> requests) {
        lock.lock();
        try {
            for (ToolExecutionRequest request : requests) {
                if (!claimed.contains(request)) {
                    reserved.computeIfAbsent(request, this::newPlace);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private RunScope newPlace(ToolExecutionRequest request) {
        return place.reserve(BoundaryKind.TOOL, request.name());
    }

    /** The place of a tool whose boundary is about to be crossed. */
    RunScope claim(ToolExecutionRequest request) {
        lock.lock();
        try {
            RunScope known = claimed.add(request) ? reserved.remove(request) : null;
            return known == null ? newPlace(request) : known;
        } finally {
            lock.unlock();
        }
    }

    /** The place of a tool that was executed, or {@code null} if its boundary was crossed. */
    @Nullable
    RunScope unclaimed(ToolExecutionRequest request) {
        lock.lock();
        try {
            return claimed.add(request) ? reserved.remove(request) : null;
        } finally {
            lock.unlock();
        }
    }
}
