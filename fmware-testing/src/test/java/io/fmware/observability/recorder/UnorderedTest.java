package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.event.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What has no order is written in one, and what has one keeps it. */
class UnorderedTest {
    private static String json(Object value) {
        return new String(new ValueJson(Redactor.standard()).of(value), StandardCharsets.UTF_8);
    }

    @Test
    void sets_and_maps_whose_order_differs_from_process_to_process_are_sorted() {
        assertThat(json(Set.of("e", "b", "a", "d", "c"))).isEqualTo("{\"set\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}");
        assertThat(json(Map.of("e", 1, "b", 2, "a", 3, "d", 4, "c", 5)))
                .isEqualTo("{\"map\":{\"a\":3,\"b\":2,\"c\":5,\"d\":4,\"e\":1}}");
        assertThat(json(Set.of(List.of("b", "c"), List.of("a"), 1L)))
                .isEqualTo("{\"set\":[[\"a\"],[\"b\",\"c\"],{\"long\":\"1\"}]}");
    }

    @Test
    void an_order_that_was_made_is_kept() {
        assertThat(json(new LinkedHashSet<>(List.of("b", "a")))).isEqualTo("{\"set\":[\"b\",\"a\"]}");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", 1);
        map.put("a", Collections.unmodifiableMap(new LinkedHashMap<>(Map.of("c", 2))));
        assertThat(json(map)).isEqualTo("{\"map\":{\"b\":1,\"a\":{\"map\":{\"c\":2}}}}");
    }
}
