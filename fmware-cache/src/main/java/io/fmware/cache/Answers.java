package io.fmware.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.fmware.CancelledException;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Mode;
import io.fmware.TimeSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes in what models answer, and what is learned from it. What fails here fails open. Thread-safe. */
final class Answers {
    private static final int MODELS = 10_000;

    /** The revision under which each model answered last. */
    private final Cache<Dependency, String> revisions =
            Caffeine.newBuilder().maximumSize(MODELS).build();

    private final TimeSource time;
    private final Lifetimes lifetimes;
    private final Changes changes;
    private final Keys keys;
    private final Store store;
    private final Feedback feedback;
    private final Tally tally;
    private final @Nullable Matcher matcher;

    Answers(
            TimeSource time,
            Lifetimes lifetimes,
            Changes changes,
            Keys keys,
            Store store,
            Feedback feedback,
            Tally tally,
            @Nullable Matcher matcher) {
        this.time = time;
        this.lifetimes = lifetimes;
        this.changes = changes;
        this.keys = keys;
        this.store = store;
        this.feedback = feedback;
        this.tally = tally;
        this.matcher = matcher;
    }

    /**
     * What became of an answer.
     *
     * @param landing what those who wait for it do
     * @param entry the answer in the cache, {@code null} where it was not kept
     */
    record Kept(Flight.Landing landing, @Nullable Entry entry) {
        static final Kept NOTHING = new Kept(Flight.Landing.NOT_SHARED, null);
    }

    /** Looks for a question of the same meaning, {@code null} where that makes no sense or fails. */
    Matcher.@Nullable Found alike(FmCall call, Lookup lookup) {
        RunTrace trace = lookup.trace();
        if (matcher == null || lookup.question() == null || trace == null) {
            return null;
        }
        try {
            String question = lookup.question().strip();
            ChatRequest rest = Prompt.without(call.effectiveRequest(), question, trace.contents());
            if (rest == null || !matcher.isWorthLooking(rest.messages(), question)) {
                return null;
            }
            return matcher.find(
                    call,
                    keys.partition(lookup.key(), rest),
                    question,
                    entry -> store.has(entry) && matcher.mayReach(trace, entry) && store.isTrue(entry, trace));
        } catch (CancelledException | DeadlineExceededException e) { // of the call, while its question was embedded
            throw e;
        } catch (RuntimeException | Error e) {
            tally.failed(e);
            return null;
        }
    }

    /**
     * Keeps an answer.
     *
     * @param took how long it took to make, in nanoseconds
     * @param known what it takes the place of, or {@code null}
     * @param found what was found for its question, or {@code null}
     */
    Kept keep(
            FmCall call,
            Lookup lookup,
            FmReply reply,
            long took,
            @Nullable Entry known,
            Matcher.@Nullable Found found) {
        try {
            if (!isWhole(reply.response(), call.mode()) || !keys.isStill(lookup.key(), call)) {
                return Kept.NOTHING;
            }
            boolean isOfModel = reply.source() == FmReply.Source.MODEL;
            Map<Dependency, Long> seen = seenUntilNow(lookup);
            if (seen == null) {
                return Kept.NOTHING;
            }
            if (isOfModel) {
                noteRevision(lookup, reply.response(), seen);
            }
            long extra = found == null ? bytesOfQuestion(known) : found.bytes();
            Entry entry = Entry.answer(
                    lookup.key(),
                    reply.response(),
                    seen,
                    new Entry.Made(time.instant(), time.nanoTime(), lifetimes.ofAnswer(), took, extra));
            if (!isOfModel) { // that of another model is for now, not for hours
                return new Kept(Flight.Landing.with(entry), null);
            }
            feedback.note(entry);
            renewed(known, entry);
            store.put(entry, lookup.trace());
            tally.stored();
            if (lookup.trace() != null) {
                lookup.trace().given(entry);
                Dependency model = lookup.key().modelAsked();
                lookup.trace().used(model, seen.getOrDefault(model, changes.now()));
            }
            return new Kept(Flight.Landing.with(entry), entry);
        } catch (RuntimeException | Error e) {
            tally.failed(e);
            return Kept.NOTHING;
        }
    }

    private long bytesOfQuestion(@Nullable Entry known) {
        return matcher == null || known == null ? 0 : matcher.bytes(known);
    }

    /** The question of an answer stays when that is refreshed. */
    private void renewed(@Nullable Entry known, Entry fresh) {
        if (matcher == null || known == null) {
            return;
        }
        try {
            matcher.renewed(known, fresh);
        } catch (RuntimeException | Error e) {
            tally.failed(e);
        }
    }

    /** Learns which questions have the same answer. */
    void learn(FmCall call, Matcher.@Nullable Found found, FmReply reply, Kept kept) {
        if (matcher == null || found == null) {
            return;
        }
        try {
            ChatResponse whole = isWhole(reply.response(), call.mode()) ? reply.response() : null;
            matcher.answered(found, whole, kept.entry());
        } catch (RuntimeException | Error e) {
            tally.failed(e);
        }
        if (kept.entry() != null && !store.has(kept.entry())) { // it went while it was being added
            matcher.removed(kept.entry());
        }
    }

    /** Keeps a failure that lies in the request. */
    void keepFailure(Lookup lookup, RuntimeException failure) {
        boolean deterministic =
                failure instanceof InvalidRequestException || failure instanceof UnsupportedFeatureException;
        boolean isOfModel = failure.getSuppressed().length == 0; // else of a fallback, or of an interceptor
        if (!deterministic || !isOfModel || !lifetimes.keepsFailures()) {
            return;
        }
        try {
            Entry.Made made = new Entry.Made(time.instant(), time.nanoTime(), lifetimes.ofFailure(), 0, 0);
            store.put(Entry.failure(lookup.key(), failure, lookup.seen(), made), lookup.trace());
        } catch (RuntimeException | Error e) { // of the cache, which must not hide that of the model
            tally.failed(e);
        }
    }

    /** A stream that just stops has no reason to finish; a model that answers at once may never give one. */
    private static boolean isWhole(ChatResponse response, Mode mode) {
        FinishReason reason = response.finishReason();
        return reason == FinishReason.STOP
                || reason == FinishReason.TOOL_EXECUTION
                || (reason == null && mode != Mode.STREAMING);
    }

    /** What was seen before the model was asked, and while it answered: by a tool or a retriever inside of it. */
    private @Nullable Map<Dependency, Long> seenUntilNow(Lookup lookup) {
        Map<Dependency, Long> all = new HashMap<>(lookup.seen());
        if (lookup.trace() != null) {
            Map<Dependency, Long> now = lookup.trace().seen();
            if (now == null) {
                return null;
            }
            now.forEach((what, at) -> all.merge(what, at, Math::min));
        }
        return all;
    }

    /** A provider that answers with a new revision of a model makes the answers of the one before go. */
    private void noteRevision(Lookup lookup, ChatResponse response, Map<Dependency, Long> seen) {
        String revision = response.modelName();
        String before =
                revision == null ? null : revisions.asMap().put(lookup.key().modelAsked(), revision);
        if (before != null && !before.equals(revision)) {
            Dependency model = lookup.key().modelAsked();
            changes.changed(model);
            store.purge(model);
            seen.put(model, changes.now());
        }
    }
}
