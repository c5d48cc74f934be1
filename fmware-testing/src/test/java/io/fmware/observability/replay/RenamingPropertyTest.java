package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.event.Redactor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Marks of one process and those of another one belong together as long as that is consistent. */
class RenamingPropertyTest {
    private static final Marks MARKS = Marks.of(Redactor.standard());

    /** What a process with a key of its own leaves of texts that name persons. */
    private static List<ObjectNode> redacted(byte key, List<List<Integer>> texts) {
        byte[] bytes = new byte[32];
        bytes[0] = key;
        Redactor redactor = Redactor.builder().key(bytes).build();
        List<ObjectNode> redacted = new ArrayList<>();
        for (List<Integer> persons : texts) {
            ObjectNode said = JsonNodeFactory.instance.objectNode();
            StringBuilder text = new StringBuilder("Write");
            persons.forEach(each -> text.append(" to person").append(each).append("@example.org,"));
            said.put("text", redactor.redact(text.toString()));
            persons.forEach(each -> said.withArray("to").add(redactor.redact("p" + each + "@example.com")));
            redacted.add(said);
        }
        return redacted;
    }

    private static List<ObjectNode> numbered(List<ObjectNode> said) {
        Map<String, String> numbers = new HashMap<>();
        said.forEach(each -> MARKS.numbered(each, numbers));
        return said;
    }

    private static Renaming renaming(List<ObjectNode> recorded) {
        Map<String, Step> steps = new HashMap<>();
        for (ObjectNode each : recorded) {
            String path = "claim/call:gpt#" + (steps.size() + 1);
            steps.put(path, new Step(path, io.fmware.BoundaryKind.CALL, null, each, List.of()));
        }
        Taped run = new Taped("claim", 1, -1, Map.of(), true, steps, List.of(), null);
        return new Renaming(new Cassette(List.of(run), Map.of(), List.of()), MARKS);
    }

    @Property(tries = 300)
    void the_same_texts_under_another_key_are_the_same_in_whatever_order(
            @ForAll @Size(min = 1, max = 8) List<@Size(max = 4) List<@IntRange(max = 5) Integer>> texts,
            @ForAll byte key,
            @ForAll long seed) {
        List<ObjectNode> recorded = numbered(redacted((byte) 1, texts));
        List<ObjectNode> replayed = redacted(key, texts);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(seed));
        Renaming renaming = renaming(recorded);

        assertThat(order).allMatch(i -> renaming.isSame(recorded.get(i), replayed.get(i)));
        assertThat(order).allMatch(i -> renaming.isSame(recorded.get(i), recorded.get(i)));
        assertThat(order).allMatch(i -> renaming.translated(replayed.get(i)).equals(recorded.get(i)));
    }

    @Property(tries = 300)
    void a_person_in_the_place_of_another_one_is_a_difference_once_both_are_known(
            @ForAll @Size(min = 2, max = 8) List<@Size(min = 1, max = 4) List<@IntRange(max = 5) Integer>> texts,
            @ForAll byte key,
            @ForAll @IntRange(max = 5) int one,
            @ForAll @IntRange(min = 1, max = 5) int shift) {
        int other = (one + shift) % 6;
        List<List<Integer>> before = new ArrayList<>(texts);
        before.add(List.of(one, other));
        List<List<Integer>> then = new ArrayList<>(before);
        then.add(List.of(one));
        List<List<Integer>> now = new ArrayList<>(before);
        now.add(List.of(other));
        List<ObjectNode> recorded = numbered(redacted((byte) 1, then));
        List<ObjectNode> replayed = redacted(key, now);
        Renaming renaming = renaming(recorded);
        int last = then.size() - 1;
        for (int i = 0; i < last; i++) {
            assertThat(renaming.isSame(recorded.get(i), replayed.get(i))).isTrue();
        }

        assertThat(renaming.isSame(recorded.get(last), replayed.get(last))).isFalse();
        assertThat(renaming.isLike(recorded.get(last), replayed.get(last))).isFalse();
        assertThat(renaming.isSame(recorded.get(last), redacted(key, then).get(last)))
                .isTrue(); // nothing was learned of what differs
    }

    @Test
    void a_mark_that_came_with_an_answer_stands_for_itself_and_for_no_other() {
        List<ObjectNode> recorded = numbered(redacted((byte) 1, List.of(List.of(1), List.of(2))));
        Renaming renaming = renaming(recorded);
        List<ObjectNode> real = redacted((byte) 2, List.of(List.of(1), List.of(2)));

        assertThat(renaming.isSame(recorded.get(0), recorded.get(1))).isFalse();
        assertThat(renaming.isSame(recorded.get(0), recorded.get(0))).isTrue();
        assertThat(renaming.isSame(recorded.get(0), real.get(0))).isTrue();
        assertThat(renaming.isSame(recorded.get(0), real.get(1))).isFalse();
    }

    @Test
    void a_mark_of_an_older_cassette_is_that_of_any_of_its_kind() {
        JsonNode recorded = JsonNodeFactory.instance.textNode("to [email:00000000] and [email:00000000]");
        Renaming renaming = renaming(List.of());

        assertThat(renaming.isSame(
                        recorded, JsonNodeFactory.instance.textNode("to [email:12345678] and [email:87654321]")))
                .isTrue();
        assertThat(renaming.isSame(
                        recorded, JsonNodeFactory.instance.textNode("to [email:12345678] and [phone:87654321]")))
                .isFalse();
    }

    @Test
    void a_text_of_the_applications_own_that_looks_like_a_mark_is_compared_as_it_is() {
        JsonNode recorded = JsonNodeFactory.instance.textNode("[order:12345678]");
        Renaming renaming = renaming(List.of());

        assertThat(renaming.isSame(recorded, JsonNodeFactory.instance.textNode("[order:12345678]")))
                .isTrue();
        assertThat(renaming.isSame(recorded, JsonNodeFactory.instance.textNode("[order:87654321]")))
                .isFalse();
    }

    @Test
    void names_of_fields_are_the_same_if_they_are_of_one_kind() {
        ObjectNode recorded = JsonNodeFactory.instance.objectNode().put("[email:00000001]", 1);

        assertThat(renaming(List.of())
                        .isSame(recorded, JsonNodeFactory.instance.objectNode().put("[email:12345678]", 1)))
                .isTrue();
        assertThat(renaming(List.of())
                        .isSame(recorded, JsonNodeFactory.instance.objectNode().put("[email:12345678]", 2)))
                .isFalse();
    }
}
