package io.fmware.observability.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Shows what flight recorders have recorded. Exit code 0: done; 1: nothing was found, or the recording is not intact; 2: something
 * is for the user to put right.
 */
@Command(
        name = "flights",
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        header = "Shows, checks and erases what flight recorders have recorded.",
        footer = {"", "flights COMMAND --help shows the options of each."})
public final class Flights {
    private static final String PICOCLI = "picocli.CommandLine";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private Flights() {}

    /**
     * Runs the command.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        if (!isThere(PICOCLI)) {
            System.err.println(
                    "flights: info.picocli:picocli is not on the class path; add it, or start the jar whose name"
                            + " ends with -cli.jar");
            System.exit(OnRecording.TROUBLE);
        }
        if (System.getProperty("slf4j.internal.verbosity") == null) {
            System.setProperty("slf4j.internal.verbosity", "ERROR"); // no logging provider is needed here
        }
        System.exit(run(Screen.system(), args));
    }

    static boolean isThere(String name) {
        try {
            Class.forName(name, false, Flights.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    static int run(Screen screen, String... args) {
        StringWriter help = new StringWriter();
        CommandLine line = new CommandLine(new Flights())
                .addSubcommand("list", new ListRuns(screen))
                .addSubcommand("show", new ShowRun(screen))
                .addSubcommand("search", new SearchText(screen))
                .addSubcommand("follow", new FollowEvents(screen))
                .addSubcommand("export", new ExportEvents(screen))
                .addSubcommand("verify", new VerifyAll(screen))
                .addSubcommand("test", new WriteTest(screen))
                .addSubcommand("audit", new TakeAudit(screen))
                .addSubcommand("verify-audit", new VerifyAudit(screen))
                .addSubcommand("erase", new EraseRuns(screen))
                .setOut(new PrintWriter(help))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, given) -> complain(screen, e.getMessage() + "; see --help"))
                .setExecutionExceptionHandler((e, command, result) -> failed(screen, e));
        try {
            int code = args.length == 0 ? line.execute("--help") : line.execute(args);
            help.toString().lines().forEach(screen::line);
            screen.flush();
            return code;
        } catch (OutputGone e) {
            return failed(screen, e);
        } catch (OutOfMemoryError e) {
            return complain(screen, "there is not enough memory for that; give more, as in java -Xmx4g -jar ..");
        }
    }

    private static int failed(Screen screen, Exception e) {
        if (e instanceof OutputGone gone) {
            return gone.isUnread()
                    ? OnRecording.OK
                    : complain(screen, "the output cannot be written: " + messageOf(gone.getCause()));
        }
        screen.flush();
        return complain(screen, messageOf(e));
    }

    private static String messageOf(@Nullable Throwable e) {
        if (e instanceof UserError) {
            return String.valueOf(e.getMessage());
        }
        if (e instanceof UncheckedIOException) {
            return messageOf(e.getCause());
        }
        if (e instanceof NotDirectoryException) {
            return e.getMessage() + ": this is no directory";
        }
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": it may not be read";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is there already; name another file";
        }
        if (e instanceof NoSuchFileException missing && missing.getReason() == null) {
            return missing.getFile() + ": there is no such file";
        }
        if (e instanceof IOException) {
            return String.valueOf(e.getMessage());
        }
        return "unexpected: " + e;
    }

    private static int complain(Screen screen, String message) {
        screen.say("flights: " + Shown.cut(message.replaceAll("\\s+", " "), 1_000));
        return OnRecording.TROUBLE;
    }
}
