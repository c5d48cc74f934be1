package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of conversations, users and documents come from outside, and may have been chosen to have one hash code. */
class ChosenHashCodesTest {
    private static final int DOUBLINGS = 15;

    /** Names of one hash code: in each place, Aa and BB have the same. */
    private static List<String> names() {
        List<String> all = new ArrayList<>(List.of(""));
        for (int i = 0; i < DOUBLINGS; i++) {
            List<String> longer = new ArrayList<>(2 * all.size());
            for (String each : all) {
                longer.add(each + "Aa");
                longer.add(each + "BB");
            }
            all = longer;
        }
        return all;
    }

    @Test
    @Timeout(60) // by the square of their number it would be many minutes; in order it is a second
    void entries_of_32_768_names_with_one_hash_code_are_kept_found_and_dropped_one_by_one() {
        Store store = new Store(1L << 30, TimeSource.system(), new Changes(), entry -> {});
        ChatResponse response =
                ChatResponse.builder().aiMessage(AiMessage.from("yes")).build();
        List<String> names = names();
        assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
        for (String name : names) {
            store.put(
                    Entry.answer(
                            new CacheKey(name, name, "OPEN_AI", "gpt", "1", "digest"),
                            response,
                            Map.of(Dependency.conversation(name), 0L),
                            new Entry.Made(Instant.EPOCH, System.nanoTime(), Long.MAX_VALUE / 4, 1, 0)),
                    null);
        }
        assertThat(store.size()).isEqualTo(names.size());

        for (String name : names) {
            assertThat(store.find(new CacheKey(name, name, "OPEN_AI", "gpt", "1", "digest"), null))
                    .isNotNull();
            assertThat(store.purge(Dependency.conversation(name))).isEqualTo(1);
        }

        assertThat(store.size()).isZero();
    }

    @Property
    void the_order_of_dependencies_holds_the_same_ones_to_be_equal(
            @ForAll Dependency.Kind kind,
            @ForAll @IntRange(max = 2) int place,
            @ForAll @IntRange(max = 2) int id,
            @ForAll Dependency.Kind otherKind,
            @ForAll @IntRange(max = 2) int otherPlace,
            @ForAll @IntRange(max = 2) int otherId) {
        Dependency one = of(kind, place, id);
        Dependency other = of(otherKind, otherPlace, otherId);

        assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
    }

    private static Dependency of(Dependency.Kind kind, int place, int id) {
        boolean within = kind == Dependency.Kind.DOCUMENT || kind == Dependency.Kind.MODEL;
        return new Dependency(kind, within ? "p" + place : "", "i" + id);
    }
}
