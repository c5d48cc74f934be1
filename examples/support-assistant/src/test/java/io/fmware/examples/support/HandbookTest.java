package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.examples.support.Page.Section;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandbookTest {

    @Test
    void has_eighty_pages_each_with_sections_and_questions() {
        assertThat(Handbook.load().pages()).hasSize(80).allSatisfy(page -> {
            assertThat(page.title()).isNotEqualTo(page.id());
            assertThat(page.sections()).hasSizeGreaterThan(1);
            assertThat(page.questions()).hasSizeGreaterThan(3);
        });
    }

    @Test
    void reads_title_sections_and_questions_of_a_page() {
        assertThat(Handbook.parse("tea", """
                        # Tea

                        Tea is free.

                        ## Kinds

                        - Green tea is on the left.
                        - Black tea is on the right.

                        ## Customers ask

                        - Is there tea?
                        """))
                .isEqualTo(new Page(
                        "tea",
                        "Tea",
                        List.of(
                                new Section("", List.of("Tea is free.")),
                                new Section(
                                        "Kinds", List.of("Green tea is on the left.", "Black tea is on the right."))),
                        List.of("Is there tea?")));
    }

    @Test
    void has_a_page_for_every_intent_of_the_evaluation() {
        Handbook handbook = Handbook.load();
        assertThat(AssistantFigures.pagesOf(Path.of("src/eval/intent-to-page.tsv")))
                .hasSize(77)
                .allSatisfy((intent, pages) -> assertThat(pages).isNotEmpty().allMatch(handbook::has));
    }
}
