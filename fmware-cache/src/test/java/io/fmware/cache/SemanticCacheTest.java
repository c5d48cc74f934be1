package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.AiServices;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.text.Equivalence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SemanticCacheTest {
    private static final List<String> TOPICS =
            List.of("refund", "loan", "card", "mortgage", "overdraft", "passport", "transfer", "cheque");

    /** Puts questions on a topic near to each other, and answers and prompts where their topic is. */
    private static float[] vectorOf(String question) {
        float[] vector = new float[TOPICS.size() * 2];
        int topic = topicOf(question);
        vector[topic] = 1;
        vector[TOPICS.size() + topic] = Math.floorMod(question.hashCode(), 100) / 1_000f;
        return vector;
    }

    private static int topicOf(String text) {
        for (int topic = 0; topic < TOPICS.size(); topic++) {
            if (text.contains(TOPICS.get(topic))) {
                return topic;
            }
        }
        return 0;
    }

    /** One of many ways to ask the same, none of which guards look at. */
    private static String question(int topic, int way) {
        String plain = "How does one get a " + TOPICS.get(topic);
        return (way % 2 == 0 ? "Please, " : "") + plain + (way % 3 == 0 ? ", please" : "") + "?".repeat(1 + way / 6);
    }

    private static EmbeddingModel embedding(Function<String, float[]> vectors) {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(each -> Embedding.from(vectors.apply(each.text())))
                        .toList());
            }
        };
    }

    private static FmCache cache(UnaryOperator<SemanticMatching> matching) {
        return cache(SemanticCacheTest::vectorOf, matching);
    }

    private static FmCache cache(Function<String, float[]> vectors, UnaryOperator<SemanticMatching> matching) {
        return FmCache.builder()
                .random(new Random(1))
                .semantic(matching.apply(SemanticMatching.by(embedding(vectors))
                        .wrongAtMost(0.05)
                        .sameAnswer(Equivalence.exact())))
                .build();
    }

    /** A cache before a model that gives the answer of the topic. */
    private static final class Desk implements AutoCloseable {
        private final FmCache cache;
        private final FmPipeline pipeline;
        private final AtomicInteger asked = new AtomicInteger();
        private final ChatModel model;

        Desk(FmCache cache) {
            this.cache = cache;
            this.pipeline = FmPipeline.builder().with(cache).build();
            this.model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.answering(request -> {
                asked.incrementAndGet();
                return Reply.builder()
                        .text("answer " + topicOf(request.messages().toString()))
                        .id("r" + asked.get())
                        .build();
            })));
        }

        /** Asks in a run, with a prompt around the question. */
        ChatResponse ask(String question) {
            return ask(Map.of(), question, "Dear bank, " + question);
        }

        ChatResponse ask(Map<String, String> said, String question, String prompt) {
            FmRun.Builder run = pipeline.run("ask");
            said.forEach((key, value) -> run.attribute(key, value));
            try (FmRun open = run.open()) {
                FmRun.note(at -> new FmEvent.Asked(at, question));
                return model.chat(
                        ChatRequest.builder().messages(UserMessage.from(prompt)).build());
            }
        }

        /** Asks until the cache has learned that near questions have the same answer. */
        void learn() {
            for (int i = 0; i < 600; i++) {
                ask(question(i % TOPICS.size(), i / TOPICS.size()));
            }
            assertThat(semantic().served()).isPositive();
        }

        /** Asks in a new way until the answer comes from the cache; now and then the cache verifies one. */
        CacheHit askedUntilServed(int topic) {
            for (int way = 1_000; way < 1_020; way++) {
                Optional<CacheHit> hit = CacheHit.of(ask(question(topic, way)));
                if (hit.isPresent()) {
                    return hit.get();
                }
            }
            throw new AssertionError("nothing was served: " + semantic());
        }

        SemanticStats semantic() {
            return cache.semanticStats().orElseThrow();
        }

        @Override
        public void close() {
            pipeline.close();
        }
    }

    @Test
    void nothing_is_served_before_there_is_evidence_and_then_what_is_near() {
        try (Desk desk = new Desk(cache(m -> m))) {
            desk.ask(question(1, 1));
            desk.ask(question(1, 2));
            assertThat(desk.asked).hasValue(2);

            desk.learn();

            CacheHit hit = desk.askedUntilServed(3);
            assertThat(hit.how()).isEqualTo(CacheHit.How.SEMANTIC);
            assertThat(hit.match().asked()).contains("mortgage");
            assertThat(hit.match().answered())
                    .contains("mortgage")
                    .isNotEqualTo(hit.match().asked());
            assertThat(hit.match().score()).isGreaterThanOrEqualTo(hit.match().threshold());
            assertThat(hit.match().toString()).startsWith("Match[similarity=").doesNotContain("mortgage");
            assertThat(desk.cache.stats().semanticHits())
                    .isEqualTo(desk.semantic().served());
            assertThat(desk.semantic().risk()).isLessThanOrEqualTo(0.05);
        }
    }

    @Test
    void what_is_served_is_the_answer_to_the_question() {
        try (Desk desk = new Desk(cache(m -> m))) {
            desk.learn();
            for (int i = 0; i < 200; i++) {
                int topic = i % TOPICS.size();
                assertThat(desk.ask(question(topic, 2_000 + i)).aiMessage().text())
                        .isEqualTo("answer " + topic);
            }
        }
    }

    @Test
    void the_opposite_question_is_not_served_however_near_it_is() {
        try (Desk desk = new Desk(cache(m -> m))) {
            desk.learn();
            for (int i = 0; i < 50; i++) {
                String opposite = "How does one not get a loan" + "?".repeat(1 + i);
                CacheHit.of(desk.ask(opposite))
                        .ifPresent(hit -> assertThat(hit.match().answered()).contains("not"));
            }
        }
    }

    @Test
    void a_turn_without_content_of_its_own_is_not_looked_for() {
        try (Desk desk = new Desk(cache(m -> m))) {
            desk.ask("yes");
            desk.ask("Continue.");
            desk.ask("and why?");

            assertThat(desk.semantic().requests()).isZero();
        }
    }

    @Test
    void a_question_that_nobody_has_said_is_not_looked_for() {
        try (Desk desk = new Desk(cache(m -> m))) {
            desk.model.chat(question(1, 1));
            try (FmRun run = desk.pipeline.run("ask").open()) {
                desk.model.chat(question(1, 2));
                FmRun.note(at -> new FmEvent.Asked(at, "something else"));
                desk.model.chat(question(1, 3));
            }
            assertThat(desk.semantic().requests()).isZero();
            assertThat(desk.cache.stats().misses()).isEqualTo(3);
        }
    }

    @Test
    void another_prompt_around_the_question_another_tenant_and_another_history_are_worlds_of_their_own() {
        try (Desk desk = new Desk(cache(m -> m))) {
            for (int i = 0; i < 600; i++) {
                desk.ask(Map.of("tenant", "acme"), question(0, i), "Answer in English: " + question(0, i));
            }
            assertThat(desk.semantic().served()).isPositive();
            long before = desk.cache.stats().semanticHits();

            for (int i = 0; i < 20; i++) {
                desk.ask(Map.of("tenant", "other"), question(0, 900 + i), "Answer in English: " + question(0, 900 + i));
            }
            desk.ask(Map.of("tenant", "acme"), question(0, 950), "Answer in German: " + question(0, 950));

            assertThat(desk.cache.stats().misses()).isGreaterThan(20);
            assertThat(CacheHit.of(desk.ask(
                            Map.of("tenant", "acme"), question(0, 951), "Answer in French: " + question(0, 951))))
                    .isEmpty();
            assertThat(desk.cache.stats().semanticHits() - before).isLessThanOrEqualTo(19);
        }
    }

    @Test
    void documents_that_were_retrieved_for_a_question_do_not_tell_it_from_others_and_take_its_answer_with_them() {
        try (Desk desk = new Desk(cache(m -> m))) {
            for (int i = 0; i < 600; i++) {
                askWithPage(desk, question(2, i), i % 2 == 0 ? "fees" : "rules");
            }
            assertThat(desk.semantic().served()).isPositive();

            long entries = desk.cache.stats().entries();
            assertThat(desk.cache.changed(Dependency.document("handbook", "fees")))
                    .isPositive();
            assertThat(desk.cache.stats().entries()).isLessThan(entries);
            assertThat(desk.semantic().questions())
                    .isEqualTo((int) desk.cache.stats().entries());
        }
    }

    private static void askWithPage(Desk desk, String question, String page) {
        try (FmRun run = desk.pipeline.run("ask").open()) {
            FmRun.note(at -> new FmEvent.Asked(at, question));
            String text = "The page of the " + page + " says that " + page.repeat(3) + ".";
            Boundaries.retriever(
                            "handbook",
                            query -> List.of(Content.from(TextSegment.from(text, Metadata.from("id", page)))))
                    .retrieve(Query.from(question));
            desk.model.chat(question + "\n\nAnswer using the following information:\n" + text);
        }
    }

    interface Assistant {
        String chat(String question);
    }

    @Test
    void an_ai_service_in_a_run_says_the_question_by_itself() {
        try (Desk desk = new Desk(cache(m -> m))) {
            Assistant assistant = AiServices.create(Assistant.class, desk.model);
            try (FmRun run = desk.pipeline.run("ask").open()) {
                assistant.chat(question(1, 1));
                assistant.chat(question(1, 2));
            }
            assertThat(desk.semantic().requests()).isEqualTo(2);
            assertThat(desk.semantic().labels()).isEqualTo(1);
        }
    }

    @Test
    void an_embedder_that_fails_is_passed_by() {
        FmCache cache = cache(
                question -> {
                    throw new IllegalStateException("down");
                },
                m -> m);
        try (Desk desk = new Desk(cache)) {
            assertThat(desk.ask(question(1, 1)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(CacheHit.of(desk.ask(question(1, 1)))).isPresent(); // the same request
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void an_embedder_that_takes_too_long_is_passed_by() {
        CountDownLatch never = new CountDownLatch(1);
        FmCache cache = cache(
                question -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return new float[] {1};
                },
                m -> m.embeddedWithin(Duration.ofMillis(20)));
        try (Desk desk = new Desk(cache)) {
            assertThat(desk.ask(question(1, 1)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void vectors_of_another_dimension_are_worlds_of_their_own_and_broken_ones_are_passed_by() {
        AtomicReference<float[]> vector = new AtomicReference<>(new float[] {1, 0});
        FmCache cache = cache(question -> vector.get(), m -> m);
        try (Desk desk = new Desk(cache)) {
            desk.ask(question(1, 1));
            vector.set(new float[] {1, 0, 0});
            desk.ask(question(1, 2));
            assertThat(desk.semantic().labels()).isZero();
            desk.ask(question(1, 3));
            assertThat(desk.semantic().labels()).isEqualTo(1);
            vector.set(new float[] {Float.NaN, 0, 0});

            assertThat(desk.ask(question(1, 9)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void an_equivalence_that_throws_is_passed_by() {
        FmCache cache = cache(m -> m.sameAnswer((first, second) -> {
            throw new IllegalStateException("broken");
        }));
        try (Desk desk = new Desk(cache)) {
            desk.ask(question(1, 1));
            assertThat(desk.ask(question(1, 2)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void an_answer_that_somebody_did_not_like_takes_its_near_neighbours_with_it() {
        try (Desk desk = new Desk(cache(m -> m))) {
            ChatResponse first = desk.ask(question(1, 1));
            desk.ask(question(1, 2));
            desk.ask(question(2, 1));
            try (FmRun run = desk.pipeline.run("feedback").open()) {
                FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", first.id()));
            }
            assertThat(desk.cache.stats().entries()).isEqualTo(1);
            assertThat(desk.semantic().questions()).isEqualTo(1);
        }
    }

    @Test
    void nothing_is_served_where_a_wrong_answer_costs_more_than_a_call_is_worth() {
        try (Desk desk = new Desk(cache(m -> m.worth(0, 0, 1)))) {
            for (int i = 0; i < 600; i++) {
                desk.ask(question(i % TOPICS.size(), i / TOPICS.size()));
            }
            assertThat(desk.cache.stats().semanticHits()).isZero();
        }
    }

    @Test
    void where_hardly_anything_is_found_questions_are_looked_for_now_and_then_alone() {
        try (Desk desk = new Desk(cache(m -> m.worth(1, 0.9, 0)))) {
            for (int i = 0; i < 400; i++) {
                desk.ask(Map.of("tenant", "t" + i), question(1, i), question(1, i));
            }
            assertThat(desk.semantic().requests()).isBetween(20L, 100L);
        }
    }

    @Test
    void bad_settings_are_refused() {
        SemanticMatching matching = SemanticMatching.by(embedding(SemanticCacheTest::vectorOf));
        assertThatThrownBy(() -> matching.wrongAtMost(0))
                .hasMessage("wrongAtMost must be above 0 and below 1, but is 0.0");
        assertThatThrownBy(() -> matching.embeddedWithin(Duration.ZERO))
                .hasMessage("embeddedWithin must be positive, but is PT0S");
        assertThatThrownBy(() -> matching.worth(1, -1, 0))
                .hasMessage("the price of lookup must be 0 or more, but is -1.0");
    }
}
