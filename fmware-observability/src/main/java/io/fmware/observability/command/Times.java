package io.fmware.observability.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as they are given and shown. */
final class Times {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhd])");

    private Times() {}

    static String seconds(Instant at, ZoneId zone) {
        return shown(at, zone, SECONDS);
    }

    static String millis(Instant at, ZoneId zone) {
        return shown(at, zone, MILLIS);
    }

    private static String shown(Instant at, ZoneId zone, DateTimeFormatter how) {
        if (at.equals(Instant.EPOCH)) {
            return "?";
        }
        try {
            return how.format(at.atZone(zone));
        } catch (DateTimeException e) { // at the end of all times
            return "?";
        }
    }

    /** How long something took. */
    static String took(Duration time) {
        long nanos = saturated(time);
        if (nanos < 0) {
            return "-" + took(Duration.ofNanos(nanos == Long.MIN_VALUE ? Long.MAX_VALUE : -nanos));
        }
        long seconds = nanos / 1_000_000_000;
        if (nanos > 0 && nanos < 10_000_000) {
            return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
        }
        if (seconds < 1) {
            return nanos / 1_000_000 + " ms";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.2f s", Math.floor(nanos / 1e7) / 100);
        }
        if (seconds < 3_600) {
            return seconds / 60 + " m " + seconds % 60 + " s";
        }
        return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " m";
    }

    private static long saturated(Duration time) {
        try {
            return time.toNanos();
        } catch (ArithmeticException e) {
            return time.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** A time as ISO writes it, of a day or with less, or how long ago it was. */
    static Instant parsed(String given, Instant now, ZoneId zone) {
        Matcher ago = AGO.matcher(given);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            return now.minus(
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofHours(24 * Math.min(count, 1_000_000));
                    });
        }
        try {
            if (given.length() == 10) {
                return LocalDate.parse(given).atStartOfDay(zone).toInstant();
            }
            String iso = given.replace(' ', 'T');
            boolean zoned = iso.endsWith("Z") || iso.indexOf('+') > 0 || iso.lastIndexOf('-') > 10;
            return zoned
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw new UserError(
                    "'" + Shown.cut(given, Shown.NAME) + "' is no time; give one like 2026-11-22, 2026-11-22T10:15,"
                            + " 2026-11-22T09:15:00Z, or how long ago: 90s, 15m, 2h, 7d");
        }
    }
}
