package io.fmware.observability.recorder;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is said in the log, which the tests' logger writes to standard error. */
final class Said {

    /** What may fail. */
    interface Body {
        void run() throws Exception;
    }

    private Said() {}

    /** Runs a body and gives the lines with a word in them that were logged meanwhile. */
    static List<String> during(String word, Body body) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            body.run();
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(word))
                .toList();
    }
}
