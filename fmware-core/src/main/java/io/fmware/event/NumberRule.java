package io.fmware.event;

import static io.fmware.event.CharClass.ALNUM;
import static io.fmware.event.CharClass.DIGIT;
import static io.fmware.event.CharClass.LETTER;

import java.util.List;

/** Personal data that begins with digits, checked by what the numbers must fulfil. It looks at the first digit of each group. */
final class NumberRule extends Rule {
    /** What the number is. */
    enum Form {
        IBAN,
        CARD,
        SSN,
        IP
    }

    /** The countries of the registry, each with the length of its IBAN. */
    private static final String LENGTHS =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24"
                    + " DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22"
                    + " IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31"
                    + " MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23"
                    + " ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private static final int[] IBAN_LENGTHS = new int[26 * 26];

    static {
        for (String country : LENGTHS.split(" ", -1)) {
            IBAN_LENGTHS[(country.charAt(0) - 'A') * 26 + country.charAt(1) - 'A'] =
                    Integer.parseInt(country.substring(2));
        }
    }

    /** What the numbers of Diners Club and JCB begin with; those of American Express have 15 digits. */
    private static final List<Integer> THREES = List.of(30, 35, 36, 38, 39);

    private final Form form;

    NumberRule(String kind, Form form) {
        super(kind, "0");
        this.form = form;
    }

    @Override
    boolean takesAnyDigit() {
        return true;
    }

    @Override
    boolean follows(char first, char second) {
        boolean letters = CharClass.is(second, LETTER) && CharClass.is(first, LETTER);
        return !CharClass.is(second, DIGIT) && (form != Form.IBAN || letters);
    }

    @Override
    void look(Scan scan, int from, int to) {
        switch (form) {
            case IBAN -> iban(scan, from);
            case CARD -> card(scan, from);
            case SSN -> ssn(scan, from);
            case IP -> ip(scan, from);
        }
    }

    private void iban(Scan scan, int from) {
        if (!scan.is(from - 1, LETTER) || !scan.is(from - 2, LETTER) || !scan.startsWord(from - 2)) {
            return;
        }
        int country = (letter(scan.at(from - 2)) - 10) * 26 + letter(scan.at(from - 1)) - 10;
        int length = IBAN_LENGTHS[country];
        if (length == 0 || !scan.is(from + 1, DIGIT)) {
            return;
        }
        int at = from + 2;
        int rest = 0;
        for (int i = 4; i < length; i++) {
            char c = scan.at(at);
            if ((c == ' ' || c == '-') && i % 4 == 0) {
                c = scan.at(++at);
            }
            if (!CharClass.is(c, ALNUM)) {
                return;
            }
            rest = append(rest, c);
            at++;
        }
        for (int i = -2; i < 2; i++) {
            rest = append(rest, scan.at(from + i));
        }
        if (rest == 1 && scan.endsWord(at)) {
            scan.found(this, from - 2, at);
        }
    }

    private static int letter(char c) {
        return c >= '0' && c <= '9' ? c - '0' : Scan.lower(c) - 'a' + 10;
    }

    private static int append(int rest, char c) {
        int value = letter(c);
        return (value < 10 ? rest * 10 + value : rest * 100 + value) % 97;
    }

    private void card(Scan scan, int from) {
        if (scan.at(from) < '2' || !scan.startsWord(from)) {
            return;
        }
        int run = scan.end(from, DIGIT, 20);
        int length = run - from;
        if (length >= 13 && length <= 19) {
            boolean fraction = (scan.at(from - 1) == '.' && scan.is(from - 2, DIGIT))
                    || (scan.at(run) == '.' && scan.is(run + 1, DIGIT));
            if (!fraction && scan.endsWord(run) && isCard(scan, from, run, length)) {
                scan.found(this, from, run);
            }
        } else if (length == 4) {
            char separator = scan.at(run);
            if (" -.\u00a0\u202f".indexOf(separator) >= 0 && scan.is(run + 1, DIGIT)) {
                grouped(scan, from, separator);
            }
        }
    }

