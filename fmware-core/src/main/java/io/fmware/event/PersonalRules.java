package io.fmware.event;

import static io.fmware.event.CharClass.ALNUM;
import static io.fmware.event.CharClass.DIGIT;
import static io.fmware.event.CharClass.HEX;
import static io.fmware.event.CharClass.LETTER;

import java.util.List;

/** Personal data that is written with letters, signs or both; numbers are in {@link NumberRule}. */
final class PersonalRules {
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 190;
    private static final int LONGEST_PHONE = 32;

    /** File names such as {@code icon@2x.png} look like addresses. */
    private static final List<String> NO_DOMAINS = List.of("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js");

    private PersonalRules() {}

    static List<Rule> all() {
        return List.of(
                Rule.of("email", PersonalRules::email, "@", "%40"),
                new NumberRule("iban", NumberRule.Form.IBAN),
                new NumberRule("card", NumberRule.Form.CARD),
                new NumberRule("ssn", NumberRule.Form.SSN),
                new NumberRule("ip", NumberRule.Form.IP),
                Rule.of("phone", PersonalRules::phone, "+", "%2b"),
                Rule.of("mac", PersonalRules::mac, PersonalRules::arePair, ":", "-", "%3a"),
                Rule.of("ip", PersonalRules::ipv6, PersonalRules::isOfAddress, ":", "%3a"));
    }

    private static boolean isOfName(char c) {
        return c < 128 ? CharClass.is(c, CharClass.DOTTED) || c == '+' : Character.isLetterOrDigit(c);
    }

    private static void email(Rule rule, Scan scan, int from, int to) {
        if (!isOfName(scan.at(from - 1)) || !isOfName(scan.at(to))) {
            return;
        }
        int start = from;
        while (start > from - LONGEST_LOCAL
                && (isOfName(scan.at(start - 1)) || (start < from - 2 && scan.standsFolded(start - 1, "%2b")))) {
            start--;
        }
        start = scan.behindEscape(start, from);
        while (start < from && ".-+_".indexOf(scan.at(start)) >= 0) {
            start++;
        }
        int end = domainEnd(scan, to);
        boolean git = from - start == 3 && scan.stands(start, "git");
        if (start < from && end > to && !git && !(to == from + 1 && isPassword(scan, start))) {
            scan.found(rule, start, end);
        }
    }

    /** Where the name of a host with a top-level domain ends, or -1. */
    private static int domainEnd(Scan scan, int from) {
        int end = -1;
        int label = from;
        int labels = 0;
        for (int at = from; at < from + LONGEST_DOMAIN; at++) {
            char c = scan.at(at);
            if (c != '.' && c != '-' && !(isOfName(c) && c != '+' && c != '_')) {
                return labels > 0 && isTopLevel(scan, label, at) && scan.endsWord(at) ? at : end;
            }
            if (c == '.') {
                if (at == label) {
                    return end;
                }
                if (labels > 0 && isTopLevel(scan, label, at)) {
                    end = at;
                }
                labels++;
                label = at + 1;
            }
        }
        return end;
    }

    private static boolean isTopLevel(Scan scan, int from, int to) {
        if (to < from + 2) {
            return false;
        }
        StringBuilder name = new StringBuilder();
        for (int i = from; i < to; i++) {
            char c = scan.at(i);
            if (c < 128 ? !CharClass.is(c, LETTER) && !scan.standsFolded(from, "xn--") : !Character.isLetter(c)) {
                return false;
            }
            name.append(Scan.lower(c));
        }
        return !NO_DOMAINS.contains(name.toString());
    }

    /** What stands before the {@code @} of a URL after a colon is no name; the rule for URLs removes it. */
    private static boolean isPassword(Scan scan, int start) {
        int at = start;
        while (at > start - 40 && CredentialRules.isOfAuthority(scan.at(at - 1)) && scan.at(at - 1) != '@') {
            at--;
        }
        return at < start
                && scan.at(at - 1) == '/'
                && scan.at(at - 2) == '/'
                && scan.at(at - 3) == ':'
                && scan.at(start - 1) == ':';
    }

