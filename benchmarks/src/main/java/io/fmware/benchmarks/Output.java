package io.fmware.benchmarks;

import java.io.PrintStream;

/** Figures go to standard output, everything else to standard error. */
final class Output {
    private final PrintStream figures;
    private final PrintStream rest;

    Output(PrintStream figures, PrintStream rest) {
        this.figures = figures;
        this.rest = rest;
    }

    void print(Figure figure) {
        figures.println(figure);
        figures.flush();
    }

    void skip(String name, String why) {
        rest.println("skipped " + name + ": " + why);
    }

    PrintStream rest() {
        return rest;
    }
}
