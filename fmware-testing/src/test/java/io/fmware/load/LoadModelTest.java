package io.fmware.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.cost.Money;
import io.fmware.retry.Retrying;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is held against what queueing theory says of cases that it can say something of. */
class LoadModelTest {
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final ServiceTimes USUAL = ServiceTimes.logNormal(Duration.ofMillis(400), 0.5);

    private static LoadModel.Builder constant() {
        return LoadModel.builder(ServiceTimes.constant(TENTH));
    }

    @Test
    void a_model_that_is_not_limited_makes_nobody_wait() {
        LoadResult result = constant().build().at(1_000);

        assertThat(result.percentile(0)).isEqualTo(TENTH);
        assertThat(result.percentile(100)).isEqualTo(TENTH);
        assertThat(result.unanswered()).isZero();
        assertThat(result.attemptsPerCall()).isEqualTo(1);
    }

    @Test
    void as_many_are_in_flight_as_littles_law_says() {
        double mean = 0.4 * Math.exp(0.5 * 0.5 / 2);

        assertThat(LoadModel.builder(USUAL).build().at(10).inFlight()).isCloseTo(10 * mean, within(0.1));
    }

    @Test
    void log_normal_times_have_their_quantiles() {
        LoadResult result = LoadModel.builder(USUAL).build().at(10);

        assertThat(result.percentile(50).toNanos() / 1e6).isCloseTo(400, within(4.0));
        assertThat(result.percentile(95).toNanos() / 1e6).isCloseTo(400 * Math.exp(0.5 * 1.645), within(15.0));
    }

    @Test
    void as_many_are_refused_without_a_queue_as_erlangs_loss_formula_says() {
        double load = 4;
        double blocked = 1;
        for (int slots = 1; slots <= 5; slots++) {
            blocked = load * blocked / (slots + load * blocked);
        }

        LoadResult result = constant().slots(5).queue(0).build().at(load / 0.1);

        assertThat(result.refused()).isCloseTo(blocked, within(0.01));
        assertThat(result.percentile(100)).isEqualTo(TENTH);
    }

    @Test
    void one_slot_is_free_for_as_many_as_it_is_idle() {
        LoadResult result = constant().slots(1).build().at(5); // half of the time

        assertThat(result.percentile(47)).isEqualTo(TENTH);
        assertThat(result.percentile(53)).isGreaterThan(TENTH);
        assertThat(result.inFlight()).isCloseTo(0.5, within(0.01));
    }

    @Test
    void a_call_that_gives_up_while_it_waits_for_its_rate_leaves_it_to_others() {
        LoadModel model = constant()
                .requestsPerMinute(60)
                .deadline(Duration.ofMillis(900))
                .arrivals(Arrivals.even())
                .build();

        assertThat(model.at(2).unanswered()).isCloseTo(0.5, within(0.05)); // one of two a second, for ever
    }

    @Test
    void a_call_that_finds_no_slot_leaves_its_rate_to_others() {
        LoadModel model = constant()
                .slots(1)
                .queue(0)
                .requestsPerMinute(11 * 60)
                .arrivals(Arrivals.even())
                .build();

        LoadResult result = model.at(19.9);

        assertThat(result.refused()).isCloseTo(0.5, within(0.01));
        assertThat(result.percentile(100)).isEqualTo(TENTH);
    }

