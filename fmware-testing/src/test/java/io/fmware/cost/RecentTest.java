package io.fmware.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RecentTest {
    @Property(tries = 200)
    void quantiles_are_those_of_the_last_numbers(
            @ForAll @Size(min = 1, max = 400) List<@IntRange(min = -20, max = 20) Integer> numbers) {
        Recent recent = new Recent();
        numbers.forEach(each -> recent.add(each));

        List<Integer> last = numbers.subList(Math.max(0, numbers.size() - Recent.MOST), numbers.size()).stream()
                .sorted()
                .toList();
        assertThat(recent.size()).isEqualTo(last.size());
        for (int i = 0; i < last.size(); i++) {
            assertThat(recent.quantile((i + .99) / (last.size() + 1))).isEqualTo((double) last.get(i));
        }
    }
}
