package io.fmware.observability.command;

/** Tells what is wrong, line by line: the first ones, and how many more there are. Not thread-safe. */
final class Problems {
    private static final int MOST = 20;

    private final Screen screen;
    private final boolean all;
    private long count;

    Problems(Screen screen, boolean all) {
        this.screen = screen;
        this.all = all;
    }

    void tell(String kind, String what) {
        if (all || count++ < MOST) {
            screen.line(screen.bad(kind + ": ") + (all ? Shown.all(what) : Shown.cut(what, 2 * Shown.CONTENT)));
        }
    }

    void end() {
        if (count > MOST) {
            screen.line("and " + (count - MOST) + " more");
        }
    }
}
