package io.fmware.examples.support;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.examples.support.Outcome.Kind;
import io.fmware.examples.support.SupportDesk.Patience;
import io.fmware.testing.ExtractiveChatModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures the assistant with the local model on questions with known intents. For benchmarks. */
public final class AssistantFigures {
    private static final long SEED = 1;
    private static final long MILLIS_TO_END = 5_000;

    private AssistantFigures() {}

    /**
     * How often the right page was cited first.
     *
     * @param questions all questions
     * @param right those whose first source is a page of their intent; a refusal or a failure is not right
     * @param refused those that were refused
     * @param failed those that failed
     */
    public record Sources(int questions, int right, int refused, int failed) {

        /**
         * The share of right first sources.
         *
         * @return from 0 to 1
         */
        public double share() {
            return (double) right / questions;
        }
    }

    /**
     * What three bad calls of ten do to the assistant.
     *
     * @param questions all questions
     * @param answered those that were answered
     * @param refused those that were refused
     * @param failed those that failed with a reason
     * @param reprompted those that took a re-prompt
     * @param fellBack those that took the second model
     * @param withoutOutcome those that ended in none of the three ways
     * @param escaped exceptions that reached a caller or the top of a thread
     * @param threadsLeft threads that were not there before and still are after closing
     */
    public record UnderFaults(
            int questions,
            int answered,
            int refused,
            int failed,
            int reprompted,
            int fellBack,
            int withoutOutcome,
            int escaped,
            int threadsLeft) {}

    /**
     * Counts right first sources.
     *
     * @param csv questions with the columns text and category
     * @param map the pages of each category: lines of category, page and further pages, separated by tabs
     * @return the counts
     */
    public static Sources sources(Path csv, Path map) {
        return sources(Knowledge.load(), csv, map);
    }

    static Sources sources(Knowledge knowledge, Path csv, Path map) {
        Map<String, Set<String>> pages = pagesOf(map);
        Summary summary = new Summary();
        AtomicInteger right = new AtomicInteger();
        List<Question> questions = QuestionsFile.read(csv);
        try (SupportDesk desk = desk(knowledge, ExtractiveChatModel.create(), Patience.USUAL)) {
            new Batch(desk, Runtime.getRuntime().availableProcessors()).run(questions, (question, outcome) -> {
                summary.add(outcome);
                Answer answer = outcome.answer();
                Set<String> expected = pages.getOrDefault(question.category(), Set.of());
                if (answer != null
                        && !answer.sources().isEmpty()
                        && expected.contains(answer.sources().get(0))) {
                    right.incrementAndGet();
                }
            });
        }
        return new Sources(questions.size(), right.get(), summary.count(Kind.REFUSED), summary.count(Kind.FAILED));
    }

    /**
     * How often each part of the retrieval ranks the right page first.
     *
     * @param csv questions with the columns text and category
     * @param map the pages of each category
     * @return the share by variant, from 0 to 1
     */
    public static Map<String, Double> retrieval(Path csv, Path map) {
        return RetrievalFigures.of(Knowledge.load(), csv, map);
    }

    /**
     * Asks all questions of a model that lets three calls of ten go wrong.
     *
     * @param csv questions with a column text
     * @return the counts
     */
    public static UnderFaults faults(Path csv) {
        return faults(Knowledge.load(), csv);
    }

    static UnderFaults faults(Knowledge knowledge, Path csv) {
        List<Question> questions = QuestionsFile.read(csv);
        AtomicInteger escaped = new AtomicInteger();
        Summary summary = new Summary();
        Thread.UncaughtExceptionHandler usual = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> escaped.incrementAndGet());
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (SupportDesk desk = desk(knowledge, Trouble.with(ExtractiveChatModel.create(), SEED), Trouble.PATIENCE)) {
            new Batch(desk, Runtime.getRuntime().availableProcessors())
                    .run(questions, (question, outcome) -> summary.add(outcome));
        } catch (RuntimeException | Error e) {
            escaped.incrementAndGet();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(usual);
        }
        int answered = summary.count(Kind.ANSWERED);
        int refused = summary.count(Kind.REFUSED);
        int failed = summary.count(Kind.FAILED);
        return new UnderFaults(
                questions.size(),
                answered,
                refused,
                failed,
                summary.reprompted(),
                summary.fellBack(),
                questions.size() - answered - refused - failed,
                escaped.get(),
                left(before));
    }

    /**
     * The median time of a question, one at a time, without faults.
     *
     * @param csv questions with a column text
     * @return milliseconds
     */
    public static double p50(Path csv) {
        return p50(Knowledge.load(), csv);
    }

    static double p50(Knowledge knowledge, Path csv) {
        Summary summary = new Summary();
        try (SupportDesk desk = desk(knowledge, ExtractiveChatModel.create(), Patience.USUAL)) {
            new Batch(desk, 1).run(QuestionsFile.read(csv), (question, outcome) -> summary.add(outcome));
        }
        return summary.percentile(0.5).toNanos() / 1e6;
    }

    private static SupportDesk desk(Knowledge knowledge, ChatModel model, Patience patience) {
        SupportDesk desk = new SupportDesk(
                knowledge, FmSettings.of(Map.of()), model, ExtractiveChatModel.create(), patience, List.of());
        desk.answerAnew();
        return desk;
    }

    private static int left(Set<Thread> before) {
        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        for (Thread thread : left) {
            try {
                thread.join(MILLIS_TO_END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        left.removeIf(thread -> !thread.isAlive());
        return left.size();
    }

    static Map<String, Set<String>> pagesOf(Path map) {
        Map<String, Set<String>> pages = new HashMap<>();
        try {
            for (String line : Files.readAllLines(map)) {
                String[] cells = line.split("\t", -1);
                if (!line.startsWith("#") && cells.length > 1) {
                    pages.put(cells[0], Set.copyOf(Arrays.asList(cells).subList(1, cells.length)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pages;
    }

    /**
     * Prints figures.
     *
     * @param args {@code sources CSV MAP}, {@code retrieval CSV MAP}, {@code faults CSV} or {@code p50 CSV}
     */
    public static void main(String[] args) {
        Object figures = switch (args.length == 0 ? "" : args[0]) {
            case "sources" -> sources(Path.of(args[1]), Path.of(args[2]));
            case "retrieval" -> retrieval(Path.of(args[1]), Path.of(args[2]));
            case "faults" -> faults(Path.of(args[1]));
            case "p50" -> p50(Path.of(args[1])) + " ms";
            default -> "usage: AssistantFigures sources CSV MAP | retrieval CSV MAP | faults CSV | p50 CSV";
        };
        System.out.println(figures instanceof Sources s ? s + ", share " + s.share() : figures);
    }
}
