package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.fmware.BudgetExceededException;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.Target;
import io.fmware.cost.Budget;
import io.fmware.cost.CostMeter;
import io.fmware.cost.CostSummary;
import io.fmware.cost.Estimate;
import io.fmware.cost.EstimateError;
import io.fmware.cost.Money;
import io.fmware.cost.Price;
import io.fmware.cost.PriceTable;
import io.fmware.cost.TokenEstimator;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the pages on tokens, cost and budgets. */
class CostSnippetsTest {

    private static ChatModel scripted() {
        return ScriptedChatModel.builder()
                .script(Script.always(Reply.builder().text("yes").usage(20, 5).build()))
                .provider(ModelProvider.OPEN_AI)
                .defaultRequestParameters(
                        ChatRequestParameters.builder().modelName("gpt-4o-mini").build())
                .build();
    }

    @Test
    void tokens_are_estimated_before_a_call() {
        ChatModel chatModel = scripted();
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Hello")).build();

        // docs:start tokens-estimate
        TokenEstimator estimator = TokenEstimator.standard();
        CostMeter meter = CostMeter.builder().estimator(estimator).build();

        Estimate estimate = meter.estimate(Target.of(chatModel), request);
        long tokens = estimate.inputTokens();

        EstimateError error = estimator.error("OPEN_AI gpt-4o-mini"); // what it was off by so far
        // docs:end tokens-estimate

        assertThat(tokens).isPositive();
        assertThat(error.samples()).isZero();
    }

    @Test
    void cost_is_metered() {
        ChatModel chatModel = scripted();
        List<CostSummary> told = new ArrayList<>();

        // docs:start cost-meter
        CostMeter meter = CostMeter.builder().onRunEnded(told::add).build();
        FmPipeline pipeline = FmPipeline.builder()
                .watch(meter) // calls and attempts
                .metrics(meter) // what interceptors do
                .build();
        ChatModel chat = pipeline.wrap(chatModel);

        try (FmRun run = pipeline.run("claim").tenant("acme").feature("triage").open()) {
            chat.chat("Is this claim complete?");
            meter.summary(run).ifPresent(soFar -> System.out.println(soFar.cost()));
        }
        System.out.println(meter.summary());
        // docs:end cost-meter

        assertThat(told).hasSize(1);
        assertThat(meter.summary().cost()).hasToString("$0.000006");
        pipeline.close();
    }

    @Test
    void prices_are_overridden() {
        // docs:start cost-prices
        PriceTable prices = PriceTable.standard().toBuilder()
                .add("OPEN_AI", "gpt-4o", Price.perMillion("2.25", "9").withCachedInput("1.10")) // as negotiated
                .add("AZURE_OPEN_AI", "our-deployment", Price.perMillion("2.75", "11"))
                .add("OPEN_AI", "our-own-*", Price.free()) // all whose names begin so
                .build();
        // docs:end cost-prices

        assertThat(prices.find("OPEN_AI", "our-own-7b")).isPresent();
    }

    @Test
    void spending_is_bounded() {
        ChatModel chatModel = scripted();

        // docs:start budgets-build
        Budget daily = Budget.of(Money.usd("5.00"))
                .perTenant()
                .perDay()
                .clampOutput() // shorter answers rather than none
                .named("daily")
                .build();
        Budget perRun = Budget.ofTokens(50_000).perRun().named("perRun").build();

        FmPipeline pipeline = FmPipeline.builder().with(daily).with(perRun).build();
        ChatModel chat = pipeline.wrap(chatModel);
        // docs:end budgets-build

        assertThat(chat.chat("Hi")).isEqualTo("yes");
        assertThat(daily.balance().spent()).isEqualByComparingTo("0.000006");
        pipeline.close();
    }

    @Test
    void a_budget_of_nothing_refuses() {
        try (FmPipeline pipeline =
                FmPipeline.builder().with(Budget.of(Money.ZERO).build()).build()) {
            assertThatThrownBy(() -> pipeline.wrap(scripted()).chat("Hi")).isInstanceOf(BudgetExceededException.class);
        }
    }
}
