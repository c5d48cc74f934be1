package io.fmware.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the value of {@code Retry-After} (RFC 9110, 10.2.3): seconds, or an HTTP-date in any of the three forms that a
 * recipient must accept (5.6.7).
 */
final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("[0-9]+");
    private static final Pattern RFC_850 = Pattern.compile("[A-Za-z]+, [0-9]{2}-.*");

    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US);

    private RetryAfter() {}

    static Optional<Duration> parse(String value, Instant now) {
        String text = value.strip();
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(seconds(text));
        }
        try {
            return Optional.of(Waits.bounded(Duration.between(now, date(text, now))));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Duration seconds(String digits) {
        try {
            return Waits.bounded(Duration.ofSeconds(Long.parseLong(digits)));
        } catch (NumberFormatException e) {
            return Waits.LONGEST;
        }
    }

    private static Instant date(String text, Instant now) {
        DateTimeFormatter form =
                RFC_850.matcher(text).matches() ? rfc850(now) : text.contains(",") ? IMF_FIXDATE : ASCTIME;
        return LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
    }

    /** A year of two digits that seems to be more than 50 years ahead is the latest such year in the past. */
    private static DateTimeFormatter rfc850(Instant now) {
        int year = now.atZone(ZoneOffset.UTC).getYear();
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, year - 49)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US);
    }
}
