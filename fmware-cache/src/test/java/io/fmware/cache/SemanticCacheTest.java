package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SemanticCacheTest {
    @Test
    void nothing_is_served_before_there_is_evidence_and_then_what_is_near() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            desk.ask(Desk.question(1, 1));
            desk.ask(Desk.question(1, 2));
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
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            desk.learn();
            for (int i = 0; i < 200; i++) {
                int topic = i % Desk.TOPICS.size();
                assertThat(desk.ask(Desk.question(topic, 2_000 + i)).aiMessage().text())
                        .isEqualTo("answer " + topic);
            }
        }
    }

    @Test
    void the_opposite_question_is_looked_up_and_not_served_however_near_it_is_while_the_plain_one_is() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            desk.learn();
            long before = desk.semantic().requests();
            for (int i = 0; i < 50; i++) {
                String opposite = "How does one not get a loan" + "?".repeat(1 + i);
                CacheHit.of(desk.ask(opposite))
                        .ifPresent(hit -> assertThat(hit.match().answered()).contains("not"));
            }
            assertThat(desk.semantic().requests() - before).isEqualTo(50);
            assertThat(desk.askedUntilServed(1).match().answered()).doesNotContain("not");
        }
    }

    @Test
    void a_turn_without_content_of_its_own_is_not_looked_up() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            desk.ask("yes");
            desk.ask("Continue.");
            desk.ask("and why?");

            assertThat(desk.semantic().requests()).isZero();
        }
    }

    @Test
    void a_question_that_nobody_has_said_is_not_looked_up() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            desk.model.chat(Desk.question(1, 1));
            try (FmRun run = desk.pipeline.run("ask").open()) {
                desk.model.chat(Desk.question(1, 2));
                FmRun.note(at -> new FmEvent.Asked(at, "something else"));
                desk.model.chat(Desk.question(1, 3));
            }
            assertThat(desk.semantic().requests()).isZero();
            assertThat(desk.cache.stats().misses()).isEqualTo(3);
        }
    }

    @Test
    void another_prompt_around_the_question_another_tenant_and_another_history_are_worlds_of_their_own() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            for (int i = 0; i < 600; i++) {
                desk.ask(Map.of("tenant", "acme"), Desk.question(0, i), "Answer in English: " + Desk.question(0, i));
            }
            assertThat(desk.semantic().served()).isPositive();
            long before = desk.cache.stats().semanticHits();

            for (int i = 0; i < 20; i++) {
                desk.ask(
                        Map.of("tenant", "other"),
                        Desk.question(0, 900 + i),
                        "Answer in English: " + Desk.question(0, 900 + i));
            }
            desk.ask(Map.of("tenant", "acme"), Desk.question(0, 950), "Answer in German: " + Desk.question(0, 950));

            assertThat(desk.cache.stats().misses()).isGreaterThan(20);
            assertThat(CacheHit.of(desk.ask(
                            Map.of("tenant", "acme"),
                            Desk.question(0, 951),
                            "Answer in French: " + Desk.question(0, 951))))
                    .isEmpty();
            assertThat(desk.cache.stats().semanticHits() - before).isLessThanOrEqualTo(19);
        }
    }

    @Test
    void documents_that_were_retrieved_for_a_question_do_not_tell_it_from_others_and_take_its_answer_with_them() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            for (int i = 0; i < 600; i++) {
                desk.askWithPages(Desk.question(2, i), i % 2 == 0 ? "fees" : "rules");
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

    interface Assistant {
        String chat(String question);
    }

    @Test
    void an_ai_service_in_a_run_says_the_question_by_itself() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            Assistant assistant = AiServices.create(Assistant.class, desk.model);
            try (FmRun run = desk.pipeline.run("ask").open()) {
                assistant.chat(Desk.question(1, 1));
                assistant.chat(Desk.question(1, 2));
            }
            assertThat(desk.semantic().requests()).isEqualTo(2);
            assertThat(desk.semantic().labels()).isEqualTo(1);
        }
    }

    @Test
    void an_embedder_that_fails_is_passed_by() {
        FmCache cache = Desk.cache(
                question -> {
                    throw new IllegalStateException("down");
                },
                m -> m);
        try (Desk desk = new Desk(cache)) {
            assertThat(desk.ask(Desk.question(1, 1)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(CacheHit.of(desk.ask(Desk.question(1, 1)))).isPresent(); // the same request
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void an_embedder_that_takes_too_long_is_passed_by() {
        CountDownLatch never = new CountDownLatch(1);
        FmCache cache = Desk.cache(
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
            assertThat(desk.ask(Desk.question(1, 1)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void vectors_of_another_dimension_are_worlds_of_their_own_and_broken_ones_are_passed_by() {
        AtomicReference<float[]> vector = new AtomicReference<>(new float[] {1, 0});
        FmCache cache = Desk.cache(question -> vector.get(), m -> m);
        try (Desk desk = new Desk(cache)) {
            desk.ask(Desk.question(1, 1));
            vector.set(new float[] {1, 0, 0});
            desk.ask(Desk.question(1, 2));
            assertThat(desk.semantic().labels()).isZero();
            desk.ask(Desk.question(1, 3));
            assertThat(desk.semantic().labels()).isEqualTo(1);
            vector.set(new float[] {Float.NaN, 0, 0});

            assertThat(desk.ask(Desk.question(1, 9)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void an_equivalence_that_throws_is_passed_by() {
        FmCache cache = Desk.cache(m -> m.sameAnswer((first, second) -> {
            throw new IllegalStateException("broken");
        }));
        try (Desk desk = new Desk(cache)) {
            desk.ask(Desk.question(1, 1));
            assertThat(desk.ask(Desk.question(1, 2)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void an_answer_that_somebody_did_not_like_takes_its_near_neighbours_with_it() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            ChatResponse first = desk.ask(Desk.question(1, 1));
            desk.ask(Desk.question(1, 2));
            desk.ask(Desk.question(2, 1));
            try (FmRun run = desk.pipeline.run("feedback").open()) {
                FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", first.id()));
            }
            assertThat(desk.cache.stats().entries()).isEqualTo(1);
            assertThat(desk.semantic().questions()).isEqualTo(1);
        }
    }

    @Test
    void nothing_is_served_where_a_wrong_answer_costs_more_than_a_call_is_worth_and_that_is_not_counted_as_served() {
        try (Desk cheap = new Desk(Desk.cache(m -> m.costs(Costs.ofCall(1).wrongAnswer(0))));
                Desk expensive =
                        new Desk(Desk.cache(m -> m.costs(Costs.ofCall(1).wrongAnswer(1e9))))) {
            cheap.askInManyWays();
            expensive.askInManyWays();

            assertThat(cheap.cache.stats().semanticHits())
                    .isPositive()
                    .isEqualTo(cheap.semantic().served());
            assertThat(expensive.cache.stats().semanticHits()).isZero();
            assertThat(expensive.semantic().served()).isZero();
            assertThat(expensive.semantic().threshold()).isInfinite();
        }
    }

    @Test
    void where_hardly_anything_is_found_questions_are_looked_up_now_and_then_alone() {
        try (Desk desk = new Desk(Desk.cache(m -> m.costs(Costs.ofCall(1).lookup(0.9))))) {
            for (int i = 0; i < 400; i++) {
                desk.ask(Map.of("tenant", "t" + i), Desk.question(1, i), Desk.question(1, i));
            }
            assertThat(desk.semantic().requests()).isBetween(20L, 100L);
        }
    }

    @Test
    void an_answer_that_is_made_anew_keeps_its_question() {
        ManualClock clock = ManualClock.create();
        try (Desk desk = new Desk(early(clock, m -> m), request -> {
            clock.advance(Duration.ofSeconds(5)); // it is expensive
            return "the same";
        })) {
            desk.ask(Desk.question(1, 1));
            long bytes = desk.cache.stats().bytes();
            clock.advance(Duration.ofMinutes(8).plusSeconds(50)); // 10 s before it expires
            desk.ask(Desk.question(1, 1));
            assertThat(desk.asked).hasValue(2);

            assertThat(desk.semantic().questions()).isEqualTo(1);
            assertThat(desk.cache.stats().bytes()).isEqualTo(bytes);
            desk.ask(Desk.question(1, 2));
            assertThat(desk.semantic().labels()).isEqualTo(1);
        }
    }

    @Test
    void an_equivalence_that_throws_costs_an_answer_that_is_made_anew_its_question_and_nobody_an_answer() {
        ManualClock clock = ManualClock.create();
        FmCache cache = early(
                clock,
                m -> m.sameAnswer((first, second) -> {
                    throw new IllegalStateException("broken");
                }));
        AtomicInteger made = new AtomicInteger();
        try (Desk desk = new Desk(cache, request -> {
            clock.advance(Duration.ofSeconds(5));
            return "answer " + made.incrementAndGet();
        })) {
            desk.ask(Desk.question(1, 1));
            clock.advance(Duration.ofMinutes(8).plusSeconds(50));

            assertThat(desk.ask(Desk.question(1, 1)).aiMessage().text()).isEqualTo("answer 2");
            assertThat(desk.ask(Desk.question(1, 1)).aiMessage().text()).isEqualTo("answer 2");
            assertThat(desk.semantic().questions()).isZero();
            assertThat(cache.stats().bypassed()).isEqualTo(1);
        }
    }

    /** A cache whose answers live ten minutes and are made anew a little before. */
    private static FmCache early(ManualClock clock, UnaryOperator<SemanticMatching> matching) {
        return Desk.builder(Desk::vectorOf, matching)
                .time(clock)
                .random(() -> -1L) // chance at its most impatient
                .timeToLive(Duration.ofMinutes(10))
                .build();
    }

    @Test
    void an_answer_made_from_documents_reaches_only_runs_that_have_found_them_too() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            desk.learn();
            for (int way = 0; way < 20; way++) {
                desk.askWithPages(Desk.question(5, way), "fees", "salaries"); // Ada may read both
            }
            for (int way = 20; way < 40; way++) {
                assertThat(CacheHit.of(desk.askWithPages(Desk.question(5, way), "fees"))
                                .map(CacheHit::dependencies)
                                .orElse(List.of()))
                        .doesNotContain(Dependency.document("handbook", "salaries"));
            }
            long before = desk.semantic().served();
            for (int way = 40; way < 60; way++) {
                desk.askWithPages(Desk.question(5, way), "fees", "salaries", "rules");
            }
            assertThat(desk.semantic().served()).isGreaterThan(before);
        }
    }

    @Test
    void where_everybody_may_see_every_document_answers_made_from_others_are_served() {
        try (Desk desk = new Desk(Desk.cache(SemanticMatching::acrossDocuments))) {
            desk.learn();
            desk.askWithPages(Desk.question(5, 1), "salaries");
            long before = desk.semantic().served();
            for (int way = 20; way < 40; way++) {
                desk.askWithPages(Desk.question(5, way), "fees");
            }
            assertThat(desk.semantic().served()).isGreaterThan(before);
        }
    }

    @Test
    void a_document_that_the_application_names_counts_as_found_by_the_run() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            askNaming(desk, "7", Desk.question(5, 1));
            askNaming(desk, "8", Desk.question(5, 2));
            assertThat(desk.semantic().labels()).isZero();
            askNaming(desk, "7", Desk.question(5, 3));

            assertThat(desk.semantic().labels()).isEqualTo(1); // for it there was a candidate
        }
    }

    private static void askNaming(Desk desk, String page, String question) {
        try (FmRun run = desk.pipeline.run("ask").open()) {
            desk.cache.dependsOn(Dependency.document("wiki", page));
            FmRun.note(at -> new FmEvent.Asked(at, question));
            desk.model.chat(question);
        }
    }

    @Test
    void documents_of_an_answer_that_the_cache_gave_are_not_found_by_the_run() {
        try (Desk desk = new Desk(Desk.cache(m -> m))) {
            try (FmRun run = desk.pipeline.run("ask").open()) {
                desk.cache.dependsOn(Dependency.document("wiki", "7"));
                desk.model.chat("of a page");
            }
            askNaming(desk, "7", Desk.question(5, 1));
            try (FmRun run = desk.pipeline.run("ask").open()) {
                assertThat(CacheHit.of(desk.model.chat(ChatRequest.builder()
                                .messages(UserMessage.from("of a page"))
                                .build())))
                        .isPresent();
                FmRun.note(at -> new FmEvent.Asked(at, Desk.question(5, 2)));
                desk.model.chat(Desk.question(5, 2));
            }

            assertThat(desk.semantic().requests()).isEqualTo(2);
            assertThat(desk.semantic().labels()).isZero();
        }
    }

    @Test
    void a_later_turn_of_a_conversation_is_looked_up_only_where_that_is_wanted() {
        List<ChatMessage> turns = List.of(
                UserMessage.from("Good morning"),
                AiMessage.from("Good morning, how can I help?"),
                UserMessage.from(Desk.question(1, 1)));
        try (Desk first = new Desk(Desk.cache(m -> m));
                Desk later = new Desk(Desk.cache(SemanticMatching::laterTurnsToo))) {
            first.ask(Map.of(), Desk.question(1, 1), turns);
            later.ask(Map.of(), Desk.question(1, 1), turns);

            assertThat(first.semantic().requests()).isZero();
            assertThat(first.semantic().questions()).isZero();
            assertThat(later.semantic().requests()).isEqualTo(1);
            assertThat(later.semantic().questions()).isEqualTo(1);
        }
    }

    @Test
    void bad_settings_are_refused() {
        SemanticMatching matching = SemanticMatching.by(Desk.embedding(Desk::vectorOf));
        assertThatThrownBy(() -> matching.wrongAtMost(0))
                .hasMessage("wrongAtMost must be above 0 and below 1, but is 0.0");
        assertThatThrownBy(() -> matching.embeddedWithin(Duration.ZERO))
                .hasMessage("embeddedWithin must be positive, but is PT0S");
        assertThatThrownBy(() -> matching.embeddedWithin(null)).hasMessage("longest");
        assertThatThrownBy(() -> matching.costs(null)).hasMessage("each");
    }
}
