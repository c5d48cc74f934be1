package io.fmware.event;

import static io.fmware.event.CharClass.ALNUM;
import static io.fmware.event.CharClass.DIGIT;
import static io.fmware.event.CharClass.LETTER;
import static io.fmware.event.CharClass.LINE;
import static io.fmware.event.CharClass.LOWER;
import static io.fmware.event.CharClass.PATH;
import static io.fmware.event.CharClass.TOKEN;
import static io.fmware.event.CharClass.VALUE;
import static io.fmware.event.CharClass.WORD;

import java.util.ArrayList;
import java.util.List;

/** Credentials that what stands before them tells: in headers, in URLs and where something is given a value. */
final class CredentialRules {
    private static final int SOON = 180;

    private CredentialRules() {}

    static List<Rule> all() {
        List<Rule> rules = new ArrayList<>();
        rules.add(Rule.of("bearer", CredentialRules::bearer, "bearer"));
        rules.add(Rule.of("basic", CredentialRules::basic, "basic"));
        rules.add(Rule.of("authorization", CredentialRules::authorization, "authorization"));
        rules.add(Rule.of("cookie", CredentialRules::cookie, "cookie"));
        rules.add(Rule.of("url-password", CredentialRules::urlPassword, "://"));
        rules.add(Rule.of("jdbc-password", CredentialRules::oraclePassword, "jdbc:oracle:thin:"));
        rules.add(Rule.of("url-signature", CredentialRules::signature, "sig=", "signature="));
        rules.add(new AssignmentRule(
                "aws-secret-key",
                AssignmentRule.Strictness.KEY,
                "secret_access_key",
                "secret-access-key",
                "secretaccesskey",
                "aws_secret",
                "awssecret"));
        rules.add(new AssignmentRule(
                "azure-storage-key", AssignmentRule.Strictness.KEY, "accountkey", "account_key", "sharedaccesskey"));
        rules.add(new AssignmentRule(
                "password",
                AssignmentRule.Strictness.PASSWORD,
                "password",
                "passwd",
                "pwd",
                "passphrase",
                "passcode",
                "passwort"));
        rules.add(new AssignmentRule(
                "api-key",
                AssignmentRule.Strictness.KEY,
                "api_key",
                "api-key",
                "apikey",
                "api key",
                "access_key",
                "access-key",
                "accesskey",
                "auth_key",
                "auth-key",
                "authkey",
                "subscription-key",
                "subscription_key",
                "subscriptionkey"));
        rules.add(new AssignmentRule(
                "secret",
                AssignmentRule.Strictness.KEY,
                "secret",
                "private_key",
                "private-key",
                "privatekey",
                "encryption_key",
                "encryption-key",
                "encryptionkey",
                "signing_key",
                "signing-key",
                "signingkey",
                "master_key",
                "masterkey",
                "credential"));
        rules.add(new AssignmentRule("token", AssignmentRule.Strictness.TOKEN, "token"));
        return rules;
    }

    /** Where the credentials behind the name of a scheme begin, or -1. */
    private static int afterScheme(Scan scan, int to) {
        int start = to;
        while (start < to + 8 && (scan.at(start) == ' ' || scan.at(start) == '+')) {
            start++;
        }
        if (start == to && scan.stands(to, "%20")) {
            start = to + 3;
        }
        return start == to ? -1 : start;
    }

    /** Words may follow too: "bearer authentication". */
    private static void bearer(Rule rule, Scan scan, int from, int to) {
        int start = afterScheme(scan, to);
        if (start > 0 && scan.startsWord(from)) {
            int end = scan.end(start, TOKEN, 24);
            boolean likely = end == start + 24;
            for (int i = start; i < end && !likely; i++) {
                likely = (end >= start + 8 && scan.is(i, DIGIT))
                        || (end >= start + 16 && i > start && !scan.is(i, LOWER) && scan.at(i) != '-');
            }
            if (likely) {
                scan.found(rule, start, end, TOKEN);
            }
        }
    }

