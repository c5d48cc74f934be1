package io.fmware.service;

import dev.langchain4j.agent.tool.CompensateFor;
import dev.langchain4j.service.tool.ToolExecution;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolService;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compensating actions of an AI service. langchain4j keeps them in a private field of {@link ToolService}, which is the only
 * place where they can be put behind boundaries. Where a version of langchain4j has no such field, or has something else in it,
 * they stay outside: that is logged, and a tool that has one then fails where its result was replaced, so that a replay never
 * undoes what it has not done.
 *
 * <p>Not thread-safe.
 */
final class Compensations {
    private static final Logger log = LoggerFactory.getLogger(Boundaries.class);
    private static final String FIELD = "compensatingExecutors";
    private static final AtomicBoolean said = new AtomicBoolean();

    private final List<Object> objectsWithTools = new ArrayList<>();
    private boolean wanted;

    void of(Collection<?> objects) {
        objectsWithTools.addAll(objects);
    }

    void wanted(boolean onErrors) {
        this.wanted = onErrors;
    }

    /** Puts all actions behind boundaries; the tools of those that it cannot reach are made to fail where they are replaced. */
    void wrap(ToolService tools) {
        if (!wanted) {
            return;
        }
        try {
            Field field = ToolService.class.getDeclaredField(FIELD);
            field.setAccessible(true);
            wrapAll(field.get(tools));
        } catch (ReflectiveOperationException
                | RuntimeException e) { // another version of langchain4j, or not opened to us
            Set<String> compensated = compensated();
            if (!compensated.isEmpty()) {
                warn(compensated, e);
                tools.toolExecutors().replaceAll((name, tool) -> compensated.contains(name) ? guarded(tool) : tool);
            }
        }
    }

    @SuppressWarnings("unchecked") // what is no action is refused
    private static void wrapAll(Object found) {
        ((Map<String, Object>) found).replaceAll(Compensations::behindBoundary);
    }

    @SuppressWarnings("unchecked") // langchain4j has nothing else in there
    private static Object behindBoundary(String tool, Object action) {
        if (action instanceof WatchedCompensation) {
            return action;
        }
        if (action instanceof BiConsumer<?, ?> withContext) { // langchain4j up to 1.18
            BiConsumer<ToolExecution, @Nullable Object> body =
                    (BiConsumer<ToolExecution, @Nullable Object>) withContext;
            return new WatchedCompensation(body);
        }
        if (action instanceof Consumer<?> plain) {
            Consumer<ToolExecution> body = (Consumer<ToolExecution>) plain;
            return new WatchedCompensation((execution, context) -> body.accept(execution));
        }
        throw new IllegalStateException(
                "the action of tool " + tool + " is a " + action.getClass().getName());
    }

    private static ToolExecutor guarded(ToolExecutor tool) {
        return tool instanceof GuardedTool ? tool : new GuardedTool(tool);
    }

    private static void warn(Set<String> compensated, Exception why) {
        if (said.compareAndSet(false, true)) {
            log.warn(
                    "the compensating actions (@CompensateFor) of tools {} are behind no boundary, since this version of"
                            + " langchain4j keeps them elsewhere: they are not recorded, and run whenever a tool fails. Where the result of"
                            + " such a tool is replaced, as in a replay, the tool fails instead, so that nothing is undone that was not"
                            + " done. This is logged once",
                    compensated,
                    why);
        }
    }

    /** The names of the tools that have an action. */
    private Set<String> compensated() {
        Set<String> names = new TreeSet<>();
        for (Object each : objectsWithTools) {
            compensated(each.getClass().getMethods(), names);
            for (Class<?> type = each.getClass(); type != null; type = type.getSuperclass()) {
                compensated(type.getDeclaredMethods(), names);
            }
        }
        return names;
    }

    private static void compensated(Method[] methods, Set<String> names) {
        for (Method method : methods) {
            CompensateFor action = method.getAnnotation(CompensateFor.class);
            if (action != null) {
                names.add(action.value());
            }
        }
    }
}
