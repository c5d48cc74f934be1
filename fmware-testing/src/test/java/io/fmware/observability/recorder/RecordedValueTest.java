package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.fmware.AgentPlan;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordedValueTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final EventJson EVENTS = EventJson.redacting(Redactor.standard());
    private static final String SECRET = "sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4";

    record Claim(String id, long amount, @Nullable DayOfWeek day, List<Part> parts) {}

    record Part(String name, double share, int number) {}

    record Strict(String name) {
        Strict {
            if (name.startsWith("[")) {
                throw new IllegalStateException("no marks");
            }
        }
    }

    record Failing(String name) {
        @Override
        public String name() {
            throw new IllegalStateException("no");
        }
    }

    private static FmEvent crossed(@Nullable Object output) {
        return new FmEvent.Crossed(Ticks.origin("r1", 1), "id", "claim", null, output, null);
    }

    private static JsonNode json(@Nullable Object value) {
        return EVENTS.of(crossed(value)).path("output");
    }

    static List<Object> values() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("of", "card");
        map.put("none", null);
        map.put("long", List.of(1L, Set.of()));
        return List.of(
                "text",
                "{\"long\":\"12\"}",
                "",
                true,
                -12,
                1.5,
                1e300,
                -0.0,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                5105105105105100L,
                Long.MIN_VALUE,
                (short) -3,
                (byte) 7,
                1.1f,
                Float.NaN,
                'x',
                '"',
                new BigDecimal("1.10"),
                new BigDecimal("1E+3"),
                new BigInteger("123456789012345678901234567890"),
                UUID.fromString("41111111-1111-4111-8111-111111111111"),
                Ticks.NOON,
                Instant.MIN,
                LocalDate.of(2026, 11, 22),
                LocalTime.of(9, 30),
                LocalDateTime.of(2026, 11, 22, 9, 30, 1, 2),
                ZonedDateTime.of(2026, 11, 22, 9, 30, 0, 0, ZoneId.of("Europe/Berlin")),
                OffsetDateTime.parse("2026-11-22T09:30:00+01:00"),
                Duration.ofMillis(1_500),
                Period.ofDays(3),
                URI.create("https://example.com/a?b=c"),
                DayOfWeek.SUNDAY,
                TimeUnit.DAYS,
                List.of(),
                List.of("a", 1, List.of(2L)),
                List.of(0.25, 0.5),
                Arrays.asList("a", null),
                Set.of("a", "b"),
                map,
                new Claim("c1", 12L, DayOfWeek.MONDAY, List.of(new Part("door", 0.5, 1))),
                new Claim("c1", 12L, null, List.of()),
                AgentPlan.call(List.of("fraud", "cover")),
                AgentPlan.finished("paid"),
                AgentPlan.waiting(),
                UserMessage.from("What are the fees?"),
                AiMessage.builder()
                        .text("low")
                        .thinking("hm")
                        .attributes(Map.of("signature", "abc"))
                        .toolExecutionRequests(List.of(ToolExecutionRequest.builder()
                                .id("t1")
                                .name("fees")
                                .arguments("{ \"of\": \"card\"}")
                                .build()))
                        .build(),
                document(),
                Content.from("text alone"),
                TextSegment.from("text", Metadata.from("source", "a.md")),
                Embedding.from(new float[] {0.1f, -2f, Float.MIN_VALUE}),
                ModerationResponse.builder()
                        .moderation(Moderation.flagged("bad"))
                        .build(),
                ModerationResponse.builder()
                        .moderation(Moderation.notFlagged())
                        .metadata(Map.of("model", "m1"))
                        .build(),
                result("12 EUR").build(),
                result("12 EUR").result("12 EUR").build(),
                result("12").result(12).isError(true).build(),
                result("x")
                        .result(new Part("door", 1, 2))
                        .attributes(Map.of("a", 1L))
                        .build(),
                ToolExecutionResult.builder()
                        .resultContents(List.of(TextContent.from("a"), ImageContent.from("https://example.com/a.png")))
                        .build(),
                ToolExecutionResult.builder().resultTextSupplier(() -> null).build(),
                ToolExecutionResult.builder().resultTextSupplier(() -> "later").build());
    }

    private static ToolExecutionResult.Builder result(String text) {
        return ToolExecutionResult.builder().resultText(text);
    }

    private static Content document() {
        Metadata metadata = Metadata.from("source", "a.md")
                .put("page", 3)
                .put("size", 5_000_000_000L)
                .put("id", new UUID(1, 2))
                .put("weight", 1.5f);
        return Content.from(
                TextSegment.from("The fees are low.", metadata),
                Map.of(ContentMetadata.SCORE, 0.87, ContentMetadata.EMBEDDING_ID, "e1"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void a_value_is_made_again_as_it_was(Object value) throws IOException {
        JsonNode whole = Restored.whole(crossed(value));

        assertThat(RecordedValue.restored(whole.path("output"))).isEqualTo(value);
        assertThat(EventJson.isRedacted(whole)).isFalse();
    }

    @Test
    void a_tree_of_JSON_that_is_changed_does_not_change_what_was_recorded() {
        JsonNode recorded = json(JSON.createObjectNode().put("claim", 17));

        ((ObjectNode) Objects.requireNonNull(RecordedValue.restored(recorded))).put("claim", 18);

        assertThat(RecordedValue.restored(recorded))
                .isEqualTo(JSON.createObjectNode().put("claim", 17));
    }

    @Test
    void bytes_are_made_again() {
        assertThat((byte[]) RecordedValue.restored(json(new byte[] {1, -2}))).containsExactly(1, -2);
    }

    @Property(tries = 200)
    void texts_and_numbers_are_made_again(
            @ForAll Map<String, List<Long>> map, @ForAll List<String> texts, @ForAll double real) {
        Redactor none = Redactor.standard();
        List<String> clean =
                texts.stream().map(each -> WellFormed.text(none.redact(each))).toList();
        assertThat(RecordedValue.restored(json(clean))).isEqualTo(clean);
        assertThat(RecordedValue.restored(json(real))).isEqualTo(real);
        boolean plain =
                map.keySet().stream().allMatch(each -> WellFormed.text(each).equals(each));
        if (plain && !EventJson.isRedacted(json(map))) {
            assertThat(RecordedValue.restored(json(map))).isEqualTo(map);
        }
    }

    @Test
    void what_agents_took_and_gave_is_made_again() throws IOException {
        Map<String, Object> inputs = Map.of("claim", new Part("door", 0.5, 1), "urgent", true);
        JsonNode started = Restored.whole(new FmEvent.AgentStarted(Ticks.origin("r1", 1), "fraud", inputs, null));
        JsonNode ended =
                Restored.whole(new FmEvent.AgentEnded(Ticks.origin("r1", 1), "fraud", List.of("no", "fraud"), null));

        assertThat(RecordedValue.restored(started.path("inputs"))).isEqualTo(inputs);
        assertThat(RecordedValue.restored(ended.path("output"))).isEqualTo(List.of("no", "fraud"));
        assertThat(RecordedValue.restored(ended.path("nothing"))).isNull();
    }

    @Test
    void results_of_tools_and_documents_are_made_again() throws IOException {
        ToolExecutionResult result = result("12 EUR").result("12 EUR").build();
        ToolExecutionRequest request =
                ToolExecutionRequest.builder().id("t1").name("fees").build();
        JsonNode returned = Restored.whole(new FmEvent.ToolReturned(Ticks.origin("r1", 1), request, result, null));
        JsonNode found = Restored.whole(new FmEvent.RetrievalEnded(
                Ticks.origin("r1", 1), Query.from("fees?"), List.of(document(), Content.from("b")), null));

        assertThat(returned.path("result").toString())
                .isEqualTo("{\"toolResult\":{\"text\":\"12 EUR\",\"objectIsText\":true}}");
        assertThat(RecordedValue.restored(returned.path("result"))).isEqualTo(result);
        assertThat(RecordedValue.restored(found.path("documents"))).isEqualTo(List.of(document(), Content.from("b")));
    }

    @Test
    void texts_are_redacted_one_by_one_and_behind_their_names() {
        assertThat(json(new Claim(SECRET, 5105105105105100L, null, List.of())).toString())
                .matches("\\{\"record\":\"[^\"]*Claim\",\"of\":\\{\"id\":\"\\[openai-key:[0-9a-f]{8}]\","
                        + "\"amount\":\"\\[[a-z-]*card[a-z-]*:[0-9a-f]{8}]\",\"day\":null,\"parts\":\\[]}}");
        assertThat(json(Map.of("password", "hunter2-hunter2")).toString())
                .matches("\\{\"map\":\\{\"password\":\"\\[password:[0-9a-f]{8}]\"}}");
        assertThat(json(Map.of("password", List.of("hunter2-hunter2"))).toString())
                .doesNotContain("hunter2");
        assertThat(json(Map.of(SECRET, 1)).toString()).matches("\\{\"map\":\\{\"\\[openai-key:[0-9a-f]{8}]\":1}}");
        assertThat(json(List.of(SECRET)).toString()).matches("\\[\"\\[openai-key:[0-9a-f]{8}]\"]");
        assertThat(json(new Object() {
                            @Override
                            public String toString() {
                                return SECRET;
                            }
                        })
                        .path("text")
                        .asText())
                .startsWith("[openai-key:");
    }

    @Test
    void what_is_redacted_in_a_record_may_not_fit_it() {
        assertThatThrownBy(() -> RecordedValue.restored(json(new Claim("c1", 5105105105105100L, null, List.of()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record " + Claim.class.getName() + " with components of [class java.lang.String, long,"
                        + " class java.time.DayOfWeek, interface java.util.List] cannot be made of what was recorded; a part"
                        + " of it may have been redacted, or have another type");
        assertThatThrownBy(() -> RecordedValue.restored(json(new Strict(SECRET))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record " + Strict.class.getName() + " does not take what was recorded of it")
                .hasRootCauseMessage("no marks");
    }

    @Test
    void what_is_not_plain_is_shown_as_text_and_not_made_again() {
        JsonNode shown = json(new AtomicInteger(7));

        assertThat(shown.toString())
                .isEqualTo("{\"type\":\"java.util.concurrent.atomic.AtomicInteger\",\"text\":\"7\"}");
        assertThatThrownBy(() -> RecordedValue.restored(shown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a java.util.concurrent.atomic.AtomicInteger was recorded as text only, and cannot be made again; give a record,"
                                + " or a type of the JDK");
    }

    @Test
    void what_holds_itself_or_fails_is_shown_as_text() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThat(json(itself).toString())
                .isEqualTo("{\"type\":\"java.util.ArrayList\",\"text\":\"[(this Collection)]\"}");
        assertThat(json(new Failing("a")).path("text").asText()).isEqualTo("Failing[name=a]");
        assertThat(json(new byte[ValueJson.MOST_BYTES + 1]).toString())
                .isEqualTo("{\"type\":\"[B\",\"text\":\"byte[262145]\"}");
    }

    @Test
    void classes_that_are_not_what_they_were_are_refused() throws IOException {
        assertThatThrownBy(() -> RecordedValue.restored(JSON.readTree("{\"record\":\"java.lang.Runtime\",\"of\":{}}")))
                .hasMessage("java.lang.Runtime was recorded as a record, and is none");
        assertThatThrownBy(() -> RecordedValue.restored(JSON.readTree("{\"enum\":\"java.lang.Runtime\",\"of\":\"A\"}")))
                .hasMessage("java.lang.Runtime was recorded as an enum, and is none");
        assertThatThrownBy(() -> RecordedValue.restored(JSON.readTree("{\"enum\":\"x.Y\",\"of\":\"A\"}")))
                .hasMessage("class x.Y, of which a value was recorded, is not there");
        assertThatThrownBy(
                        () -> RecordedValue.restored(JSON.readTree("{\"enum\":\"java.time.DayOfWeek\",\"of\":\"A\"}")))
                .hasMessage("enum java.time.DayOfWeek has no constant 'A' any more");
        assertThatThrownBy(() -> RecordedValue.restored(
                        JSON.readTree("{\"record\":\"" + Part.class.getName() + "\",\"of\":{\"name\":\"a\"}}")))
                .hasMessage("record " + Part.class.getName()
                        + " was recorded with components [name], but has [name, share, number]");
        assertThatThrownBy(() -> RecordedValue.restored(JSON.readTree("{\"long\":\"abc\"}")))
                .hasMessage("'abc' is no long");
        assertThatThrownBy(() -> RecordedValue.restored(JSON.readTree("{\"newer\":1}")))
                .hasMessage("a value that was recorded as 'newer' is not known here");
        assertThatThrownBy(() -> RecordedValue.restored(JSON.readTree("{}")))
                .hasMessage("an empty object is not a value that was recorded");
        String id = "0123456789abcdef0123456789abcdef";
        assertThatThrownBy(() -> RecordedValue.restored(JSON.readTree("{\"#\":\"" + id + "\",\"n\":1}")))
                .hasMessage("the content " + id + " was not recorded");
    }
}
