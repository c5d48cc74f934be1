package io.fmware.event;

/** A prefix that a vendor gives its keys, in this case, and so many characters of a set behind it. */
final class PrefixRule extends Rule {
    private static final int SHORT = 4;

    private final String prefix;
    private final int body;
    private final int least;
    private final int run;

    PrefixRule(String kind, String prefix, int body, int least, int run) {
        super(kind, prefix);
        this.prefix = prefix;
        this.body = body;
        this.least = least;
        this.run = run;
    }

    @Override
    void look(Scan scan, int from, int to) {
        // A long prefix speaks for itself, also behind a letter
        if ((prefix.length() > SHORT || scan.startsWord(from))
                && scan.is(to, body)
                && scan.stands(from, prefix)
                && scan.end(to, body, least) == to + least) {
            scan.found(this, from, to + least, run);
        }
    }
}
