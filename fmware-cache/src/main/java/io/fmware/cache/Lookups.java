package io.fmware.cache;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import io.fmware.FmCall;
import io.fmware.FmRun;
import io.fmware.event.RunPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out which answer a call looks for, or that it looks for none. Thread-safe. */
final class Lookups {
    private final Admission admission;
    private final Runs runs;
    private final Changes changes;
    private final Keys keys;
    private final Tally tally;

    Lookups(Admission admission, Runs runs, Changes changes, Keys keys, Tally tally) {
        this.admission = admission;
        this.runs = runs;
        this.changes = changes;
        this.keys = keys;
        this.tally = tally;
    }

    /** What is to be looked for, {@code null} where the cache has nothing to do with a call or fails. */
    @Nullable
    Lookup of(FmCall call) {
        try {
            RunTrace trace = runs.here();
            Map<Dependency, Long> seen = trace == null ? (FmRun.current() == null ? Map.of() : null) : trace.seen();
            String heard = heard(trace);
            Subjects subjects = Subjects.here();
            Admission.Verdict verdict = admission.of(
                    call, questions(heard, lastUserText(call.request().messages())), subjects, seen != null);
            if (verdict.refusal() != null || seen == null) {
                tally.count(Objects.requireNonNullElse(verdict.refusal(), Refusal.UNTRACEABLE));
                return null;
            }
            Map<Dependency, Long> all = new HashMap<>(seen);
            long now = changes.now();
            subjects.dependencies().forEach(each -> all.put(each, now));
            CacheKey key = keys.of(call, verdict.tenant(), verdict.scope());
            all.put(key.modelAsked(), now);
            return new Lookup(key, all, trace, heard);
        } catch (RuntimeException | Error e) {
            tally.failed(e);
            return null;
        }
    }

    /** What may be asked here. A question that is not in the prompt may be an old one, and the prompt the new. */
    private static List<String> questions(@Nullable String heard, String prompt) {
        return heard == null ? List.of(prompt) : prompt.contains(heard) ? List.of(heard) : List.of(heard, prompt);
    }

    /** What a person asked at this place, as far as the run has heard it. */
    private static @Nullable String heard(@Nullable RunTrace trace) {
        RunPath here = FmRun.currentPath();
        return trace == null || here == null ? null : trace.question(here.parent());
    }

    private static String lastUserText(List<ChatMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage user) {
                return user.contents().stream()
                        .filter(TextContent.class::isInstance)
                        .map(content -> ((TextContent) content).text())
                        .collect(Collectors.joining("\n"));
            }
        }
        return "";
    }
}
