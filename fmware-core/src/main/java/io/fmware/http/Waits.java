package io.fmware.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how long to wait from what servers write: {@code 1.2s}, {@code 6m0s} and {@code 250ms} as Go does, plain seconds, a
 * moment of RFC 3339. Never negative, never longer than {@link #LONGEST}; what is none of these says nothing.
 */
final class Waits {
    /** What RFC 9111, 1.2.2 puts in place of a number of seconds that is too large. */
    static final Duration LONGEST = Duration.ofSeconds(1L << 31);

    private static final int LONGEST_TEXT = 64;
    /** Larger numbers are moments in seconds or milliseconds since 1970, in a unit that nobody says. */
    private static final double LARGEST_PLAIN = 1e9;

    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|us|µs|ns|d|h|m|s)");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].*");
    private static final double NANOS = 1e9;

    private Waits() {}

    /** A wait in any of the forms. */
    static Optional<Duration> parse(String value, Instant now) {
        String text = value.strip();
        if (text.isEmpty() || text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        if (NUMBER.matcher(text).matches()) {
            double seconds = Double.parseDouble(text);
            return seconds > LARGEST_PLAIN ? Optional.empty() : Optional.of(seconds(seconds));
        }
        return DATE.matcher(text).matches() ? until(text, now) : units(text);
    }

    /** Numbers with units, one after the other. */
    static Optional<Duration> units(String text) {
        Matcher part = PART.matcher(text);
        double seconds = 0;
        int end = 0;
        while (part.find()) {
            if (part.start() != end) {
                return Optional.empty();
            }
            seconds += Double.parseDouble(part.group(1)) * secondsOf(part.group(2));
            end = part.end();
        }
        return end == 0 || end != text.length() ? Optional.empty() : Optional.of(seconds(seconds));
    }

    /** A number of milliseconds. */
    static Optional<Duration> millis(String value) {
        String text = value.strip();
        return text.length() <= LONGEST_TEXT && NUMBER.matcher(text).matches()
                ? Optional.of(seconds(Double.parseDouble(text) / 1e3))
                : Optional.empty();
    }

    private static Optional<Duration> until(String text, Instant now) {
        try {
            Duration wait = Duration.between(
                    now, OffsetDateTime.parse(text.toUpperCase(Locale.ROOT).replace(' ', 'T')));
            return Optional.of(bounded(wait));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static Duration seconds(double seconds) {
        return seconds >= LONGEST.toSeconds() ? LONGEST : Duration.ofNanos(Math.round(seconds * NANOS));
    }

    private static double secondsOf(String unit) {
        return switch (unit) {
            case "d" -> 86_400;
            case "h" -> 3_600;
            case "m" -> 60;
            case "s" -> 1;
            case "ms" -> 1e-3;
            case "ns" -> 1e-9;
            default -> 1e-6;
        };
    }
}
