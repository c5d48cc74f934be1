package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.cost.Money;
import io.fmware.examples.support.Outcome.Kind;
import io.fmware.examples.support.SupportDesk.Patience;
import io.fmware.testing.ExtractiveChatModel;
import io.fmware.testing.Fault;
import io.fmware.testing.Faults;
import io.fmware.testing.FaultyChatModel;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SupportDeskTest {
    private static final String DELIVERY = "My card has not arrived yet, what should I do?";
    private static final String FROM_DELIVERY =
            "{\"answer\": \"Report it in the app.\", \"sources\": [\"card-delivery\"], \"confidence\": 0.9}";
    private static final String MADE_UP =
            "{\"answer\": \"Ask the wizard.\", \"sources\": [\"wizardry\"], \"confidence\": 0.9}";

    private final ChatModel local = ExtractiveChatModel.create();

    @Test
    void answers_with_the_right_page() {
        try (SupportDesk desk = SharedKnowledge.desk(local)) {
            Outcome outcome = desk.ask("c", DELIVERY);
            assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
            assertThat(outcome.answer().sources()).containsExactly("card-delivery");
            assertThat(outcome.answer().answer()).startsWith("A missing card is reported in the app");
            assertThat(outcome.effort().attempts()).isEqualTo(1);
            assertThat(outcome.effort().tokensIn()).isPositive();
            assertThat(outcome.effort().tokensOut()).isPositive();
        }
    }

    @Test
    void shows_the_pipeline_in_the_order_in_which_it_runs() {
        try (SupportDesk desk = SharedKnowledge.desk(local)) {
            assertThat(desk)
                    .hasToString(
                            "deadlines(cache(fallback(reprompting(retrying(attemptDeadlines(hedging(breaker(concurrencyLimit("
                                    + "budget(model)))))))))) watched by costMeter, cache");
        }
    }

    @Test
    void refuses_what_the_handbook_does_not_hold() {
        try (SupportDesk desk = SharedKnowledge.desk(local)) {
            Outcome outcome = desk.ask("c", "How tall is Mount Everest?");
            assertThat(outcome.kind()).isEqualTo(Kind.REFUSED);
            assertThat(outcome.answer()).isEqualTo(new Answer("I do not know.", List.of(), 0));
        }
    }

    @Test
    void asks_again_where_a_source_is_made_up() {
        ScriptedChatModel model = json(Script.replying(MADE_UP, FROM_DELIVERY));
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            Outcome outcome = desk.ask("c", DELIVERY);
            assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
            assertThat(outcome.answer().answer()).isEqualTo("Report it in the app.");
            assertThat(outcome.effort().reprompts()).isEqualTo(1);
            assertThat(outcome.effort().attempts()).isEqualTo(2);
            assertThat(last(model).messages().toString())
                    .contains("Your last answer was rejected. The answer cites wizardry, which was not given;");
        }
    }

    @Test
    void fails_rather_than_to_return_an_invalid_answer() {
        ScriptedChatModel model = json(Script.always(Reply.text(MADE_UP)));
        try (SupportDesk desk =
                SharedKnowledge.desk(model, json(Script.always(Reply.text("no JSON"))), Patience.USUAL)) {
            Outcome outcome = desk.ask("c", DELIVERY);
            assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
            assertThat(outcome.answer()).isNull();
            assertThat(outcome.failure().message())
                    .startsWith("no valid reply after 3 attempts; last reason: The answer is not JSON: ");
            assertThat(outcome.effort().attempts()).isEqualTo(6);
            assertThat(outcome.effort().fallbacks()).isEqualTo(1);
        }
    }

    @Test
    void tries_again_where_the_first_model_refuses_for_its_load() {
        ChatModel busy = FaultyChatModel.wrap(local, Faults.seeded(1).on(1, Fault.RATE_LIMIT));
        try (SupportDesk desk = SharedKnowledge.desk(busy)) {
            Outcome outcome = desk.ask("c", DELIVERY);
            assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
            assertThat(outcome.effort().retries()).isEqualTo(1);
            assertThat(outcome.effort().fallbacks()).isZero();
            assertThat(outcome.effort().attempts()).isEqualTo(2);
        }
    }

    @Test
    void falls_back_where_the_first_model_goes_on_refusing() {
        ChatModel busy = FaultyChatModel.wrap(
                local,
                Faults.seeded(1).on(1, Fault.RATE_LIMIT).on(2, Fault.RATE_LIMIT).on(3, Fault.SERVER_ERROR));
        try (SupportDesk desk = SharedKnowledge.desk(busy)) {
            Outcome outcome = desk.ask("c", DELIVERY);
            assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
            assertThat(outcome.effort().retries()).isEqualTo(2);
            assertThat(outcome.effort().fallbacks()).isEqualTo(1);
            assertThat(outcome.effort().attempts()).isEqualTo(4);
        }
    }

    @Test
    void stays_inside_deadline_and_budget_in_the_midst_of_faults_and_then_asks_the_free_model() {
        FmSettings poor = FmSettings.of(Map.of("FMWARE_BUDGET", "0.005"));
        ChatModel troubled = Trouble.with(poor.chatModel(Duration.ofSeconds(5)), 3);
        try (SupportDesk desk = new SupportDesk(
                SharedKnowledge.get(), poor, troubled, FmSettings.standby(), Trouble.PATIENCE, List.of())) {
            desk.answerAnew();
            List<Outcome> outcomes =
                    IntStream.range(0, 100).mapToObj(i -> desk.ask(i, DELIVERY)).toList();

            assertThat(outcomes).allSatisfy(outcome -> {
                assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
                assertThat(outcome.duration()).isLessThan(Trouble.PATIENCE.question());
            });
            assertThat(outcomes.get(0).effort().cost().known()).isGreaterThan(Money.ZERO);
            assertThat(outcomes.get(99).effort().fallbacks()).isEqualTo(1);
            assertThat(outcomes.get(99).effort().cost().known()).isEqualTo(Money.ZERO);
            assertThat(desk.balance().spent())
                    .isPositive()
                    .isLessThanOrEqualTo(desk.balance().limit());
            assertThat(desk.balance().reserved()).isZero();
            assertThat(desk.costs().actions())
                    .containsKeys("budget: refused", "retrying: retried", "fallback: fell back");
        }
    }

    @Test
    void an_answer_from_the_cache_costs_nothing_and_says_what_it_saved() {
        FmSettings settings = FmSettings.of(Map.of());
        try (SupportDesk desk = new SupportDesk(
                SharedKnowledge.get(),
                settings,
                settings.chatModel(Duration.ofSeconds(5)),
                FmSettings.standby(),
                SharedKnowledge.patience(60_000, 25_000),
                List.of())) {
            Outcome first = desk.ask("a", DELIVERY);
            Outcome second = desk.ask("b", DELIVERY);

            assertThat(second.effort()).isEqualTo(Effort.NONE);
            assertThat(desk.costs().answersSaved()).isEqualTo(1);
            assertThat(desk.costs().saved()).isEqualTo(first.effort().cost());
        }
    }

    @Test
    void falls_back_where_an_attempt_stalls() {
        ScriptedChatModel stalled = json(Script.always(Reply.never()));
        try (SupportDesk desk = SharedKnowledge.desk(stalled, local, SharedKnowledge.patience(60_000, 50))) {
            Outcome outcome = desk.ask("c", DELIVERY);
            assertThat(outcome.kind()).isEqualTo(Kind.ANSWERED);
            assertThat(outcome.effort().fallbacks()).isEqualTo(1);
        }
    }

    @Test
    void fails_at_the_deadline_where_both_models_stall() {
        ScriptedChatModel stalled = json(Script.always(Reply.never()));
        try (SupportDesk desk = SharedKnowledge.desk(stalled, stalled, SharedKnowledge.patience(500, 50))) {
            Outcome outcome = desk.ask("c", DELIVERY);
            assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
            assertThat(outcome.failure().message()).contains("500 ms");
            assertThat(outcome.duration()).isGreaterThan(Duration.ofMillis(400));
        }
    }

    @Test
    void states_a_failure_where_a_model_breaks() {
        ScriptedChatModel broken = json(Script.always(Reply.error(new IllegalStateException("sk-secret"))));
        try (SupportDesk desk = SharedKnowledge.desk(broken)) {
            Outcome outcome = desk.ask("c", DELIVERY);
            assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
            assertThat(outcome.failure()).isEqualTo(new Failure("the model failed: IllegalStateException", false));
        }
    }

    @Test
    void looks_up_an_account_and_cites_the_tool() {
        try (SupportDesk desk = SharedKnowledge.desk(local)) {
            Outcome balance = desk.ask("c", "What is the balance of account HB-1001?");
            assertThat(balance.answer())
                    .isEqualTo(new Answer("Account HB-1001 has a balance of €1,240.50.", List.of(Accounts.TOOL), 1));
            assertThat(balance.effort().attempts()).isEqualTo(2);
            assertThat(desk.ask("c", "What was the last transaction of account hb-1003?")
                            .answer()
                            .answer())
                    .contains("a transfer of €310.00 to Anna Meyer");
            assertThat(desk.ask("c", "What is the status of account HB-9999?")
                            .answer()
                            .answer())
                    .isEqualTo("There is no account with the id HB-9999.");
        }
    }

    @Test
    void offers_no_tool_for_a_question_without_an_account() {
        ScriptedChatModel model = json(Script.always(Reply.text(FROM_DELIVERY)));
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            desk.ask("c", DELIVERY);
            assertThat(last(model).toolSpecifications()).isEmpty();
        }
    }

    @Test
    void remembers_a_conversation_without_its_passages_until_it_is_forgotten() {
        ScriptedChatModel model = json(Script.always(Reply.text(FROM_DELIVERY)));
        try (SupportDesk desk = SharedKnowledge.desk(model)) {
            desk.ask("a", DELIVERY);
            desk.ask("a", "And how long does a new card take to arrive?");
            List<ChatMessage> second = last(model).messages();
            assertThat(second).hasSize(4);
            assertThat(second.get(0)).isInstanceOf(SystemMessage.class);
            assertThat(((UserMessage) second.get(1)).singleText()).isEqualTo(DELIVERY);
            assertThat(((UserMessage) second.get(3)).singleText()).contains("[source: card-delivery]");

            desk.ask("b", "When will the new card that I ordered be delivered?");
            assertThat(last(model).messages()).hasSize(2);
            desk.forget("a");
            desk.ask("a", "My new card is lost in the post, what now?");
            assertThat(last(model).messages()).hasSize(2);
        }
    }

    @Test
    void asks_the_new_question_where_it_sounds_like_a_rejection() {
        try (SupportDesk desk = SharedKnowledge.desk(local)) {
            desk.ask("c", DELIVERY);
            Outcome outcome = desk.ask("c", "My transfer was rejected, why?");
            assertThat(outcome.answer().sources().get(0)).isEqualTo("transfer-failed-or-declined");
        }
    }

    private static ScriptedChatModel json(Script script) {
        return ScriptedChatModel.builder()
                .script(script)
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .build();
    }

    private static ChatRequest last(ScriptedChatModel model) {
        return model.requests().get(model.requests().size() - 1);
    }
}
