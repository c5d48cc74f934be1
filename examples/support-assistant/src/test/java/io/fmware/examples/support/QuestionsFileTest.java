package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionsFileTest {
    @TempDir
    Path folder;

    @Test
    void reads_one_question_from_each_line() throws IOException {
        assertThat(QuestionsFile.read(file("Where is my card?\r\n\r\n  Who, me?  \n")))
                .containsExactly(new Question("Where is my card?", ""), new Question("Who, me?", ""));
    }

    @Test
    void reads_csv_with_quotes_commas_and_line_breaks() throws IOException {
        assertThat(QuestionsFile.read(file("""
                text,category
                Plain,a
                "With, comma","b"
                "With ""quotes""\",c
                "On two
                lines",d
                """)))
                .containsExactly(
                        new Question("Plain", "a"),
                        new Question("With, comma", "b"),
                        new Question("With \"quotes\"", "c"),
                        new Question("On two\nlines", "d"));
    }

    @Test
    void reads_csv_with_other_columns_and_a_mark() throws IOException {
        assertThat(QuestionsFile.read(file("\ufeff\"id\",\"text\"\r\n1,Why?\r\n")))
                .containsExactly(new Question("Why?", ""));
    }

    @Test
    void names_the_row_without_a_text() throws IOException {
        Path file = file("text,category\nfine,a\n,b\n");
        assertThatThrownBy(() -> QuestionsFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessage("row 2 below the header of the questions file " + file
                        + " has no text; correct it, with quotes around texts that hold commas or quotes");
    }

    @Test
    void names_the_row_with_too_many_cells() throws IOException {
        Path file = file("text,category\nHello, world, again,a\n");
        assertThatThrownBy(() -> QuestionsFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("row 1 below the header of the questions file " + file + " is not valid CSV (")
                .hasMessageEndingWith("; correct it, with quotes around texts that hold commas or quotes");
    }

    @Test
    void names_the_file_with_a_quote_that_is_never_closed() throws IOException {
        Path file = file("text,category\n\"never closed,a\nmore,b\n");
        assertThatThrownBy(() -> QuestionsFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("row 1 below the header of the questions file " + file + " is not valid CSV (");
    }

    @Test
    void names_a_file_that_is_empty_missing_not_text_or_no_file() throws IOException {
        Path empty = file(" \n\n");
        assertThatThrownBy(() -> QuestionsFile.read(empty))
                .hasMessage("the questions file " + empty
                        + " is empty; put one question on each line, or CSV with the header" + " text,category");
        Path headerOnly = file("text,category\n");
        assertThatThrownBy(() -> QuestionsFile.read(headerOnly)).hasMessageContaining(" is empty; ");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> QuestionsFile.read(missing))
                .hasMessage("there is no questions file " + missing + "; correct --questions");
        Path binary = folder.resolve("binary");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> QuestionsFile.read(binary))
                .hasMessage("the questions file " + binary + " is not text in UTF-8; convert it");
        assertThatThrownBy(() -> QuestionsFile.read(folder))
                .hasMessage("the questions file " + folder + " cannot be read; is it a file that you may read?");
    }

    private Path file(String content) throws IOException {
        return Files.write(folder.resolve("questions"), content.getBytes(StandardCharsets.UTF_8));
    }
}
