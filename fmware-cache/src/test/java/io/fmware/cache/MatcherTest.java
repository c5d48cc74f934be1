package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmCall;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.text.Equivalence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MatcherTest {
    private static final CacheKey PARTITION = new CacheKey("", "", "OTHER", "gpt", "", "digest");

    private final Matcher matcher = new Matcher(
            SemanticMatching.by(Desk.embedding(Desk::vectorOf)).sameAnswer(Equivalence.exact()), new Random(1));

    /** Calls are made by pipelines alone. */
    private static void inCall(Consumer<FmCall> test) {
        Interceptor tap = Interceptor.of("tap", Phase.CACHE, (call, next) -> {
            test.accept(call);
            return next.proceed(call);
        });
        try (FmPipeline pipeline = FmPipeline.builder().with(tap).build()) {
            pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.always(Reply.text("yes"))))
                    .chat("question");
        }
    }

    private Entry answered(FmCall call, int way, String text) {
        Entry entry = KnownQuestionsStressTest.entry(text);
        Matcher.Found found = matcher.find(call, PARTITION, Desk.question(1, way), each -> true);
        matcher.answered(found, entry.response(), entry);
        return entry;
    }

    private List<KnownQuestions.Known> near(FmCall call) {
        return matcher.find(call, PARTITION, Desk.question(1, 99), each -> true).near();
    }

    @Test
    void a_new_answer_that_says_the_same_takes_over_the_question_and_votes_with_the_others_still() {
        inCall(call -> {
            Entry old = answered(call, 1, "same");
            Entry other = answered(call, 2, "same");
            Entry fresh = KnownQuestionsStressTest.entry("same");
            matcher.renewed(old, fresh);
            matcher.removed(old);

            assertThat(near(call)).extracting(KnownQuestions.Known::entry).containsExactlyInAnyOrder(fresh, other);
            assertThat(near(call)).extracting(KnownQuestions.Known::answer).containsOnly(1);
            assertThat(matcher.bytes(fresh)).isEqualTo(KnownQuestions.bytes(Desk.question(1, 1), 16));
            assertThat(matcher.bytes(old)).isZero();
        });
    }

    @Test
    void a_new_answer_that_says_something_else_takes_over_the_question_and_votes_for_itself() {
        inCall(call -> {
            Entry old = answered(call, 1, "before");
            answered(call, 2, "before");
            Entry fresh = KnownQuestionsStressTest.entry("after");
            matcher.renewed(old, fresh);
            matcher.removed(old);

            assertThat(near(call)).extracting(KnownQuestions.Known::answer).containsExactlyInAnyOrder(1, 2);
            assertThat(near(call)).extracting(KnownQuestions.Known::entry).contains(fresh);
        });
    }

    @Test
    void what_had_no_question_gives_none_to_what_takes_its_place() {
        Entry failure = Entry.failure(
                PARTITION, new IllegalStateException("no"), Map.of(), new Entry.Made(Instant.EPOCH, 0, 1, 0, 0));

        matcher.renewed(failure, KnownQuestionsStressTest.entry("after"));

        assertThat(matcher.stats().questions()).isZero();
    }
}
