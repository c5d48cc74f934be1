package io.fmware.cache;

import io.fmware.FmRun;
import io.fmware.event.RunPath;
import java.lang.ref.WeakReference;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the open runs of one id have used so far, and what was asked in them. What a run in another run uses, that one uses too,
 * and the other way round. Thread-safe.
 */
final class RunTrace {
    /** More than a run of hundreds of searches uses: each of its answers keeps them all, at 96 bytes. */
    private static final int MOST_DEPENDENCIES = 10_000;

    /** A question stands for an agent or a step: more of these than a run has. */
    private static final int MOST_QUESTIONS = 1_000;

    /** A prompt has a few dozen passages at most, and each look-up by meaning goes through all of them. */
    private static final int MOST_CONTENTS = 256;

    /** More than the longest prompt of a model; 2 MB at most for a run. */
    private static final int MOST_CHARACTERS = 1_000_000;

    /** Feedback is about what somebody has seen lately. */
    private static final int MOST_ANSWERS = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<FmRun> open = new HashSet<>();
    private final Set<FmRun> closing = new HashSet<>();
    private final Map<Dependency, Long> seen = new HashMap<>();
    private final Set<Dependency> ownDocuments = new HashSet<>();
    private final Map<String, Retrieved> corpora = new HashMap<>();
    private final Map<RunPath, String> questions = new HashMap<>();
    private final Latest<String> contents = new Latest<>(MOST_CONTENTS, MOST_CHARACTERS, String::length);
    /** Weak, since feedback makes only those go that are still in the cache. */
    private final Latest<WeakReference<Entry>> answers = new Latest<>(MOST_ANSWERS, MOST_ANSWERS, answer -> 1);

    private final @Nullable RunTrace around;
    private boolean shared;
    private boolean untraceable;

    RunTrace() {
        this(null);
    }

    /**
     * @param around that of the run in which this one was opened, {@code null} where it was opened in none
     */
    RunTrace(@Nullable RunTrace around) {
        this.around = around;
    }

    /** A run was opened. What was asked in one run is not told apart from what was asked in another one of its id. */
    void opened(FmRun run) {
        lock.lock();
        try {
            shared |= !open.isEmpty();
            open.add(run);
        } finally {
            lock.unlock();
        }
    }

    /** A run is being closed: others who watch it may still say something of it. */
    void closing(FmRun run) {
        lock.lock();
        try {
            closing.add(run);
        } finally {
            lock.unlock();
        }
    }

    /** Runs that were being closed have ended; returns whether others are open. */
    boolean ended() {
        lock.lock();
        try {
            open.removeAll(closing);
            closing.clear();
            return !open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this is the trace of a run, rather than of others of its id. */
    boolean isOf(FmRun run) {
        lock.lock();
        try {
            return open.contains(run);
        } finally {
            lock.unlock();
        }
    }

    /** Something was used that is not known. */
    void untraceable() {
        lock.lock();
        try {
            untraceable = true;
        } finally {
            lock.unlock();
        }
        if (around != null) {
            around.untraceable();
        }
    }

    void used(Dependency what, long at) {
        lock.lock();
        try {
            if (seen.size() >= MOST_DEPENDENCIES && !seen.containsKey(what)) {
                untraceable = true;
            } else {
                seen.merge(what, at, Math::min); // the oldest look decides
            }
        } finally {
            lock.unlock();
        }
        if (around != null) {
            around.used(what, at);
        }
    }

    /**
     * What was found in a corpus.
     *
     * @param documents all documents that were found, {@code null} where a search failed
     * @param at the reading of the clock of changes when it was looked at first
     */
    private record Retrieved(@Nullable Set<String> documents, long at) {
        Retrieved and(Retrieved other) {
            long first = Math.min(at, other.at);
            if (documents == null || other.documents == null) {
                return new Retrieved(null, first);
            }
            Set<String> all = new HashSet<>(documents);
            all.addAll(other.documents);
            return new Retrieved(all, first);
        }
    }

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
        if (around != null) {
            around.told(what, at);
        }
    }

    /** Whether the run itself has found all of these documents so far. */
    boolean hasFound(Set<Dependency> documents) {
        Set<Dependency> missing = new HashSet<>(documents);
        lock.lock();
        try {
            missing.removeAll(ownDocuments);
        } finally {
            lock.unlock();
        }
        return missing.isEmpty() || (around != null && around.hasFound(missing));
    }

    /** Documents that were found in a corpus, {@code null} where the search failed. */
    void found(String corpus, @Nullable Set<String> documents, long at) {
        lock.lock();
        try {
            used(Dependency.corpus(corpus), at);
            if (documents != null) {
                documents.forEach(id -> told(Dependency.document(corpus, id), at));
            }
            corpora.merge(corpus, new Retrieved(documents, at), Retrieved::and);
        } finally {
            lock.unlock();
        }
        if (around != null) {
            around.found(corpus, documents, at);
        }
    }

    /**
     * When a corpus was looked at in which these and no other documents were found; {@code null} where it was not, where
     * there are others, and where it may have been another run.
     */
    @Nullable
    Long foundAgain(String corpus, Set<String> documents) {
        lock.lock();
        try {
            Retrieved found = corpora.get(corpus);
            if (found != null) {
                return !shared && documents.equals(found.documents()) ? (Long) found.at() : null;
            }
        } finally {
            lock.unlock();
        }
        return around == null ? null : around.foundAgain(corpus, documents);
    }

    /** Text that was retrieved, and may stand in prompts. */
    void retrieved(String text) {
        lock.lock();
        try {
            contents.add(text);
        } finally {
            lock.unlock();
        }
        if (around != null) {
            around.retrieved(text);
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
            answers.add(new WeakReference<>(answer));
        } finally {
            lock.unlock();
        }
        if (around != null) {
            around.given(answer);
        }
    }

    /** The answers that the run was given lately. */
    List<Entry> answers() {
        lock.lock();
        try {
            return answers.all().stream()
                    .map(WeakReference::get)
                    .filter(Objects::nonNull)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** What was asked last at a place, {@code null} where that is not known or may have been in another run. */
    @Nullable
    String question(@Nullable RunPath where) {
        lock.lock();
        try {
            return where == null || shared ? null : questions.get(where);
        } finally {
            lock.unlock();
        }
    }

    /** What was retrieved lately, longest first, so that no text is taken for a part of a longer one. */
    List<String> contents() {
        Set<String> all = new LinkedHashSet<>(around == null ? List.of() : around.contents());
        lock.lock();
        try {
            all.addAll(contents.all());
        } finally {
            lock.unlock();
        }
        return all.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** Everything that was used so far, {@code null} where that is not known, or too much to be kept. */
    @Nullable
    Map<Dependency, Long> seen() {
        Map<Dependency, Long> all = around == null ? Map.of() : around.seen();
        lock.lock();
        try {
            if (untraceable || all == null) {
                return null;
            }
            Map<Dependency, Long> both = new HashMap<>(all);
            seen.forEach((what, at) -> both.merge(what, at, Math::min));
            return both;
        } finally {
            lock.unlock();
        }
    }
}