    private void grouped(Scan scan, int from, char separator) {
        int second = scan.end(from + 5, DIGIT, 7) - from - 5;
        int end = second == 4 ? from + 19 : from + 17;
        int digits = second == 4 ? 16 : 15;
        boolean form;
        if (second == 4) {
            form = scan.at(from + 9) == separator
                    && scan.end(from + 10, DIGIT, 5) == from + 14
                    && scan.at(from + 14) == separator
                    && scan.end(from + 15, DIGIT, 5) == end;
        } else {
            int third = scan.end(from + 12, DIGIT, 6) - from - 12;
            form = second == 6 && scan.at(from + 11) == separator && (third == 5 || third == 4);
            end = from + 12 + third;
            digits = 10 + third;
        }
        if (form && scan.endsWord(end) && isCard(scan, from, end, digits)) {
            scan.found(this, from, end);
        }
    }

    /** By the ranges of the issuers and by Luhn's check digit. */
    private static boolean isCard(Scan scan, int from, int end, int digits) {
        int sum = 0;
        int prefix = 0;
        int seen = 0;
        for (int i = from; i < end; i++) {
            char c = scan.at(i);
            if (c >= '0' && c <= '9') {
                int digit = c - '0';
                prefix = seen < 4 ? prefix * 10 + digit : prefix;
                int value = (digits - seen) % 2 == 0 ? 2 * digit : digit;
                sum += value > 9 ? value - 9 : value;
                seen++;
            }
        }
        return sum % 10 == 0 && isIssued(prefix, digits);
    }

    private static boolean isIssued(int prefix, int digits) {
        int two = prefix / 100;
        return switch (prefix / 1000) {
            case 2 -> prefix >= 2200 && prefix <= 2720 && digits == 16;
            case 3 -> THREES.contains(two) || (digits == 15 && (two == 34 || two == 37));
            case 4 -> digits == 13 || digits == 16 || digits == 19;
            case 5 -> two == 50 || two > 55 || digits == 16;
            case 6 -> true;
            default -> false;
        };
    }

    /** Numbers that were never given out are none. */
    private void ssn(Scan scan, int from) {
        char separator = scan.at(from + 3);
        if ((separator != '-' && separator != ' ') || scan.at(from + 6) != separator) {
            return;
        }
        char before = scan.at(from - 1);
        if (scan.startsWord(from)
                && before != '-'
                && before != '.'
                && scan.end(from, DIGIT, 4) == from + 3
                && scan.end(from + 4, DIGIT, 3) == from + 6
                && scan.end(from + 7, DIGIT, 5) == from + 11
                && scan.endsWord(from + 11)
                && (scan.at(from + 11) != '-' || scan.endsWord(from + 12))
                && scan.at(from) != '9'
                && !scan.stands(from, "000")
                && !scan.stands(from, "666")
                && !scan.stands(from + 4, "00")
                && !scan.stands(from + 7, "0000")) {
            scan.found(this, from, from + 11);
        }
    }

    /** Of four parts; loopback, networks and masks are no one's. */
    private void ip(Scan scan, int from) {
        int at = scan.end(from, DIGIT, 4);
        if (at > from + 3 || scan.at(at) != '.' || !scan.is(at + 1, DIGIT)) {
            return;
        }
        char before = scan.at(from - 1);
        if (!scan.startsWord(from) || before == '.') {
            return;
        }
        int first = -1;
        int others = 0;
        int part = from;
        for (int i = 0; i < 4; i++) {
            int end = scan.end(part, DIGIT, 4);
            int value = end == part || end > part + 3 ? 256 : Integer.parseInt(scan.window(part, end));
            if (value > 255 || (i < 3 && scan.at(end) != '.')) {
                return;
            }
            first = i == 0 ? value : first;
            others |= i == 0 ? 0 : value;
            part = end + 1;
        }
        int end = part - 1;
        char next = scan.at(end + 1);
        boolean more = scan.at(end) == '.' && (CharClass.is(next, ALNUM) || next == '[');
        if (scan.endsWord(end) && !more && first != 0 && first != 127 && first != 255 && others != 0) {
            scan.found(this, from, end);
        }
    }
}
