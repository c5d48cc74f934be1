package io.fmware.cache;

import io.fmware.event.FmEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes answers go that people did not like. Thread-safe. */
final class Feedback {
    /** By the id that the provider gave an answer: what people say of it comes later, from other runs. */
    private final Map<String, Set<Entry>> answers = new ConcurrentHashMap<>();

    private final Predicate<FmEvent.FeedbackGiven> isBad;
    private final Runs runs;
    private final @Nullable Matcher matcher;

    Feedback(Predicate<FmEvent.FeedbackGiven> isBad, Runs runs, @Nullable Matcher matcher) {
        this.isBad = isBad;
        this.runs = runs;
        this.matcher = matcher;
    }

    /** Notes an entry before it can be given to anybody. */
    void note(Entry entry) {
        String id = idOf(entry);
        if (id != null) {
            answers.compute(id, (key, all) -> {
                Set<Entry> more = all == null ? ConcurrentHashMap.newKeySet(1) : all;
                more.add(entry);
                return more;
            });
        }
    }

    /** An entry has gone. */
    void forget(Entry entry) {
        String id = idOf(entry);
        if (id != null) {
            answers.computeIfPresent(id, (key, all) -> {
                all.remove(entry);
                return all.isEmpty() ? null : all;
            });
        }
    }

    private static @Nullable String idOf(Entry entry) {
        return entry.response() == null ? null : entry.response().id();
    }

    void given(FmEvent.FeedbackGiven feedback, Store store) {
        if (isBad.test(feedback)) {
            if (feedback.responseId() != null) {
                drop(feedback.responseId(), store);
            } else {
                RunTrace trace = runs.of(feedback.origin().run());
                drop(trace == null ? List.of() : trace.answers(), store);
            }
        }
    }

    /** Drops an answer and those to near questions; returns how many there were. */
    int drop(String responseId, Store store) {
        return drop(answers.getOrDefault(responseId, Set.of()), store);
    }

    private int drop(Collection<Entry> disliked, Store store) {
        int gone = 0;
        for (Entry each : disliked) {
            List<Entry> near = matcher == null ? List.of() : matcher.near(each);
            for (Entry other : near) {
                gone += store.drop(other) ? 1 : 0;
            }
            gone += store.drop(each) ? 1 : 0;
        }
        return gone;
    }

    static boolean isDownOrCorrection(FmEvent.FeedbackGiven feedback) {
        return feedback.kind().equals("correction")
                || (feedback.kind().equals("thumb") && feedback.value().equals("down"));
    }
}
