package io.fmware.cache;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.Activations;
import io.fmware.FmCall;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides which calls a cache has to do with, and who may share their answers. Thread-safe. */
final class Admission {
    private final double maxTemperature;
    private final Set<String> readOnlyTools;
    private final Set<String> personalTools;
    private final Predicate<String> timeSensitive;
    private final Predicate<String> personal;
    private final boolean firstTurnOnly;
    private final Predicate<FmCall> when;
    private volatile boolean tenantsInUse;

    Admission(FmCache.Builder builder) {
        this.maxTemperature = builder.maxTemperature;
        this.readOnlyTools = Set.copyOf(builder.readOnlyTools);
        this.personalTools = Set.copyOf(builder.personalTools);
        this.timeSensitive = builder.timeSensitive;
        this.personal = builder.personal;
        this.firstTurnOnly = builder.firstTurnOnly;
        this.when = builder.when;
    }

    /**
     * What is decided of a call.
     *
     * @param refusal why the cache has nothing to do with it, or {@code null}
     * @param tenant for whom it is, empty for no tenant
     * @param scope for which user alone, empty for all
     */
    record Verdict(@Nullable Refusal refusal, String tenant, String scope) {
        static Verdict refused(Refusal why) {
            return new Verdict(why, "", "");
        }
    }

    /**
     * Decides on a call.
     *
     * @param questions what a person may have asked
     * @param subjects whose call it is
     * @param traceable whether it is known what the run has used
     */
    Verdict of(FmCall call, List<String> questions, Subjects subjects, boolean traceable) {
        String tenant = subjects.tenant();
        if (!tenant.isEmpty()) {
            tenantsInUse = true;
        } else if (tenantsInUse) {
            return Verdict.refused(Refusal.NO_TENANT);
        }
        if (call.attribute(Activations.PINNED) != null) {
            return Verdict.refused(Refusal.PINNED);
        }
        ChatRequest request = call.effectiveRequest();
        if (request.temperature() != null && request.temperature() > maxTemperature) {
            return Verdict.refused(Refusal.TEMPERATURE);
        }
        List<String> tools = toolsOf(request);
        if (!tools.stream().allMatch(tool -> readOnlyTools.contains(tool) || personalTools.contains(tool))) {
            return Verdict.refused(Refusal.TOOLS);
        }
        if (firstTurnOnly && !Prompt.isFirstTurn(request.messages())) {
            return Verdict.refused(Refusal.LATER_TURN);
        }
        if (!when.test(call)) {
            return Verdict.refused(Refusal.PREDICATE);
        }
        if (questions.stream().anyMatch(timeSensitive)) {
            return Verdict.refused(Refusal.TIME_SENSITIVE);
        }
        if (!traceable) {
            return Verdict.refused(Refusal.UNTRACEABLE);
        }
        if (tools.stream().noneMatch(personalTools::contains)
                && questions.stream().noneMatch(personal)) {
            return new Verdict(null, tenant, "");
        }
        return subjects.user().isEmpty()
                ? Verdict.refused(Refusal.PERSONAL)
                : new Verdict(null, tenant, subjects.user());
    }

    private static List<String> toolsOf(ChatRequest request) {
        List<ToolSpecification> tools = request.toolSpecifications();
        return tools == null
                ? List.of()
                : tools.stream().map(ToolSpecification::name).toList();
    }
}