    @Test
    void a_pause_longer_than_a_day_is_refused() {
        assertThatThrownBy(() -> constant().attempts(2, Duration.ofHours(25)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the back-off must be at most a day, but is PT25H");
    }

    @Test
    void arrivals_at_equal_distance_never_meet() {
        LoadResult result =
                constant().slots(1).arrivals(Arrivals.even()).build().at(9.9);

        assertThat(result.percentile(100)).isEqualTo(TENTH);
    }

    @Test
    void arrivals_in_groups_wait_for_each_other() {
        LoadResult result =
                constant().slots(1).arrivals(Arrivals.inGroupsOf(4)).build().at(0.1);

        assertThat(result.percentile(24)).isEqualTo(TENTH);
        assertThat(result.percentile(76)).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void recorded_arrivals_keep_their_rhythm_at_any_rate() {
        List<Duration> pairs = IntStream.range(0, 40)
                .mapToObj(i -> i % 2 == 0 ? Duration.ofHours(3) : Duration.ZERO)
                .toList();

        LoadResult result =
                constant().slots(1).arrivals(Arrivals.recorded(pairs)).build().at(1);

        assertThat(result.percentile(50)).isEqualTo(TENTH);
        assertThat(result.percentile(51)).isEqualTo(TENTH.multipliedBy(2));
    }

    @Test
    void failures_are_tried_again_as_often_as_allowed() {
        LoadResult result = constant()
                .failures(0.5)
                .attempts(3, Duration.ofMillis(10))
                .withoutRetryBudget()
                .build()
                .at(10);

        assertThat(result.attemptsPerCall()).isCloseTo(1.75, within(0.02));
        assertThat(result.unanswered()).isCloseTo(0.125, within(0.01));
        assertThat(result.refused()).isZero();
        assertThat(result.percentile(100))
                .isLessThan(TENTH.multipliedBy(3).plusMillis(30))
                .isGreaterThan(TENTH.multipliedBy(3));
    }

    @Test
    void a_hedge_cuts_the_tail_at_the_price_of_few_attempts() {
        ServiceTimes tailed = USUAL.withTail(0.03, 10);
        LoadResult without = LoadModel.builder(tailed).build().at(10);
        LoadResult with = LoadModel.builder(tailed)
                .hedgeAfter(Duration.ofMillis(1_100))
                .build()
                .at(10);

        assertThat(with.percentile(99)).isLessThan(without.percentile(99).dividedBy(2));
        assertThat(with.attemptsPerCall()).isBetween(1.02, 1.06);
    }

    @Test
    void a_request_is_given_up_at_its_deadline_and_frees_its_slot() {
        LoadResult result = LoadModel.builder(ServiceTimes.constant(Duration.ofSeconds(10)))
                .slots(1)
                .deadline(Duration.ofSeconds(1))
                .arrivals(Arrivals.even())
                .build()
                .at(1);

        assertThat(result.unanswered()).isEqualTo(1);
        assertThat(result.inFlight()).isCloseTo(1, within(0.01));
        assertThat(result.percentile(99)).isZero();
    }

    @Test
    void who_waits_too_long_is_refused() {
        LoadResult result =
                constant().slots(1).longestWait(Duration.ofMillis(250)).build().at(20);

        assertThat(result.percentile(100)).isLessThanOrEqualTo(TENTH.plusMillis(250));
        assertThat(result.refused()).isCloseTo(0.5, within(0.02));
        assertThat(result.inFlight()).isCloseTo(1, within(0.02));
    }

    @Test
    void a_cache_answers_at_once() {
        LoadResult result = constant().cached(0.4).build().at(10);

        assertThat(result.percentile(38)).isZero();
        assertThat(result.percentile(42)).isEqualTo(TENTH);
        assertThat(result.attemptsPerCall()).isCloseTo(0.6, within(0.01));
    }

    @Test
    void what_it_costs_is_what_its_attempts_cost() {
        LoadResult result = constant()
                .cached(0.5)
                .costPerAttempt(Money.usd("0.002"))
                .seed(7)
                .build()
                .at(10);

        assertThat(result.costPerHour().toBigDecimal().doubleValue())
                .isCloseTo(0.002 * 3600 * 10 * result.attemptsPerCall(), within(0.01));
    }

    @Test
    void what_costs_more_than_there_is_an_amount_for_costs_the_largest_amount() {
        LoadResult result = constant().costPerAttempt(Money.usd("1000")).build().at(10);

        assertThat(result.costPerHour()).isEqualTo(Money.usd("9223372"));
        assertThat(result.toString()).endsWith(", $9223372.00 an hour");
    }

    @Test
    void the_capacity_is_where_the_limit_of_rate_is() {
        LoadModel model = constant().requestsPerMinute(600).build();

        Capacity capacity = model.capacity(Slo.percentile(95, Duration.ofSeconds(2)));

        assertThat(capacity.perSecond()).isBetween(9.7, 10.2);
        assertThat(capacity.limit()).matches("p95 is \\d+ ms, promised is 2000 ms");
    }

    @Test
    void tokens_limit_as_requests_do() {
        LoadModel model = constant().tokensPerMinute(60_000, 500).build();

        assertThat(model.capacity(Slo.percentile(95, Duration.ofSeconds(2))).perSecond())
                .isBetween(1.9, 2.1);
    }

    @Test
    void the_capacity_is_what_slots_can_do_if_the_objective_is_loose() {
        LoadModel model = constant()
                .slots(20)
                .queue(20)
                .costPerAttempt(Money.usd("0.001"))
                .build();

        Capacity capacity =
                model.capacity(Slo.percentile(99, Duration.ofSeconds(1)).unanswered(0.001));

        assertThat(capacity.perSecond()).isBetween(150.0, 200.0);
        assertThat(capacity.costPerHour().toBigDecimal().doubleValue())
                .isCloseTo(capacity.perSecond() * capacity.atThat().attemptsPerCall() * 3.6, within(0.02));
        assertThat(capacity.limit()).endsWith("of the requests get no answer, promised is at most 0.1 %");
        assertThat(capacity.toString())
                .startsWith("up to ")
                .contains(" requests/s meet p99 <= 1000 ms, without an answer <= 0.1 % (");
    }

    @Test
    void a_load_that_breaks_the_promise_only_after_a_while_is_not_borne() {
        LoadModel model = LoadModel.builder(ServiceTimes.constant(Duration.ofMillis(400)))
                .slots(400)
                .build();

        Capacity capacity = model.capacity(Slo.percentile(95, Duration.ofSeconds(2)));

        assertThat(capacity.perSecond()).as("slots do 1,000 a second").isBetween(970.0, 1_045.0);
    }

    @Test
    void no_more_are_in_flight_than_there_are_slots() {
        LoadResult overloaded = LoadModel.builder(ServiceTimes.constant(Duration.ofSeconds(1)))
                .slots(10)
                .calls(1_000)
                .build()
                .at(20);

        assertThat(overloaded.inFlight()).isCloseTo(10, within(0.1));
    }

    @Test
    void the_same_settings_give_the_same_result() {
        LoadModel.Builder builder =
                LoadModel.builder(USUAL).slots(5).failures(0.1).attempts(2, TENTH);

        assertThat(builder.build().at(8)).hasToString(builder.build().at(8).toString());
        assertThat(builder.seed(2).build().at(8).toString())
                .isNotEqualTo(builder.seed(1).build().at(8).toString());
    }

    @Test
    void an_objective_that_nothing_meets_has_no_capacity() {
        Capacity capacity = constant().build().capacity(Slo.percentile(50, Duration.ofMillis(99)));

        assertThat(capacity.perSecond()).isZero();
        assertThat(capacity.costPerHour()).isEqualTo(Money.ZERO);
        assertThat(capacity)
                .hasToString(
                        "no load meets p50 <= 99 ms, without an answer <= 1 %:" + " p50 is 100 ms, promised is 99 ms");
    }

    @Test
    void a_model_without_limits_has_no_capacity_to_be_found() {
        assertThatThrownBy(() -> constant().build().capacity(Slo.percentile(95, Duration.ofSeconds(1))))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessageMatching("the objective is met by \\d+ requests/s and more: nothing in the load model is"
                        + " limited; give it slots\\(..\\), requestsPerMinute\\(..\\) or tokensPerMinute\\(..\\)");
    }

    @Test
    void as_many_attempts_as_may_be_simulated_are_accepted() {
        assertThat(constant().calls(50_000).attempts(100, TENTH).build()).isNotNull();
        assertThat(constant().calls(1_000_000).attempts(5, TENTH).build()).isNotNull();
    }

    @Test
    void a_first_pause_that_is_longer_than_the_longest_does_not_grow() {
        LoadResult result = constant()
                .calls(1_000)
                .failures(0.9)
                .attempts(100, Duration.ofDays(1))
                .withoutRetryBudget()
                .build()
                .at(1);

        assertThat(result.unanswered()).isLessThan(0.01);
        assertThat(result.percentile(0)).isGreaterThanOrEqualTo(TENTH);
        assertThat(result.percentile(100)).isBetween(Duration.ofDays(10), Duration.ofDays(100));
    }

    @Test
    void pauses_grow_to_20_seconds() {
        LoadResult result = constant()
                .calls(1_000)
                .failures(0.5)
                .attempts(10, Duration.ofSeconds(10))
                .withoutRetryBudget()
                .build()
                .at(1);

        assertThat(result.percentile(100)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(10 + 8 * 20 + 1));
    }

    @Test
    void failures_that_answers_pay_for_are_all_tried_again() {
        LoadResult result = constant()
                .failures(0.08)
                .attempts(3, Duration.ofMillis(10))
                .build()
                .at(10);

        assertThat(result.unanswered()).isLessThan(0.002);
    }

    @Test
    void as_many_get_no_answer_as_in_a_pipeline_whose_retry_budget_is_used_up() {
        double failures = 0.2;
        int calls = 5_000;
        Random random = new Random(7);
        AtomicInteger asked = new AtomicInteger();
        ChatModel model = ScriptedChatModel.of(Script.answering(request -> {
            asked.incrementAndGet();
            return random.nextDouble() < failures ? Reply.error(new RateLimitException("down")) : Reply.text("yes");
        }));
        int unanswered = 0;
        try (FmPipeline pipeline = FmPipeline.builder()
                .with(Retrying.upTo(3).random(() -> 0).build())
                .build()) {
            ChatModel wrapped = pipeline.wrap(model);
            for (int i = 0; i < calls; i++) {
                try {
                    wrapped.chat("?");
                } catch (RateLimitException e) {
                    unanswered++;
                }
            }
        }

        LoadResult result = constant()
                .failures(failures)
                .attempts(3, Duration.ofMillis(10))
                .build()
                .at(10);

        assertThat(result.unanswered()).isCloseTo((double) unanswered / calls, within(0.03));
        assertThat(result.attemptsPerCall()).isCloseTo((double) asked.get() / calls, within(0.05));
        assertThat(result.unanswered())
                .as("with a budget that nothing bounds: 0.008")
                .isGreaterThan(0.15);
    }

    @ParameterizedTest
    @MethodSource
    void settings_that_make_no_sense_are_refused(String message, ThrowingCallable setting) {
        assertThatThrownBy(setting)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> settings_that_make_no_sense_are_refused() {
        return Stream.of(
                refused("the service time must be positive, but is PT0S", () -> ServiceTimes.constant(Duration.ZERO)),
                refused(
                        "the median must be positive, but is PT-1S",
                        () -> ServiceTimes.logNormal(Duration.ofSeconds(-1), 0.5)),
                refused("sigma must be 0 to 5, but is NaN", () -> ServiceTimes.logNormal(TENTH, Double.NaN)),
                refused(
                        "at least 20 observed times are wanted, not 3; describe fewer with logNormal(median, sigma)",
                        () -> ServiceTimes.observed(Collections.nCopies(3, TENTH))),
                refused("the factor of slow attempts must be 1 to 10,000, but is 0.5", () -> USUAL.withTail(0.1, 0.5)),
                refused(
                        "the slow attempts must be a share from 0 to 1, such as 0.5 for a half, but is 3.0",
                        () -> USUAL.withTail(3, 10)),
                refused("the size of a group must be 1 to 10,000, but is 0", () -> Arrivals.inGroupsOf(0)),
                refused("at least 20 recorded gaps are wanted, not 0", () -> Arrivals.recorded(List.of())),
                refused(
                        "all recorded gaps are zero; there is no rate in them",
                        () -> Arrivals.recorded(Collections.nCopies(20, Duration.ZERO))),
                refused("a percentile must be above 0 and below 100, but is 100.0", () -> Slo.percentile(100, TENTH)),
                refused(
                        "the time of a percentile must be positive, but is PT0S",
                        () -> Slo.percentile(95, Duration.ZERO)),
                refused(
                        "the requests without an answer must be a share from 0 to 1, such as 0.5 for a half, but is -0.1",
                        () -> Slo.percentile(95, TENTH).unanswered(-0.1)),
                refused(
                        "the number of slots must be at least 1, but is 0",
                        () -> constant().slots(0)),
                refused(
                        "the length of the queue must not be negative, but is -1",
                        () -> constant().queue(-1)),
                refused(
                        "the longest wait must not be negative, but is PT-1S",
                        () -> constant().longestWait(Duration.ofSeconds(-1))),
                refused(
                        "the number of requests per minute must be at least 1, but is 0",
                        () -> constant().requestsPerMinute(0)),
                refused(
                        "an attempt takes 500 tokens, more than the 400 of a whole minute",
                        () -> constant().tokensPerMinute(400, 500).build()),
                refused(
                        "the attempts that fail must be a share from 0 to 1, such as 0.5 for a half, but is 1.1",
                        () -> constant().failures(1.1)),
                refused(
                        "the number of attempts must be 1 to 100, but is 0",
                        () -> constant().attempts(0, TENTH)),
                refused(
                        "the delay of a hedge must be positive, but is PT0S",
                        () -> constant().hedgeAfter(Duration.ZERO)),
                refused(
                        "the deadline must be at most a year, but is PT9600H",
                        () -> constant().deadline(Duration.ofDays(400))),
                refused(
                        "the number of calls must be 1,000 to 1,000,000, but is 10",
                        () -> constant().calls(10)),
                refused(
                        "1000000 calls of up to 6 attempts each may take 6000000 attempts in a run, but at most 5,000,000"
                                + " are simulated; ask for fewer with calls(..) or attempts(..)",
                        () -> constant().calls(1_000_000).attempts(6, TENTH).build()),
                refused(
                        "50000 calls of up to 100 attempts each, each hedged, may take 10000000 attempts in a run, but at"
                                + " most 5,000,000 are simulated; ask for fewer with calls(..) or attempts(..)",
                        () -> constant()
                                .calls(50_000)
                                .attempts(100, TENTH)
                                .hedgeAfter(TENTH)
                                .build()),
                refused(
                        "the rate must be 0.01 to 1,000,000 requests per second, but is 0.0",
                        () -> constant().build().at(0)));
    }

    private static Arguments refused(String message, ThrowingCallable setting) {
        return Arguments.of(message, setting);
    }
}
