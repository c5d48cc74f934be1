package io.fmware.examples.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads questions: one on each line, or CSV (RFC 4180) with a column {@code text} and perhaps one {@code category}. */
final class QuestionsFile {
    private static final String TEXT = "text";
    private static final String CATEGORY = "category";
    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .build();

    private QuestionsFile() {}

    /** The questions of a file, in order, at least one. */
    static List<Question> read(Path file) {
        String content = content(file);
        if (file.toString().endsWith(".csv") && !isCsv(content)) {
            throw new UserError("the questions file " + file + " has no column text; its header must be text,category");
        }
        List<Question> questions = isCsv(content)
                ? csv(file, content)
                : content.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .map(line -> new Question(line, ""))
                        .toList();
        if (questions.isEmpty()) {
            throw new UserError("the questions file " + file
                    + " is empty; put one question on each line, or CSV with the" + " header text,category");
        }
        return questions;
    }

    private static String content(Path file) {
        try {
            String content = Files.readString(file);
            return content.startsWith("\ufeff") ? content.substring(1) : content;
        } catch (NoSuchFileException e) {
            throw new UserError("there is no questions file " + file + "; correct --questions");
        } catch (CharacterCodingException e) {
            throw new UserError("the questions file " + file + " is not text in UTF-8; convert it");
        } catch (IOException e) {
            throw new UserError("the questions file " + file + " cannot be read; is it a file that you may read?");
        }
    }

    private static boolean isCsv(String content) {
        String header = content.lines().findFirst().orElse("");
        return Arrays.stream(header.split(",", -1))
                .map(column -> column.strip().replace("\"", ""))
                .anyMatch(TEXT::equals);
    }

    private static List<Question> csv(Path file, String content) {
        List<Question> questions = new ArrayList<>();
        try (MappingIterator<Map<String, String>> rows = CSV.readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(content)) {
            while (rows.hasNextValue()) {
                Map<String, String> row = rows.nextValue();
                String text = row.getOrDefault(TEXT, "").strip();
                if (text.isEmpty()) {
                    throw bad(file, questions.size() + 1, "has no text");
                }
                questions.add(new Question(text, row.getOrDefault(CATEGORY, "").strip()));
            }
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw bad(file, questions.size() + 1, "is not valid CSV (" + reason + ")");
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the content is in memory
        }
        return questions;
    }

    private static UserError bad(Path file, int row, String what) {
        return new UserError("row " + row + " below the header of the questions file " + file + " " + what
                + "; correct it, with quotes around texts that hold commas or quotes");
    }
}
