package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.RunScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What happens in the same way is recorded in the same way, and replays, however hash tables are laid out this time. */
class SameCassettePropertyTest {
    /** The first four have one hash code. */
    private static final List<String> NAMES = List.of("AaAa", "BBBB", "AaBB", "BBAa", "letter", "policy");

    @Provide
    Arbitrary<List<String>> orders() {
        return Arbitraries.shuffle(NAMES);
    }

    @Property(tries = 40)
    void recorded_twice_a_cassette_is_the_same_byte_for_byte(
            @ForAll("orders") List<String> one, @ForAll("orders") List<String> other) throws IOException {
        Cassette first = recorded(one);
        Cassette second = recorded(other);

        assertThat(CassetteFile.text(second)).isEqualTo(CassetteFile.text(first));
        Flights.replayed(Replay.of(first), () -> application(other));
    }

    private static Cassette recorded(List<String> order) throws IOException {
        Path directory = Files.createTempDirectory("same");
        try {
            return new Flights(directory).recorded(() -> application(order));
        } finally {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static Object application(List<String> order) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        Map<String, Object> found = new HashMap<>();
        Set<String> names = new HashSet<>();
        order.forEach(each -> inputs.put(each, each.length()));
        order.forEach(each -> found.put(each, each));
        names.addAll(order);
        inputs.put("names", names);
        inputs.put("nested", List.of(found));
        RunScope place = Objects.requireNonNull(FmRun.currentScope()).reserve(BoundaryKind.AGENT, "intake");
        return place.cross(
                BoundaryKind.AGENT,
                "intake",
                inputs,
                given -> FmRun.cross(BoundaryKind.TOOL, "look", found, in -> names));
    }
}
