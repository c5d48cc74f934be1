package io.fmware.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pattern of the user's, tried in a window around a literal. */
final class PatternRule extends Rule {
    private final Pattern pattern;

    PatternRule(String kind, Pattern pattern, String... literals) {
        super(kind, literals);
        this.pattern = pattern;
    }

    @Override
    void look(Scan scan, int from, int to) {
        int left = to - Scan.BEHIND;
        String window = scan.window(left, to + Scan.AHEAD);
        int start = scan.windowStart(left);
        Matcher matcher = pattern.matcher(window);
        int group = matcher.groupCount() > 0 ? 1 : 0;
        while (matcher.find()) {
            if (start + matcher.start() >= to) {
                return;
            }
            if (start + matcher.end() > from && matcher.start(group) >= 0) {
                boolean cut = matcher.end(group) == window.length() && window.length() == to + Scan.AHEAD - start;
                scan.found(this, start + matcher.start(group), start + matcher.end(group), cut ? CharClass.VALUE : 0);
            }
        }
    }
}
