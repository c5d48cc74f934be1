package io.fmware.examples.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers one question, or holds a conversation, on a terminal. */
final class Talk {
    private static final String CONVERSATION = "terminal";

    private final SupportDesk desk;
    private final Terminal terminal;

    Talk(SupportDesk desk, Terminal terminal) {
        this.desk = desk;
        this.terminal = terminal;
    }

    /** Returns whether there was an answer; that the answer is not known is one. */
    boolean answer(String question) {
        Outcome outcome = desk.ask(CONVERSATION, question);
        Failure failure = outcome.failure();
        if (failure != null && failure.misconfigured()) {
            throw new UserError(failure.message());
        }
        Answer answer = outcome.answer();
        if (answer == null) {
            terminal.err().println("No answer: " + (failure == null ? "unknown" : failure.message()));
            return false;
        }
        terminal.out().println(answer.answer());
        if (!answer.refused()) {
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "(source: %s; confidence %.2f)",
                            String.join(", ", answer.sources()),
                            answer.confidence()));
        }
        return true;
    }

    /** Answers line by line until the input ends or says {@code exit}. */
    void converse() {
        terminal.out().println("Ask Harbour Bank. Type exit to leave.");
        while (true) {
            terminal.out().print("> ");
            terminal.out().flush();
            String line = readLine();
            if (line == null || line.strip().equalsIgnoreCase("exit")) {
                return;
            }
            if (!line.isBlank()) {
                answer(line.strip());
            }
        }
    }

    private @Nullable String readLine() {
        try {
            return terminal.in().readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
