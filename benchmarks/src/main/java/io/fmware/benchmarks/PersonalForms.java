package io.fmware.benchmarks;

import static io.fmware.benchmarks.Dice.ALNUM;
import static io.fmware.benchmarks.Dice.DIGITS;
import static io.fmware.benchmarks.Dice.HEX;
import static io.fmware.benchmarks.Dice.LOWER;
import static io.fmware.benchmarks.Dice.UPPER;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Personal data by their published forms: check digits fit, reserved numbers are left out. */
final class PersonalForms {
    private static final BigInteger NINETY_SEVEN = BigInteger.valueOf(97);

    private PersonalForms() {}

    static List<String> kinds() {
        return List.of("email", "iban", "card", "ssn", "phone", "ipv4", "ipv6", "mac");
    }

    static PlantedSecret of(String kind, Dice dice) {
        return new PlantedSecret(
                kind,
                switch (kind) {
                    case "email" -> email(dice);
                    case "iban" -> iban(dice);
                    case "card" -> card(dice);
                    case "ssn" -> ssn(dice);
                    case "phone" -> phone(dice);
                    case "ipv4" -> ipv4(dice);
                    case "ipv6" -> ipv6(dice);
                    default -> mac(dice);
                });
    }

    private static String email(Dice dice) {
        String name = dice.text(LOWER, 2, 10);
        String local = switch (dice.below(4)) {
            case 0 -> name + "." + dice.text(LOWER, 3, 12);
            case 1 -> name + dice.text(DIGITS, 1, 4);
            case 2 -> name + "_" + dice.text(LOWER, 2, 6) + "+" + dice.text(LOWER, 2, 6);
            default -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        };
        return local + "@" + dice.text(LOWER, 2, 12) + dice.pick("", "-" + dice.text(LOWER, 2, 5)) + "."
                + dice.pick("com", "org", "de", "co.uk", "io", "example", "museum");
    }

    private static String iban(Dice dice) {
        String[] form = dice.pick("DE 18n", "FR 10n11c2n", "GB 4a14n", "NL 4a10n", "ES 20n", "NO 11n", "CH 5n12c")
                .split(" ", -1);
        StringBuilder account = new StringBuilder();
        for (String field : form[1].split("(?<=[nac])", -1)) {
            if (!field.isEmpty()) {
                int length = Integer.parseInt(field.substring(0, field.length() - 1));
                account.append(
                        dice.text(field.endsWith("n") ? DIGITS : field.endsWith("a") ? UPPER : UPPER + DIGITS, length));
            }
        }
        StringBuilder number = new StringBuilder();
        (account + form[0] + "00").chars().forEach(c -> number.append(Character.getNumericValue(c)));
        int check = 98 - new BigInteger(number.toString()).mod(NINETY_SEVEN).intValue();
        String iban = form[0] + String.format(Locale.ROOT, "%02d", check) + account;
        return dice.oneOf(2) ? iban : grouped(iban, " ", 4, 4, 4, 4, 4, 4, 4, 4);
    }

    private static String card(Dice dice) {
        String[] form = dice.pick("4 16", "51 16", "55 16", "2221 16", "34 15", "37 15", "6011 16", "3528 16", "36 14")
                .split(" ", -1);
        int length = Integer.parseInt(form[1]);
        String digits = form[0] + dice.text(DIGITS, length - 1 - form[0].length());
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? 2 * digit : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        String card = digits + (10 - sum % 10) % 10;
        String separator = dice.pick("", " ", "-");
        return length == 16 ? grouped(card, separator, 4, 4, 4, 4) : grouped(card, separator, 4, 6, 5);
    }

    private static String grouped(String text, String separator, int... sizes) {
        List<String> groups = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            if (from < text.length()) {
                groups.add(text.substring(from, Math.min(text.length(), from + size)));
                from += size;
            }
        }
        return String.join(separator, groups);
    }

    private static String ssn(Dice dice) {
        int area = dice.between(1, 898);
        return String.format(
                Locale.ROOT, "%03d-%02d-%04d", area == 666 ? 667 : area, dice.between(1, 99), dice.between(1, 9999));
    }

    private static String phone(Dice dice) {
        return switch (dice.below(5)) {
            case 0 -> "+1" + dice.between(2, 9) + dice.text(DIGITS, 9);
            case 1 ->
                "+1 (" + dice.between(2, 9) + dice.text(DIGITS, 2) + ") " + dice.between(2, 9) + dice.text(DIGITS, 2)
                        + "-" + dice.text(DIGITS, 4);
            case 2 -> "+49 " + dice.pick("30", "89", "151", "176") + " " + dice.text(DIGITS, 6, 8);
            case 3 -> "+44 20 " + dice.text(DIGITS, 4) + " " + dice.text(DIGITS, 4);
            default -> "+33" + dice.pick(" ", ".", "-") + "6" + grouped(dice.text(DIGITS, 8), " ", 2, 2, 2, 2);
        };
    }

    private static String ipv4(Dice dice) {
        int first = dice.between(1, 223);
        return (first == 127 ? 128 : first) + "." + dice.below(256) + "." + dice.below(256) + "."
                + dice.between(1, 254);
    }

    private static String ipv6(Dice dice) {
        List<String> groups = new ArrayList<>(List.of("2001", "db8"));
        int more = dice.between(2, 6);
        for (int i = 0; i < more; i++) {
            groups.add(Integer.toHexString(dice.between(1, 0xffff)));
        }
        return more == 6
                ? String.join(":", groups)
                : String.join(":", groups.subList(0, 3)) + "::" + String.join(":", groups.subList(3, groups.size()));
    }

    private static String mac(Dice dice) {
        String separator = dice.pick(":", "-");
        String alphabet = dice.pick(HEX, HEX.toUpperCase(Locale.ROOT));
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pairs.add(dice.text(alphabet, 2));
        }
        return String.join(separator, pairs);
    }

    /** A password as people and generators make them. */
    static String password(Dice dice, String more) {
        return switch (dice.below(5)) {
            case 0 -> dice.text(LOWER, 8, 14);
            case 1 -> dice.text(LOWER, 6, 9) + dice.text(DIGITS, 2, 4);
            default -> dice.text(ALNUM, 2) + dice.text(ALNUM + more, 6, 20) + dice.text(DIGITS, 1);
        };
    }
}
