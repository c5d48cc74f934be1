package io.fmware.cache;

import io.fmware.event.RunPath;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a run has used so far, and what was asked in it. Thread-safe. */
final class RunTrace {
    private static final int MOST_DEPENDENCIES = 10_000;
    private static final int MOST_QUESTIONS = 1_000;
    private static final int MOST_CONTENTS = 256;
    private static final int MOST_ANSWERS = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Dependency, Long> seen = new HashMap<>();
    private final Set<Dependency> ownDocuments = new HashSet<>();
    private final Map<String, Retrieved> corpora = new HashMap<>();
    private final Map<RunPath, String> questions = new HashMap<>();
    private final Deque<String> contents = new ArrayDeque<>();
    private final Deque<Entry> answers = new ArrayDeque<>();
    private boolean full;

    void used(Dependency what, long at) {
        lock.lock();
        try {
            if (seen.size() >= MOST_DEPENDENCIES && !seen.containsKey(what)) {
                full = true;
            } else {
                seen.merge(what, at, Math::min); // the oldest look decides
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was found in a corpus.
     *
     * @param documents all documents that were found
     * @param at the reading of the clock of changes when it was looked at first
     */
    private record Retrieved(Set<String> documents, long at) {}

    /** Something that the run itself has used, and not only an answer of the cache that was made from it. */
    void told(Dependency what, long at) {
        used(what, at);
        lock.lock();
        try {
            if (what.kind() == Dependency.Kind.DOCUMENT && ownDocuments.size() < MOST_DEPENDENCIES) {
                ownDocuments.add(what);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the run itself has found all of these documents so far. */
    boolean hasFound(Set<Dependency> documents) {
        lock.lock();
        try {
            return ownDocuments.containsAll(documents);
        } finally {
            lock.unlock();
        }
    }

    /** Documents that were found in a corpus. */
    void found(String corpus, Set<String> documents, long at) {
        used(Dependency.corpus(corpus), at);
        documents.forEach(id -> told(Dependency.document(corpus, id), at));
        lock.lock();
        try {
            corpora.merge(corpus, new Retrieved(documents, at), (before, now) -> {
                Set<String> all = new HashSet<>(before.documents());
                all.addAll(now.documents());
                return new Retrieved(all, Math.min(before.at(), now.at()));
            });
        } finally {
            lock.unlock();
        }
    }

    /**
     * When a corpus was looked at in which these and no other documents were found; {@code null} where it was not, or where
     * there are others.
     */
    @Nullable
    Long foundAgain(String corpus, Set<String> documents) {
        lock.lock();
        try {
            Retrieved found = corpora.get(corpus);
            return found != null && found.documents().equals(documents) ? found.at() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Text that was retrieved, and may stand in prompts. */
    void retrieved(String text) {
        lock.lock();
        try {
            contents.addLast(text);
            if (contents.size() > MOST_CONTENTS) {
                contents.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    void asked(RunPath where, String question) {
        lock.lock();
        try {
            if (questions.size() < MOST_QUESTIONS || questions.containsKey(where)) {
                questions.put(where, question);
            }
        } finally {
            lock.unlock();
        }
    }

    /** An answer that the run was given, by the cache or by a model for it. */
    void given(Entry answer) {
        lock.lock();
        try {
            answers.addLast(answer);
            if (answers.size() > MOST_ANSWERS) {
                answers.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The answers that the run was given lately. */
    List<Entry> answers() {
        lock.lock();
        try {
            return List.copyOf(answers);
        } finally {
            lock.unlock();
        }
    }

    /** What was asked last at a place. */
    @Nullable
    String question(@Nullable RunPath where) {
        lock.lock();
        try {
            return where == null ? null : questions.get(where);
        } finally {
            lock.unlock();
        }
    }

    /** What was retrieved lately, longest first, so that no text is taken for a part of a longer one. */
    List<String> contents() {
        lock.lock();
        try {
            return contents.stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Everything that was used so far, {@code null} where that is too much to be kept. */
    @Nullable
    Map<Dependency, Long> seen() {
        lock.lock();
        try {
            return full ? null : Map.copyOf(seen);
        } finally {
            lock.unlock();
        }
    }
}
