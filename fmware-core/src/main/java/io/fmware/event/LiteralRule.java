package io.fmware.event;

/** A secret that is known: itself, to the letter. */
final class LiteralRule extends Rule {
    private static final int LONGEST_ANCHOR = 16;

    private final String secret;

    LiteralRule(String kind, String secret) {
        super(kind, secret.substring(0, Math.min(secret.length(), LONGEST_ANCHOR)));
        this.secret = secret;
    }

    @Override
    int ahead() {
        return Math.max(Scan.AHEAD, secret.length() + Scan.MARGIN);
    }

    @Override
    void look(Scan scan, int from, int to) {
        if (scan.stands(from, secret)) {
            scan.found(this, from, from + secret.length());
        }
    }

    /** Not the secret. */
    @Override
    public String toString() {
        return kind();
    }
}
