package io.fmware.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a text, whole or in pieces. Rules report spans; spans that overlap are removed as one. Each rule is asked in
 * the order of the anchors, with the same text before and behind it however the text was cut, which is why the pieces give
 * what the whole gives.
 *
 * <p>A span may end in a run of characters of one set, without a bound: the runs that reach the end of what has come so far
 * are open, and go on with the next piece. Nothing is run over twice. Not thread-safe.
 *
 * <p>One long file, since what rules see and what they report are positions in the same array.
 */
final class Scan {
    /** No rule looks or begins a span farther before the end of its literal than this, in characters. */
    static final int BEHIND = 128;

    /** Nor does it look farther behind, unless its literal is longer. */
    static final int AHEAD = 256;

    /** Boundaries are seen so far before the start of a span: the longest mark that a span may stand in. */
    static final int MARGIN = 64;

    /** A private key without an end is removed up to here. */
    private static final int LONGEST_KEY = 32_768;

    private static final int LONGEST_KIND = 32;

    private static final class Found {
        int start;
        int end;
        int keyLimit = -1;
        int runs;
        Rule rule;

        Found(Rule rule, int start, int end, int runs) {
            this.rule = rule;
            this.start = start;
            this.end = end;
            this.runs = runs;
        }

        int end() {
            return Math.max(end, keyLimit);
        }
    }

    private final Rules rules;
    private char[] text;
    private int length;
    /** How much of the text is no longer in the array. */
    private long dropped;

    private boolean last;
    private int key;
    private int scanned;
    private int released;
    private final List<Found> pending = new ArrayList<>(2);
    private final int[] runFrom = new int[CharClass.RUNS];
    private final int[] runTo = new int[CharClass.RUNS];
    private int open;
    private @Nullable MarkWriter hash;
    private @Nullable StringBuilder out;
    private long steps;

    /** Of a whole text. */
    Scan(Rules rules, char[] text) {
        this.rules = rules;
        this.text = text;
        this.length = text.length;
        this.last = true;
        Arrays.fill(runFrom, 1);
    }

    /** Of a text that is to come in pieces. */
    Scan(Rules rules) {
        this(rules, new char[0]);
        this.last = false;
    }

    /** The redacted text, or null if nothing was found. */
    @Nullable
    String whole() {
        feed();
        if (pending.isEmpty()) {
            return null;
        }
        out = new StringBuilder(length);
        release(length);
        return out.toString();
    }

    String piece(String chunk) {
        append(chunk);
        int before = length - chunk.length();
        if (open != 0) {
            resume(before);
        }
        feed();
        out = new StringBuilder();
        release(scanned - BEHIND);
        return out.toString();
    }

    String rest() {
        last = true;
        feed();
        out = new StringBuilder();
        release(length);
        return out.toString();
    }

    /** How many characters rules and runs looked at, which a hostile text may drive up; counted where assertions are on. */
    long steps() {
        return steps;
    }

    private boolean step(int more) {
        steps += more;
        return true;
    }

