package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.InternalServerException;
import io.fmware.FmPipeline;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {
    private static final String MODEL = "ScriptedChatModel";

    private static ScriptedChatModel failing() {
        return ScriptedChatModel.of(Script.always(Reply.error(new InternalServerException("down"))));
    }

    private static Retrying retrying(RetryBudget budget) {
        return Retrying.upTo(3).budget(budget).random(() -> 0).build();
    }

    private static RetryBudget.Bucket bucket(RetryBudget budget) {
        return budget.new Bucket();
    }

    @Test
    void retries_stop_when_half_of_the_tokens_are_gone_and_begin_again_with_answers() {
        RetryBudget.Bucket bucket = bucket(RetryBudget.of(4, 0.5));

        assertThat(bucket.failed()).isTrue(); // 3
        assertThat(bucket.failed()).isFalse(); // 2
        assertThat(bucket.failed()).isFalse(); // 1
        for (int i = 0; i < 4; i++) {
            bucket.answered(); // 3
        }
        assertThat(bucket.failed()).isFalse(); // 2
        bucket.answered();
        bucket.answered();
        bucket.answered(); // 3.5
        assertThat(bucket.failed()).isTrue(); // 2.5
    }

    @Test
    void the_bucket_is_never_more_than_full_nor_less_than_empty() {
        RetryBudget.Bucket bucket = bucket(RetryBudget.of(2, 1));

        for (int i = 0; i < 100; i++) {
            bucket.answered();
        }
        assertThat(bucket.failed()).isFalse(); // 1 of 2 left, which is half
        for (int i = 0; i < 100; i++) {
            bucket.failed();
        }
        bucket.answered();
        bucket.answered();
        bucket.answered();
        assertThat(bucket.failed()).isFalse();
    }

    @Property(tries = 200)
    void over_any_stretch_there_are_at_most_ratio_times_the_answers_and_half_a_bucket_of_retries(
            @ForAll @IntRange(min = 1, max = 1000) int tokens,
            @ForAll @DoubleRange(min = 0.001, max = 1) @Scale(3) double ratio,
            @ForAll @DoubleRange(min = 0, max = 1) double failing,
            @ForAll long seed) {
        RetryBudget.Bucket bucket = bucket(RetryBudget.of(tokens, ratio));
        Random random = new Random(seed);
        long answers = 0;
        long retries = 0;
        for (int call = 0; call < 5_000; call++) {
            for (int attempt = 1; attempt <= 5; attempt++) {
                if (random.nextDouble() >= failing) {
                    bucket.answered();
                    answers++;
                    break;
                }
                if (!bucket.failed()) {
                    break;
                }
                retries += attempt < 5 ? 1 : 0;
            }
        }

        assertThat((double) retries).isLessThanOrEqualTo(answers * (ratio + 0.000_5) + tokens / 2.0);
    }

    @Test
    void the_load_is_at_most_a_tenth_more_whatever_the_share_of_calls_that_fail() {
        Random random = new Random(3);
        for (int percent = 0; percent <= 100; percent++) {
            RetryBudget.Bucket bucket = bucket(RetryBudget.standard());
            int calls = 20_000;
            int asked = 0;
            for (int call = 0; call < calls; call++) {
                boolean again = true;
                for (int attempt = 1; attempt <= 3 && again; attempt++) {
                    asked++;
                    again = false;
                    if (random.nextInt(100) < percent) {
                        again = bucket.failed();
                    } else {
                        bucket.answered();
                    }
                }
            }
            assertThat(asked / (double) calls)
                    .as("load at %s %% failures", percent)
                    .isLessThanOrEqualTo(1.10);
        }
    }

    /** The bound that is promised, over any stretch of any sequence of calls that fail now and then, or once in a while. */
    @Property(tries = 300)
    void retries_add_at_most_a_tenth_of_the_answers_and_50_more(
            @ForAll @IntRange(min = 1, max = 40) int everyHowMany,
            @ForAll @IntRange(min = 1, max = 6) int failures,
            @ForAll @IntRange(min = 0, max = 500) int before,
            @ForAll @IntRange(min = 1, max = 1500) int calls) {
        RetryBudget.Bucket bucket = bucket(RetryBudget.standard());
        int[] counts = new int[2]; // asked, answered
        for (int call = 0; call < before + calls; call++) {
            if (call == before) {
                counts = new int[2];
            }
            ask(bucket, call % everyHowMany == 0 ? failures : 0, counts);
        }

        assertThat(counts[0] * 10).isLessThanOrEqualTo(calls * 10 + counts[1] + 500);
    }

    @Test
    void a_fifth_of_500_calls_that_fail_once_make_98_more() {
        RetryBudget.Bucket bucket = bucket(RetryBudget.standard());
        int[] counts = new int[2];
        for (int call = 0; call < 500; call++) {
            ask(bucket, call % 5 == 0 ? 1 : 0, counts);
        }

        assertThat(counts[0]).isEqualTo(598);
    }

    /** One call of up to five attempts, the first of which fail. */
    private static void ask(RetryBudget.Bucket bucket, int failures, int[] counts) {
        for (int attempt = 1; attempt <= 5; attempt++) {
            counts[0]++;
            if (attempt > failures) {
                bucket.answered();
                counts[1]++;
                return;
            }
            if (!bucket.failed()) {
                return;
            }
        }
    }

    @Test
    void a_model_that_is_down_is_asked_no_more_than_49_times_more_in_all() {
        RetryBudget budget = RetryBudget.standard();
        ScriptedChatModel model = failing();
        try (FmPipeline pipeline = FmPipeline.builder().with(retrying(budget)).build()) {
            for (int i = 0; i < 1_000; i++) {
                assertThatThrownBy(() -> pipeline.wrap(model).chat("Hi")).isInstanceOf(InternalServerException.class);
            }
        }

        assertThat(model.requests()).hasSize(1_033); // of the 49 that were allowed, 16 came after a third attempt
        assertThat(budget.tokens(MODEL)).isZero();
    }

    @Test
    void each_model_has_its_own_and_pipelines_may_share_it() {
        RetryBudget budget = RetryBudget.of(2, 0.1);
        ScriptedChatModel down = failing();
        try (FmPipeline one = FmPipeline.builder().with(retrying(budget)).build();
                FmPipeline other = FmPipeline.builder().with(retrying(budget)).build()) {
            assertThat(budget.tokens(MODEL)).isEqualTo(2);
            assertThatThrownBy(() -> one.wrap(down).chat("Hi")).hasMessage("down");
            assertThat(budget.tokens(MODEL)).isEqualTo(1);
            assertThatThrownBy(() -> other.wrap(down).chat("Hi")).hasMessage("down");

            assertThat(budget.tokens(MODEL)).isZero();
            assertThat(budget.tokens("another")).isEqualTo(2);
            assertThat(down.requests()).hasSize(2);
        }
    }

    @Test
    void no_token_is_lost_or_made_when_many_threads_fail_and_answer_at_once() throws Exception {
        int threads = 4;
        RetryBudget.Bucket bucket = bucket(RetryBudget.of(1000, 1));
        for (int i = 0; i < 250; i++) {
            bucket.failed(); // so that neither end is met
        }
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(pool.submit(() -> {
                    start.await(20, TimeUnit.SECONDS);
                    for (int i = 0; i < 4_000_000; i++) {
                        if (i % 100 < 50) { // so that what a race takes back is seldom nothing
                            bucket.failed();
                        } else {
                            bucket.answered();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(20, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        int allowed = 0;
        while (bucket.failed()) {
            allowed++;
        }
        assertThat(allowed).as("down from 750 of 1000").isEqualTo(249);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1001})
    void other_sizes_are_refused(int tokens) {
        assertThatThrownBy(() -> RetryBudget.of(tokens, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the tokens of a retry budget must be from 1 to 1000, but are " + tokens
                        + "; to retry without bounds use Retrying's withoutBudget()");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 0.000_9, 1.01, Double.NaN})
    void other_ratios_are_refused(double ratio) {
        assertThatThrownBy(() -> RetryBudget.of(100, ratio))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the ratio of a retry budget must be from 0.001 to 1, but is " + ratio
                        + "; 0.1 allows one retry for ten answers");
    }

    @Test
    void it_says_what_it_allows() {
        assertThat(RetryBudget.standard()).hasToString("RetryBudget[maxTokens=100, ratio=0.1]");
    }
}
