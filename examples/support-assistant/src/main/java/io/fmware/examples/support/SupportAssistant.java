package io.fmware.examples.support;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.examples.support.SupportDesk.Patience;
import io.fmware.observability.recorder.FlightRecorder;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line. Exit code 0: done; 1: a question found no answer; 2: something is for the user to put right. */
@Command(
        name = "support-assistant",
        sortOptions = false,
        header = "Answers questions of bank customers from the bank's handbook.",
        description = "Without a question and without --questions: a conversation.",
        footer = {
            "",
            "The environment variable FMWARE_FM chooses the model:",
            "  local    in this process, without key and network (default)",
            "  openai   any compatible server: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL",
            "  ollama   OLLAMA_BASE_URL, OLLAMA_MODEL",
            "FMWARE_BUDGET is what may be spent on it in US dollars: 1.00 by default",
            "FMWARE_FLIGHTS is the directory in which questions are recorded: flights by default; off for none"
        })
public final class SupportAssistant implements Callable<Integer> {
    private static final int OK = 0;
    private static final int NO_ANSWER = 1;
    private static final int USER_ERROR = 2;

    private final Terminal terminal;
    private final Map<String, String> environment;
    private final Supplier<Knowledge> knowledge;

    @Parameters(arity = "0..*", paramLabel = "QUESTION", description = "the question")
    private List<String> words = List.of();

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "answer all of a file: lines, or CSV with text,category")
    private @Nullable Path questions;

    @Option(names = "--limit", paramLabel = "N", description = "only the first N questions of the file")
    private int limit = Integer.MAX_VALUE;

    @Option(names = "--parallel", paramLabel = "N", description = "questions at once; by default the number of cores")
    private int parallel = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", paramLabel = "FILE", description = "write one line of JSON for each question of the file")
    private @Nullable Path json;

    @Option(names = "--faults", description = "let three of ten calls of the model go wrong")
    private boolean faults;

    @Option(names = "--seed", paramLabel = "N", description = "which calls go wrong; by default 1")
    private long seed = 1;

    @Option(names = "--help", usageHelp = true, description = "show this")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    SupportAssistant(Terminal terminal, Map<String, String> environment, Supplier<Knowledge> knowledge) {
        this.terminal = terminal;
        this.environment = environment;
        this.knowledge = knowledge;
    }

    /**
     * Runs the assistant.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(new SupportAssistant(Terminal.system(), System.getenv(), Knowledge::load).run(args));
    }

    int run(String... args) {
        return new CommandLine(this)
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, given) -> complain(e.getMessage() + "; see --help"))
                .setExecutionExceptionHandler((e, command, result) -> complain(messageOf(e)))
                .execute(args);
    }

    private static String messageOf(Exception e) {
        return e instanceof UserError ? String.valueOf(e.getMessage()) : "unexpected: " + e;
    }

    private int complain(String message) {
        terminal.err().println("support-assistant: " + message.replaceAll("\\s+", " "));
        return USER_ERROR;
    }

    @Override
    public Integer call() {
        if (parallel < 1 || limit < 1) {
            throw new UserError((parallel < 1 ? "--parallel" : "--limit") + " must be at least 1");
        }
        if (questions != null && !words.isEmpty()) {
            throw new UserError("give either a question or --questions, not both");
        }
        if (questions == null && (json != null || limit != Integer.MAX_VALUE)) {
            throw new UserError(
                    (json != null ? "--json" : "--limit") + " is for the questions of a file; add --questions FILE");
        }
        if (!words.isEmpty() && String.join(" ", words).isBlank()) {
            throw new UserError("the question is empty; give one, or nothing for a conversation");
        }
        FmSettings settings = FmSettings.of(environment);
        List<Question> all = questions == null ? List.of() : QuestionsFile.read(questions);
        settings.checkReachable();
        Patience patience = faults ? Trouble.PATIENCE : Patience.USUAL;
        ChatModel chosen = settings.chatModel(patience.attempt());
        ChatModel model = faults ? Trouble.with(chosen, seed) : chosen;
        try (FlightRecorder recorder = BlackBox.of(environment, terminal.err());
                SupportDesk desk = new SupportDesk(
                        knowledge.get(),
                        settings,
                        model,
                        FmSettings.standby(),
                        patience,
                        recorder == null ? List.of() : List.of(recorder))) {
            if (faults) {
                desk.answerAnew();
            }
            if (questions != null) {
                List<Question> some = all.subList(0, Math.min(limit, all.size()));
                return new Batch(desk, parallel).report(some, terminal, json) ? OK : NO_ANSWER;
            }
            Talk talk = new Talk(desk, terminal);
            if (!words.isEmpty()) {
                return talk.answer(String.join(" ", words)) ? OK : NO_ANSWER;
            }
            talk.converse();
            return OK;
        }
    }
}
