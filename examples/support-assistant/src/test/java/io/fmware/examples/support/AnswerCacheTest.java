package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.cache.Refusal;
import io.fmware.examples.support.Outcome.Kind;
import io.fmware.testing.ExtractiveChatModel;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
    private static final String DELIVERY = "My card has not arrived yet, what should I do?";
    private static final String MISSING = "I think my new card got lost in the mail";
    private static final String PIN = "How do I change my PIN?";
    private static final String CLOSING = "How can I close my account?";
    private static final String HOURS = "When can I reach support by phone?";
    private static final String EVEREST = "How tall is Mount Everest?";
    private static final String BALANCE = "What is the balance of account HB-1001?";
    private static final List<String> QUESTIONS = List.of(DELIVERY, MISSING, PIN, CLOSING, HOURS, EVEREST);

    private final ChatModel local = ExtractiveChatModel.create();
    private final ScriptedChatModel model = ScriptedChatModel.builder()
            .script(Script.answering(
                    request -> Reply.text(local.chat(request).aiMessage().text())))
            .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
            .build();

    @Test
    void answers_to_other_customers_come_from_the_cache_and_are_the_same() {
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            List<Answer> first = answers(desk, "ada");
            assertThat(model.requests()).hasSize(QUESTIONS.size());

            assertThat(answers(desk, "bob")).isEqualTo(first);
            assertThat(model.requests()).hasSize(QUESTIONS.size());
            assertThat(desk.cacheStats().hits()).isEqualTo(QUESTIONS.size());
        }
    }

    @Test
    void an_answer_from_the_cache_takes_no_attempt_and_no_token() {
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            desk.ask("ada", DELIVERY);
            assertThat(desk.ask("bob", DELIVERY).effort()).isEqualTo(Effort.NONE);
        }
    }

    @Test
    void only_answers_from_a_page_that_is_revised_are_asked_for_anew() {
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            List<Answer> before = answers(desk, "ada");
            int asked = model.requests().size();

            assertThat(desk.revise(deliveryWith("reported in the app", "reported by phone")))
                    .isEqualTo(2);
            List<Answer> after = answers(desk, "bob");

            assertThat(questionsSince(asked)).containsExactly(DELIVERY, MISSING);
            assertThat(before.get(0).answer()).startsWith("A missing card is reported in the app");
            assertThat(after.get(0).answer()).startsWith("A missing card is reported by phone");
            assertThat(after.subList(2, after.size())).isEqualTo(before.subList(2, before.size()));
            assertThat(answers(desk, "cleo")).isEqualTo(after);
            assertThat(questionsSince(asked)).hasSize(2);
        }
    }

    @Test
    void a_page_that_the_handbook_does_not_have_cannot_be_revised() {
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            Page tea = new Page("tea", "Tea", List.of(), List.of());
            assertThatThrownBy(() -> desk.revise(tea))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the handbook has no page tea to be replaced");
        }
    }

    @Test
    void the_same_question_in_other_words_is_asked_for_itself() {
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            desk.ask("ada", DELIVERY);
            desk.ask("bob", "What should I do if my card has not arrived yet?");
            assertThat(model.requests()).hasSize(2);
        }
    }

    @Test
    void what_an_account_holds_is_looked_up_for_each_customer_and_not_kept() {
        try (SupportDesk desk = SharedKnowledge.desk(local)) {
            for (String customer : List.of("ada", "bob")) {
                Outcome balance = desk.ask(customer, BALANCE);
                assertThat(balance.answer().sources()).containsExactly(Accounts.TOOL);
                assertThat(balance.effort().attempts()).isEqualTo(2);
            }
            assertThat(desk.cacheStats().entries()).isZero();
            assertThat(desk.cacheStats().refused()).isEqualTo(Map.of(Refusal.TOOLS, 4L));
        }
    }

    @Test
    void a_question_after_one_about_an_account_is_neither_kept_nor_answered_from_the_cache() {
        try (SupportDesk desk = SharedKnowledge.desk(local)) {
            desk.ask("bob", DELIVERY);
            desk.ask("ada", BALANCE);
            assertThat(desk.ask("ada", DELIVERY).effort().attempts()).isEqualTo(1);
            assertThat(desk.cacheStats().entries()).isEqualTo(1);
            assertThat(desk.cacheStats().hits()).isZero();
        }
    }

    @Test
    void a_question_after_one_that_failed_is_not_kept() {
        ScriptedChatModel broken = ScriptedChatModel.of(Script.always(Reply.error(new IllegalStateException())));
        try (SupportDesk desk = SharedKnowledge.desk(broken, broken, SupportDesk.Patience.USUAL)) {
            desk.ask("ada", BALANCE);
            desk.ask("ada", DELIVERY);
            assertThat(desk.cacheStats().refused()).isEqualTo(Map.of(Refusal.TOOLS, 1L, Refusal.LATER_TURN, 1L));
        }
    }

    @Test
    void each_answer_is_asked_for_anew_where_that_is_wanted() {
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            desk.answerAnew();
            answers(desk, "ada");
            answers(desk, "bob");
            assertThat(model.requests()).hasSize(2 * QUESTIONS.size());
        }
    }

    /** Asks everything, each time as the first question of a conversation. */
    private static List<Answer> answers(SupportDesk desk, String customer) {
        List<Answer> answers = new ArrayList<>();
        for (String question : QUESTIONS) {
            Outcome outcome = desk.ask(customer + " on " + question, question);
            assertThat(outcome.kind()).isEqualTo(question.equals(EVEREST) ? Kind.REFUSED : Kind.ANSWERED);
            answers.add(outcome.answer());
        }
        return answers;
    }

    /** The page on deliveries with other words in it. */
    private static Page deliveryWith(String old, String revised) {
        Page page = SharedKnowledge.get().handbook().pages().stream()
                .filter(each -> each.id().equals("card-delivery"))
                .findFirst()
                .orElseThrow();
        return new Page(
                page.id(),
                page.title(),
                page.sections().stream()
                        .map(section -> new Page.Section(
                                section.heading(),
                                section.statements().stream()
                                        .map(statement -> statement.replace(old, revised))
                                        .toList()))
                        .toList(),
                page.questions());
    }

    /** What the model was asked after so many requests. */
    private List<String> questionsSince(int asked) {
        return model.requests().subList(asked, model.requests().size()).stream()
                .map(request -> request.messages().get(1).toString())
                .map(prompt ->
                        QUESTIONS.stream().filter(prompt::contains).findFirst().orElse(prompt))
                .toList();
    }
}
