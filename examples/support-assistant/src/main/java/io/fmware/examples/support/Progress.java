package io.fmware.examples.support;

import java.io.PrintStream;

/** Shows how far a run has come: one line that is rewritten on a terminal, else a line for every tenth. Not thread-safe. */
final class Progress {
    private static final int WIDTH = 40;
    private static final int STEPS = 10;

    private final PrintStream out;
    private final boolean terminal;
    private final int total;
    private int done;

    Progress(PrintStream out, boolean terminal, int total) {
        this.out = out;
        this.terminal = terminal;
        this.total = total;
    }

    void step() {
        done++;
        if (terminal) {
            int filled = (int) ((long) WIDTH * done / total);
            out.print("\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + done + "/" + total);
            if (done == total) {
                out.println();
            }
            out.flush();
        } else if ((long) STEPS * done / total > (long) STEPS * (done - 1) / total) {
            out.println(done + "/" + total + " questions (" + 100L * done / total + " %)");
        }
    }
}
