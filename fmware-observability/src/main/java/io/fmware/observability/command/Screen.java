package io.fmware.observability.command;

import io.fmware.TimeSource;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** Where the command writes, and its clocks. Not thread-safe. */
final class Screen {
    private static final int BUFFER = 1 << 16;

    private final Writer out;
    private final OutputStream bytes;
    private final PrintStream err;
    private final boolean watched;
    private final boolean coloured;
    private final ZoneId zone;
    private final TimeSource time;
    private final Pause pause;
    private boolean gone;

    /** Waits for more to come. */
    interface Pause {

        /** Returns whether to go on. */
        boolean then(Duration time);
    }

    /**
     * A screen.
     *
     * @param out what was asked for
     * @param err complaints and progress
     * @param charset of out
     * @param watched whether a person sees it
     * @param coloured whether colours are wanted
     */
    Screen(
            OutputStream out,
            PrintStream err,
            Charset charset,
            boolean watched,
            boolean coloured,
            ZoneId zone,
            TimeSource time,
            Pause pause) {
        this.bytes = new java.io.BufferedOutputStream(out, BUFFER);
        this.out = new OutputStreamWriter(bytes, charset);
        this.err = err;
        this.watched = watched;
        this.coloured = coloured;
        this.zone = zone;
        this.time = time;
        this.pause = pause;
    }

    /** That of this process; what is piped is UTF-8. */
    @SuppressWarnings("SystemConsoleNull") // where there always is a console, it is asked whether it is a terminal
    static Screen system() {
        Console console = System.console();
        boolean watched = console != null && isTerminal(console);
        Charset charset = console == null || !watched ? StandardCharsets.UTF_8 : console.charset();
        String colourless = System.getenv("NO_COLOR");
        return new Screen(
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
                charset,
                watched,
                watched && (colourless == null || colourless.isEmpty()),
                ZoneId.systemDefault(),
                TimeSource.system(),
                Screen::sleep);
    }

    /** Before JDK 22 there is a console only on a terminal. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static boolean sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Writes a line of what was asked for, which is escaped by now. */
    void line(String text) {
        try {
            out.write(text.stripTrailing());
            out.write('\n');
        } catch (IOException e) {
            throw gone(e);
        }
    }

    void flush() {
        try {
            if (!gone) {
                out.flush();
            }
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /** From now on nothing is written, also not what is left in buffers. */
    OutputGone gone(IOException why) {
        gone = true;
        return new OutputGone(why);
    }

    /** Where bytes go that are no lines for people. */
    OutputStream bytes() {
        return bytes;
    }

    /** Says something beside what was asked for. */
    void say(String text) {
        err.println(text);
    }

    /** Shows how far it is, in a line that is written over. */
    void progress(String text) {
        err.print("\r" + text);
        err.flush();
    }

    boolean isWatched() {
        return watched;
    }

    boolean pause(Duration wanted) {
        return pause.then(wanted);
    }

    ZoneId zone() {
        return zone;
    }

    Instant now() {
        return time.instant();
    }

    long nanos() {
        return time.nanoTime();
    }

    /** In the colour of what went wrong. */
    String bad(String text) {
        return painted(text, 31);
    }

    /** In the colour of what is less important. */
    String faint(String text) {
        return painted(text, 2);
    }

    /** In the colour of what was looked for. */
    String found(String text) {
        return painted(text, 1);
    }

    private String painted(String text, int how) {
        return coloured && !text.isEmpty() ? "\u001b[" + how + "m" + text + "\u001b[0m" : text;
    }
}
