package io.fmware.provider.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.input.PlainTemplates;
import dev.langchain4j.model.input.PromptTemplate;
import dev.langchain4j.spi.prompt.PromptTemplateFactory;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.provider.Told;
import io.fmware.service.PromptTemplates;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PromptTemplatesTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

    private final Told told = new Told();

    private String rendered(String template) {
        try (FmRun run = FmRun.builder("job").watch(told).open()) {
            return PromptTemplate.from(template, NOON)
                    .apply(Map.of("name", "Ada"))
                    .text();
        }
    }

    @Example
    void the_time_in_a_template_is_a_boundary() {
        assertThat(rendered("{{name}}: {{current_date}} {{current_time}} {{current_date_time}}"))
                .isEqualTo("Ada: 2026-01-02 12:00 2026-01-02T12:00");

        assertThat(told.crossed()).containsExactly("job", "job/clock:prompt-template#1");
    }

    @Example
    void the_time_in_a_template_can_be_replaced_as_one() {
        told.replacing(BoundaryKind.CLOCK, boundary -> LocalDateTime.of(1999, 12, 31, 23, 59));

        assertThat(rendered("{{ current_date }} {{current_time}} {{current_date_time}}"))
                .isEqualTo("1999-12-31 23:59 1999-12-31T23:59");
    }

    @Example
    void a_template_without_the_time_asks_for_none() {
        assertThat(rendered("Dear {{name}}")).isEqualTo("Dear Ada");

        assertThat(told.crossed()).containsExactly("job");
    }

    @Example
    void a_template_that_speaks_of_the_time_without_asking_for_it_asks_for_none() {
        assertThat(rendered("{{name}}: write current_date or {{name}}_time, never current_time"))
                .isEqualTo("Ada: write current_date or Ada_time, never current_time");

        assertThat(told.crossed()).containsExactly("job");
    }

    @Example
    void outside_of_any_run_a_template_is_as_ever() {
        assertThat(PromptTemplate.from("{{current_date}}", NOON).apply(Map.of()).text())
                .isEqualTo("2026-01-02");
    }

    /** Pieces of templates, sound and broken. */
    @Provide
    Arbitrary<String> templates() {
        return Arbitraries.of(
                        "{{name}}",
                        "{{ name }}",
                        "{{nobody}}",
                        "{{missing}}",
                        "{{it's}}",
                        "{{}}",
                        "{{ }}",
                        "{{{name}}}",
                        "{",
                        "{{",
                        "}}",
                        "$1",
                        "\\",
                        "text",
                        "\n",
                        "{{na\nme}}",
                        "{{current_date}}",
                        "{{a b}}")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(pieces -> String.join("", pieces))
                .filter(text -> !text.isBlank());
    }

    @Property
    void templates_are_rendered_and_refused_as_langchain4j_does_it(@ForAll("templates") String template) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("name", "Ada $0 {{name}} \\");
        variables.put("nobody", null);
        variables.put("current_date", "today");
        variables.put("a b", 1);

        assertThat(outcome(new PromptTemplates(), template, variables))
                .isEqualTo(outcome(PlainTemplates.factory(), template, variables));
    }

    private static String outcome(PromptTemplateFactory factory, String template, Map<String, Object> variables) {
        try {
            return factory.create(() -> template).render(variables);
        } catch (RuntimeException e) {
            boolean severalMissing = e.getMessage().endsWith("is missing"); // langchain4j names any of them
            return e.getClass() + (severalMissing ? " missing" : e.getMessage());
        }
    }
}
