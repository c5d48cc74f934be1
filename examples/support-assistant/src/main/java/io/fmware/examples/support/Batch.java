package io.fmware.examples.support;

import io.fmware.examples.support.Outcome.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Works through many questions, several at once, each a conversation of its own. */
final class Batch {
    private final SupportDesk desk;
    private final int threads;

    /** A question and how it ended. */
    private record Answered(Question question, Outcome outcome) {}

    Batch(SupportDesk desk, int threads) {
        this.desk = desk;
        this.threads = threads;
    }

    /** Hands on the outcomes in the order of the questions. Stops at the first that says that the settings are wrong. */
    void run(List<Question> questions, BiConsumer<Question, Outcome> outcomes) {
        Parallel.forEach(questions, threads, this::answer, answered -> {
            Failure failure = answered.outcome().failure();
            if (failure != null && failure.misconfigured()) {
                throw new UserError(failure.message());
            }
            outcomes.accept(answered.question(), answered.outcome());
        });
    }

    private Answered answer(Question question) {
        Object conversation = new Object();
        try {
            return new Answered(question, desk.ask(conversation, question.text()));
        } finally {
            desk.forget(conversation);
        }
    }

    /** As {@link #run}, with progress and a summary on a terminal; returns whether no question failed. */
    boolean report(List<Question> questions, Terminal terminal, @Nullable Path json) {
        long start = System.nanoTime();
        Summary summary = new Summary();
        Progress progress = new Progress(terminal.err(), terminal.interactive(), questions.size());
        try (OutcomeWriter writer = json == null ? null : new OutcomeWriter(json)) {
            run(questions, (question, outcome) -> {
                summary.add(outcome);
                if (writer != null) {
                    writer.write(question, outcome);
                }
                progress.step();
            });
        }
        summary.print(
                terminal.out(),
                Duration.ofNanos(System.nanoTime() - start),
                desk.costs(),
                desk.balance(),
                desk.reprompts());
        return summary.count(Kind.FAILED) == 0;
    }
}