    /** International, as E.164 has it: eight to fifteen digits, with single spaces and signs between. */
    private static void phone(Rule rule, Scan scan, int from, int to) {
        int digit = scan.at(to) == '(' ? to + 1 : to;
        char first = scan.at(digit);
        char before = scan.at(from - 1);
        if (first < '1' || first > '9' || before == '+' || !scan.startsWord(from)) {
            return;
        }
        int digits = 0;
        int end = -1;
        for (int at = digit; at < to + LONGEST_PHONE; ) {
            int run = scan.end(at, DIGIT, 16);
            if (digits + run - at > 15) {
                break;
            }
            digits += run - at;
            end = digits >= 8 && scan.endsWord(run) ? run : end;
            int separators = run;
            while (separators < run + 2 && " .-/()\u00a0".indexOf(scan.at(separators)) >= 0) {
                separators++;
            }
            if (separators == run || !scan.is(separators, DIGIT)) {
                break;
            }
            at = separators;
        }
        if (end > 0) {
            scan.found(rule, from, end);
        }
    }

    private static boolean arePair(char first, char second) {
        return CharClass.is(first, HEX) && CharClass.is(second, HEX);
    }

    /** Six pairs; at the first separator. */
    private static void mac(Rule rule, Scan scan, int from, int to) {
        if (!scan.is(to, HEX) || !scan.is(from - 1, HEX) || !scan.is(from - 2, HEX) || !scan.startsWord(from - 2)) {
            return;
        }
        char separator = scan.at(from);
        int width = to - from;
        boolean before = width == 1 ? scan.at(from - 3) == separator : scan.colon(from - 5) == 3;
        if (before && (scan.is(from - 3 - width, HEX) || scan.at(from - 3 - width) == ']')) {
            return;
        }
        int at = from;
        for (int pair = 1; pair < 6; pair++) {
            if (scan.at(at) != separator || scan.end(at + width, HEX, 2) != at + width + 2) {
                return;
            }
            at += width + 2;
        }
        boolean more = scan.at(at) == separator && width == 1 && (scan.is(at + 1, HEX) || !scan.endsWord(at + 1));
        if (scan.endsWord(at) && !more) {
            scan.found(rule, from - 2, at);
        }
    }

    private static boolean isOfAddress(char first, char second) {
        return CharClass.is(second, HEX) || !CharClass.is(second, ALNUM);
    }

    /** At the first colon; what two colons shorten has to show digits and a group of three, since code has colons too. */
    private static void ipv6(Rule rule, Scan scan, int from, int to) {
        if (!scan.is(to, HEX) && scan.colon(to) == 0) {
            return;
        }
        int start = scan.start(from, HEX, 9);
        if (from - start > 4 || !scan.startsWord(start) || (start == from && scan.colon(to) == 0)) {
            return;
        }
        char before = scan.at(start - 1);
        if (before == ':' || before == '.' || scan.colon(start - 3) == 3) {
            return;
        }
        int groups = 0;
        int shortened = 0;
        boolean digit = false;
        boolean wide = false;
        int at = start;
        int end = start;
        while (groups < 8) {
            int group = scan.end(at, HEX, 5);
            if (group - at > 4) {
                return;
            }
            if (group > at) {
                groups++;
                wide |= group - at >= 3;
                digit |= scan.hasAny(at, group, DIGIT);
                end = group;
            }
            int colon = scan.colon(group);
            if (colon == 0) {
                break;
            }
            int second = scan.colon(group + colon);
            if (second > 0) {
                if (++shortened > 1) {
                    return;
                }
                at = group + colon + second;
                end = at;
            } else if (group > at && scan.is(group + colon, HEX)) {
                at = group + colon;
            } else {
                break;
            }
        }
        boolean form = shortened == 0 ? groups == 8 : groups >= 2 && groups < 8 && digit && wide;
        if (form && scan.endsWord(end) && (scan.colon(end) == 0 || scan.endsWord(end + scan.colon(end)))) {
            scan.found(rule, start, end);
        }
    }
}