    private void append(String chunk) {
        int keep = Math.min(released, scanned - BEHIND - MARGIN);
        if (keep > Math.max(BEHIND, length / 2)) {
            System.arraycopy(text, keep, text, 0, length - keep);
            length -= keep;
            dropped += keep;
            scanned -= keep;
            released -= keep;
            for (Found found : pending) {
                found.start -= keep;
                found.end -= keep;
                found.keyLimit -= found.keyLimit < 0 ? 0 : keep;
            }
            for (int run = 0; run < CharClass.RUNS; run++) {
                runFrom[run] -= keep;
                runTo[run] -= keep;
            }
        }
        if (length + chunk.length() > text.length) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, length + chunk.length()));
        }
        chunk.getChars(0, chunk.length(), text, length);
        length += chunk.length();
    }

    private void feed() {
        int limit = last ? length : length - rules.ahead();
        char[] chars = text;
        byte[] codes = Prefilter.CODE;
        long[] bits = rules.prefilter().bits;
        int now = key;
        int i = scanned;
        for (; i < limit - 1; i += 2) {
            now = (now << (2 * Prefilter.BITS) | codes[chars[i]] << Prefilter.BITS | codes[chars[i + 1]])
                    & Prefilter.FOUR;
            if (((bits[now >> 6] >>> now) & 1) != 0) {
                look(now >> Prefilter.BITS, i + 1);
                look(now & Prefilter.THREE, i + 2);
            }
        }
        if (i < limit) {
            now = (now << Prefilter.BITS | codes[chars[i]]) & Prefilter.FOUR;
            look(now & Prefilter.THREE, i + 1);
        }
        key = now;
        scanned = Math.max(scanned, limit);
    }

    private void look(int found, int end) {
        for (Prefilter.Anchor anchor : rules.prefilter().at(found)) {
            assert step(1);
            if (anchor.endsAt(text, end)) {
                anchor.rule().look(this, end - anchor.literal().length(), end);
            }
        }
    }

    // What rules see

    /** The character at a place, 0 before the start and after the end of the text. */
    char at(int index) {
        assert step(1);
        if (index < 0 || index >= length) {
            assert last || (index < 0 && dropped == 0) : "looked at " + index + " of " + length;
            return 0;
        }
        return text[index];
    }

    boolean is(int index, int set) {
        return CharClass.is(at(index), set);
    }

    /** Where the characters of a set end, looking at no more than some. */
    int end(int from, int set, int most) {
        int end = from;
        while (end - from < most && is(end, set)) {
            end++;
        }
        return end;
    }

    boolean isAll(int from, int to, int set) {
        return end(from, set, to - from) == to;
    }

    boolean hasAny(int from, int to, int set) {
        for (int i = from; i < to; i++) {
            if (is(i, set)) {
                return true;
            }
        }
        return false;
    }

    /** Where the characters of a set before a place begin, looking at no more than some; what belongs to an escape is none. */
    int start(int to, int set, int most) {
        int start = to;
        while (to - start < most && is(start - 1, set)) {
            start--;
        }
        return behindEscape(start, to);
    }

    /** The place, or the end of an escape that began before it. */
    int behindEscape(int start, int to) {
        return start == to ? to : Math.min(to, start + escapeAt(start));
    }

    /** Whether a text goes on exactly so, in this case. */
    boolean stands(int from, String literal) {
        for (int i = 0; i < literal.length(); i++) {
            if (at(from + i) != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The same in any case; the literal is in lower case. */
    boolean standsFolded(int from, String literal) {
        for (int i = 0; i < literal.length(); i++) {
            if (lower(at(from + i)) != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** How many characters a colon has here, 3 in a URL; 0 if there is none. */
    int colon(int at) {
        return at(at) == ':' ? 1 : standsFolded(at, "%3a") ? 3 : 0;
    }

    static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    /** Whether no letter, no digit and no mark stands before a place, other than as part of an escape of JSON, Java or URLs. */
    boolean startsWord(int at) {
        if (!is(at - 1, CharClass.ALNUM)) {
            return at(at - 1) != ']' || !isBehindMark(at);
        }
        char before = at(at - 1);
        if (at(at - 2) == '\\') {
            return "nrtbf".indexOf(before) >= 0;
        }
        if (at(at - 3) == '%') {
            return is(at - 1, CharClass.HEX) && is(at - 2, CharClass.HEX);
        }
        return at(at - 5) == 'u' && at(at - 6) == '\\' && end(at - 4, CharClass.HEX, 4) == at;
    }

    /** Whether no letter and no digit follows, nor a mark, which may stand for some. */
    boolean endsWord(int at) {
        return !is(at, CharClass.ALNUM) && (at(at) != '[' || markEnd(at) < 0);
    }

    private boolean isBehindMark(int at) {
        int bracket = at - 1;
        while (at - bracket < LONGEST_KIND + MarkWriter.DIGITS + 3 && (bracket == at - 1 || isOfMark(at(bracket)))) {
            bracket--;
        }
        return at(bracket) == '[' && markEnd(bracket) == at;
    }

    /** How many characters from a place on belong to an escape that began before it. */
    private int escapeAt(int start) {
        if (at(start - 1) == '\\') {
            if (at(start) == 'u' && end(start + 1, CharClass.HEX, 4) == start + 5) {
                return 5;
            }
            return "nrtbf".indexOf(at(start)) >= 0 ? 1 : 0;
        }
        if (at(start - 1) == 'u' && at(start - 2) == '\\') {
            return end(start, CharClass.HEX, 4) == start + 4 ? 4 : 0;
        }
        return at(start - 1) == '%' && end(start, CharClass.HEX, 2) == start + 2 ? 2 : 0;
    }

    /** A part of the text as a string, cut off at the start and the end of the text. */
    String window(int from, int to) {
        int start = windowStart(from);
        int end = Math.min(to, length);
        assert step(end - start);
        return new String(text, start, end - start);
    }

    int windowStart(int from) {
        return (int) Math.max(from, -dropped);
    }

    /** Whether the text ends before this place. */
    boolean isBehindEnd(int index) {
        return index >= length;
    }

    // What rules report

    void found(Rule rule, int start, int end) {
        found(rule, start, end, 0);
    }

    /** Removes from start to end, and the characters of a set that follow. */
    void found(Rule rule, int start, int end, int run) {
        if (end > start && !hasMark(start, end)) {
            merge(new Found(rule, start, run == 0 ? end : run(run, end), run));
        }
    }

    /** Removes from start on, until {@link #keyEnds} is told. */
    void keyBegins(Rule rule, int start, int end) {
        Found found = new Found(rule, start, end, 0);
        found.keyLimit = start + LONGEST_KEY;
        merge(found);
    }

    void keyEnds(int start, int end) {
        for (Found found : pending) {
            if (found.keyLimit > start) {
                found.keyLimit = -1;
                found.end = Math.max(found.end, end);
            }
        }
    }

    private void merge(Found found) {
        int above = pending.size();
        while (above > 0 && pending.get(above - 1).start >= found.end()) {
            above--;
        }
        int below = above;
        while (below > 0 && pending.get(below - 1).end() > found.start) {
            below--;
            Found other = pending.get(below);
            found.start = Math.min(found.start, other.start);
            found.end = Math.max(found.end, other.end);
            found.keyLimit = Math.max(found.keyLimit, other.keyLimit);
            found.runs |= other.runs;
            if (rules.rank(other.rule) < rules.rank(found.rule)) {
                found.rule = other.rule;
            }
        }
        pending.subList(below, above).clear();
        pending.add(below, found);
    }

    /** Where a run ends. What was run over before is remembered, since a text may begin a run at each character. */
    private int run(int set, int from) {
        int run = Integer.numberOfTrailingZeros(set);
        if (runFrom[run] <= from && from <= runTo[run]) {
            return runTo[run];
        }
        boolean before = from < runFrom[run];
        int limit = before ? Math.min(runFrom[run], length) : length;
        int end = from;
        while (end < limit && CharClass.is(text[end], set)) {
            end++;
        }
        assert step(end - from);
        if (before && (open & set) != 0) {
            if (end < limit) {
                return end;
            }
            runFrom[run] = from;
            return runTo[run];
        }
        if (before && end == limit && end < length) {
            end = runTo[run] > end ? runTo[run] : runOn(set, end);
        }
        runFrom[run] = from;
        runTo[run] = end;
        open = end == length && !last ? open | set : open & ~set;
        return end;
    }

    private int runOn(int set, int from) {
        int end = from;
        while (end < length && CharClass.is(text[end], set)) {
            end++;
        }
        assert step(end - from);
        return end;
    }

    private void resume(int before) {
        int resumed = open;
        for (int run = 0; run < CharClass.RUNS; run++) {
            int set = 1 << run;
            if ((resumed & set) != 0) {
                runTo[run] = runOn(set, before);
                open = runTo[run] == length ? open : open & ~set;
                for (Found found : pending) {
                    if ((found.runs & set) != 0 && found.end >= before) {
                        found.end = Math.max(found.end, runTo[run]);
                    }
                }
            }
        }
    }

    /** Whether a span begins in what replaced another, or has such a mark in it: that text was redacted before. */
    private boolean hasMark(int start, int end) {
        for (int i = start; i < end; i++) {
            if (at(i) == '[' && markEnd(i) > 0) {
                return true;
            }
        }
        int bracket = start;
        while (start - bracket < LONGEST_KIND + MarkWriter.DIGITS + 2 && isOfMark(at(bracket))) {
            bracket--;
        }
        return at(bracket) == '[' && markEnd(bracket) > start;
    }

    private static boolean isOfMark(char c) {
        return CharClass.is(c, CharClass.LOWER | CharClass.DIGIT) || c == '-' || c == ':';
    }

    /** Where a mark ends that starts here, or -1. */
    int markEnd(int start) {
        int colon = start + 1;
        while (colon - start <= LONGEST_KIND && (is(colon, CharClass.LOWER | CharClass.DIGIT) || at(colon) == '-')) {
            colon++;
        }
        int close = colon + 1 + MarkWriter.DIGITS;
        boolean mark = at(start) == '['
                && colon > start + 1
                && at(colon) == ':'
                && end(colon + 1, CharClass.HEX, MarkWriter.DIGITS) == close
                && at(close) == ']';
        return mark ? close + 1 : -1;
    }

    // What comes out

    private void release(int limit) {
        StringBuilder to = Objects.requireNonNull(out);
        while (released < limit) {
            Found first = pending.isEmpty() ? null : pending.get(0);
            int plain = first == null ? limit : Math.min(limit, first.start);
            if (plain > released) {
                to.append(text, released, plain - released);
                released = plain;
            }
            if (first != null && released < limit) {
                int end = Math.min(first.end(), length);
                int stop = Math.min(end, limit);
                hash().add(text, released, stop);
                released = stop;
                if (last ? stop == end : first.end() <= limit) {
                    hash().endMark(first.rule.kind(), to);
                    pending.remove(0);
                }
            }
        }
    }

    private MarkWriter hash() {
        if (hash == null) {
            hash = new MarkWriter(rules.mac());
        }
        return hash;
    }
}
