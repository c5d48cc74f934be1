package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.examples.support.AssistantFigures.Sources;
import io.fmware.examples.support.AssistantFigures.UnderFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssistantFiguresTest {
    @TempDir
    Path folder;

    @Test
    void counts_right_first_sources() throws IOException {
        Path csv = Files.writeString(folder.resolve("q.csv"), """
                text,category
                My card has not arrived yet,card_arrival
                My card has not arrived yet,age_limit
                How tall is Mount Everest?,age_limit
                """);
        Sources figures = AssistantFigures.sources(SharedKnowledge.get(), csv, Path.of("src/eval/intent-to-page.tsv"));
        assertThat(figures).isEqualTo(new Sources(3, 1, 1, 0));
        assertThat(figures.share()).isEqualTo(1.0 / 3);
    }

    @Test
    void leaves_no_question_no_exception_and_no_thread_behind_in_the_midst_of_faults() throws IOException {
        Path csv = Files.writeString(folder.resolve("q"), "My card has not arrived yet\n".repeat(100));
        UnderFaults figures = AssistantFigures.faults(SharedKnowledge.get(), csv);
        assertThat(figures.questions()).isEqualTo(100);
        assertThat(figures.answered()).isEqualTo(100);
        assertThat(figures.reprompted()).isPositive();
        assertThat(figures.fellBack()).isPositive();
        assertThat(figures.withoutOutcome()).isZero();
        assertThat(figures.escaped()).isZero();
        assertThat(figures.threadsLeft()).isZero();
    }

    @Test
    void measures_the_median() throws IOException {
        Path csv = Files.writeString(folder.resolve("q"), "My card has not arrived yet\n".repeat(5));
        assertThat(AssistantFigures.p50(SharedKnowledge.get(), csv)).isPositive();
    }
}
