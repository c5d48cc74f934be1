package io.fmware.examples.support;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes one line of JSON for each question. Not thread-safe. */
final class OutcomeWriter implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BufferedWriter file;

    OutcomeWriter(Path path) {
        try {
            this.file = Files.newBufferedWriter(path);
        } catch (IOException e) {
            throw new UserError("the file " + path + " cannot be written; correct --json");
        }
    }

    void write(Question question, Outcome outcome) {
        ObjectNode line = JSON.createObjectNode().put("question", question.text());
        if (!question.category().isEmpty()) {
            line.put("category", question.category());
        }
        line.put("outcome", outcome.kind().label());
        Answer answer = outcome.answer();
        if (answer != null) {
            line.put("answer", answer.answer());
            answer.sources().forEach(line.putArray("sources")::add);
            line.put("confidence", answer.confidence());
        }
        if (outcome.failure() != null) {
            line.put("failure", outcome.failure().message());
        }
        Effort effort = outcome.effort();
        line.put("attempts", effort.attempts())
                .put("retries", effort.retries())
                .put("reprompts", effort.reprompts())
                .put("fallbacks", effort.fallbacks())
                .put("dollars", effort.cost().known().toBigDecimal())
                .put("millis", outcome.duration().toMillis());
        try {
            file.write(line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
