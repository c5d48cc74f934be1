package io.fmware.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MoneyTest {
    private static final long MILLION_DOLLARS = 1_000_000_000_000_000_000L;

    @Test
    void an_amount_is_exact_to_the_picodollar() {
        assertThat(Money.usd("0.1").plus(Money.usd("0.2"))).isEqualTo(Money.usd("0.3"));
        assertThat(Money.usd("0.000000000001")).hasToString("$0.000000000001");
        assertThat(Money.usd("2.5")).hasToString("$2.50").isEqualTo(Money.usd("2.500000000000000"));
        assertThat(Money.usd("0")).isSameAs(Money.ZERO).hasToString("$0.00");
        assertThat(Money.usd("0E+1000000000")).isSameAs(Money.ZERO);
        assertThat(Money.usd("1E+3")).hasToString("$1000.00");
    }

    @Test
    void what_would_have_to_be_rounded_is_refused() {
        assertThatThrownBy(() -> Money.usd("0.0000000000001"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("an amount of dollars must have at most 12 decimals and be at most 9,223,372; give it so");
        assertThatThrownBy(() -> Money.usd("9223373"))
                .hasMessage("an amount of dollars must have at most 12 decimals and be at most 9,223,372; give it so");
        assertThatThrownBy(() -> Money.usd("1E+1000000000"))
                .hasMessage("an amount of dollars must have at most 12 decimals and be at most 9,223,372; give it so");
        assertThatThrownBy(() -> Money.usd("-1")).hasMessage("an amount of money must not be negative, but is -1");
        assertThatThrownBy(() -> Money.usd("ten"))
                .hasMessage("an amount of dollars must be a decimal number such as 0.25, but is 'ten'");
        assertThatThrownBy(() -> Money.usd("1").times(-1))
                .hasMessage("money must not be multiplied by a negative number, but by -1");
    }

    @Test
    @Timeout(5)
    void numbers_without_end_are_refused_at_once() {
        for (String digits :
                List.of("1".repeat(1_000_000), "0." + "0".repeat(1_000_000), "-" + "7".repeat(1_000_000))) {
            assertThatThrownBy(() -> Money.usd(digits))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an amount of dollars must have at most 100 characters, but has " + digits.length()
                            + "; give it with at most 12 decimals");
        }
        BigInteger large = BigInteger.ONE.shiftLeft(1_000_000);
        for (BigDecimal number :
                List.of(new BigDecimal(large), new BigDecimal(large.negate()), new BigDecimal(large, 301_000))) {
            assertThatThrownBy(() -> Money.usd(number))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "an amount of dollars must have at most 12 decimals and be at most 9,223,372; give it so");
        }
        assertThat(Money.usd("0." + "0".repeat(98))).isSameAs(Money.ZERO);
        assertThat(Money.usd("2.5" + "0".repeat(97))).hasToString("$2.50");
    }

    @Property
    void sums_are_those_of_decimal_numbers(
            @ForAll @LongRange(min = 0, max = MILLION_DOLLARS) long a,
            @ForAll @LongRange(min = 0, max = MILLION_DOLLARS) long b) {
        Money one = Money.ofPicodollars(a);
        Money other = Money.ofPicodollars(b);

        assertThat(one.plus(other).toBigDecimal())
                .isEqualByComparingTo(one.toBigDecimal().add(other.toBigDecimal()));
        assertThat(one.plus(other)).isEqualTo(other.plus(one)).hasSameHashCodeAs(other.plus(one));
        assertThat(Money.usd(one.toBigDecimal())).isEqualTo(one);
        assertThat(Money.usd(one.toString().substring(1))).isEqualTo(one);
        assertThat(one.compareTo(other)).isEqualTo(one.toBigDecimal().compareTo(other.toBigDecimal()));
        assertThat(one.plus(Money.ZERO)).isEqualTo(one);
    }

    @Property
    void sums_and_products_never_wrap_round(
            @ForAll @LongRange(min = 0) long a,
            @ForAll @LongRange(min = 0) long b,
            @ForAll @LongRange(min = 0) long c) {
        Money one = Money.ofPicodollars(a);
        Money other = Money.ofPicodollars(b);
        Money most = Money.ofPicodollars(Long.MAX_VALUE);
        BigDecimal exact = one.toBigDecimal().multiply(BigDecimal.valueOf(c));

        assertThat(one.plus(other)).isGreaterThanOrEqualTo(one).isGreaterThanOrEqualTo(other);
        assertThat(one.plus(other).plus(Money.ofPicodollars(c)))
                .isEqualTo(one.plus(other.plus(Money.ofPicodollars(c))));
        assertThat(one.times(c).toBigDecimal()).isEqualByComparingTo(exact.min(most.toBigDecimal()));
    }

    @Property
    void a_cost_is_the_sum_of_its_parts_and_never_more_than_the_bound(
            @ForAll @LongRange(min = 0, max = Integer.MAX_VALUE) long in,
            @ForAll @LongRange(min = 0, max = Integer.MAX_VALUE) long out) {
        Price price = Price.perMillion("2.5", "10").above(200_000, Price.perMillion("5", "15"));
        Money cost = price.cost(new TokenUsage((int) in, (int) out, null)).orElseThrow();
        BigDecimal perIn = new BigDecimal(in > 200_000 ? "0.000005" : "0.0000025");
        BigDecimal perOut = new BigDecimal(in > 200_000 ? "0.000015" : "0.00001");

        assertThat(cost.toBigDecimal())
                .isEqualByComparingTo(
                        perIn.multiply(BigDecimal.valueOf(in)).add(perOut.multiply(BigDecimal.valueOf(out))));
        assertThat(cost.picodollars()).isEqualTo(price.inputAtMost(in) + price.outputAtMost(in) * out);
    }
}
