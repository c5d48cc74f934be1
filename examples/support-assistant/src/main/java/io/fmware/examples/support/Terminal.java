package io.fmware.examples.support;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where the assistant reads and writes.
 *
 * @param in what the user types
 * @param out answers
 * @param err progress and complaints
 * @param interactive whether a person watches
 */
record Terminal(BufferedReader in, PrintStream out, PrintStream err, boolean interactive) {

    /** That of this process; what is piped is UTF-8. */
    @SuppressWarnings("SystemConsoleNull") // where there always is a console, it is asked whether it is a terminal
    static Terminal system() {
        Console console = System.console();
        boolean interactive = console != null && isTerminal(console);
        Charset charset = console == null || !interactive ? StandardCharsets.UTF_8 : console.charset();
        return new Terminal(
                new BufferedReader(new InputStreamReader(System.in, charset)),
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
                interactive);
    }

    /** Before JDK 22 there is a console only on a terminal. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