    /** Base64 of a name, a colon and a password. */
    private static void basic(Rule rule, Scan scan, int from, int to) {
        int start = afterScheme(scan, to);
        if (start > 0 && scan.startsWord(from)) {
            int end = scan.end(start, TOKEN, SOON);
            int bits = 0;
            for (int i = start; i < end; i++) {
                int six = base64(scan.at(i));
                bits = (bits << 6) | six;
                int phase = (i - start) % 4;
                int decoded = phase == 0 ? -1 : (bits >> (2 * (3 - phase))) & 0xff;
                if (six < 0 || (decoded >= 0 && decoded < ' ')) {
                    return;
                }
                if (decoded == ':') {
                    scan.found(rule, start, end, TOKEN);
                    return;
                }
            }
        }
    }

    private static int base64(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
    }

    /** Schemes other than the two above; some have parameters up to the end of the line. */
    private static void authorization(Rule rule, Scan scan, int from, int to) {
        int value = AssignmentRule.quotedValueAfter(scan, to);
        if (value < 0) {
            return;
        }
        int word = scan.end(value, WORD, 40);
        if (word > value && scan.at(word) == ' ' && word <= value + 20) {
            boolean known = scan.standsFolded(value, "bearer") || scan.standsFolded(value, "basic");
            int rest = word + 1;
            int end = scan.end(rest, LINE, 16);
            if (!known && end == rest + 16 && hasDigitAndNoSpace(scan, rest, SOON / 2)) {
                scan.found(rule, rest, end, LINE);
            }
        } else if (scan.end(value, TOKEN, 16) == value + 16 && hasDigitAndNoSpace(scan, value, SOON / 2)) {
            scan.found(rule, value, value + 16, TOKEN);
        }
    }

    /** In the first word, if that is not too short to be a credential; what is removed already is none. */
    private static boolean hasDigitAndNoSpace(Scan scan, int from, int most) {
        int end = scan.end(from, VALUE, most);
        boolean likely = false;
        for (int i = from; i < end; i++) {
            if (scan.at(i) == '[' && scan.markEnd(i) > 0) {
                return false;
            }
            likely |= scan.is(i, DIGIT) || scan.at(i) == '=';
        }
        return likely && end >= from + 8;
    }

    /** All values of the line: which of them is a session only the server knows. */
    private static void cookie(Rule rule, Scan scan, int from, int to) {
        int value = AssignmentRule.quotedValueAfter(scan, to);
        if (value > 0) {
            int equals = scan.end(value, WORD | PATH, 64);
            if (equals > value && scan.at(equals) == '=' && scan.is(equals + 1, VALUE)) {
                scan.found(rule, equals + 1, equals + 2, LINE);
            }
        }
    }

    private static void urlPassword(Rule rule, Scan scan, int from, int to) {
        int colon = -1;
        int at = -1;
        for (int i = to; i < to + SOON && isOfAuthority(scan.at(i)) && (at < 0 || scan.markEnd(i) < 0); i++) {
            if (scan.at(i) == ':' && colon < 0) {
                colon = i;
            } else if (scan.at(i) == '@') {
                at = i;
            }
        }
        if (colon >= 0 && at > colon + 1) {
            scan.found(rule, colon + 1, at);
        }
    }

    static boolean isOfAuthority(char c) {
        return c > ' ' && "/?#\"'`<>\\".indexOf(c) < 0;
    }

    private static void oraclePassword(Rule rule, Scan scan, int from, int to) {
        int slash = scan.end(to, WORD, 64);
        if (scan.at(slash) == '/') {
            int at = slash + 1;
            while (at < slash + SOON / 2 && isOfAuthority(scan.at(at)) && scan.at(at) != '@') {
                at++;
            }
            if (scan.at(at) == '@') {
                scan.found(rule, slash + 1, at);
            }
        }
    }

    private static void signature(Rule rule, Scan scan, int from, int to) {
        char before = scan.at(from - 1);
        boolean parameter = "?&;,-".indexOf(before) >= 0 && before != 0;
        if (parameter && !scan.is(from - 1, ALNUM | LETTER) && scan.end(to, TOKEN | PATH, 20) == to + 20) {
            scan.found(rule, to, to + 20, VALUE);
        }
    }
}
