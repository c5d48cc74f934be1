package io.fmware.observability.recorder;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A type whose values are told by a text, and JSON has no value of its own for: {@code {"instant":"2026-11-22T12:00:00Z"}}.
 *
 * @param tag its name in JSON
 * @param type the type
 * @param text whether it may hold what somebody said, and is redacted as text
 * @param read makes a value of its text; throws where that is none
 */
record Scalar(String tag, Class<?> type, boolean text, Function<String, Object> read) {
    private static final List<Scalar> ALL = List.of(
            number("long", Long.class, Long::valueOf),
            number("short", Short.class, Short::valueOf),
            number("byte", Byte.class, Byte::valueOf),
            number("float", Float.class, Float::valueOf),
            number("double", Double.class, Double::valueOf), // those that JSON has no number for
            number("decimal", BigDecimal.class, BigDecimal::new),
            number("integer", BigInteger.class, BigInteger::new),
            new Scalar("char", Character.class, false, Scalar::character),
            new Scalar("uuid", UUID.class, false, UUID::fromString),
            new Scalar("instant", Instant.class, false, Instant::parse),
            new Scalar("date", LocalDate.class, false, LocalDate::parse),
            new Scalar("time", LocalTime.class, false, LocalTime::parse),
            new Scalar("dateTime", LocalDateTime.class, false, LocalDateTime::parse),
            new Scalar("zoned", ZonedDateTime.class, false, ZonedDateTime::parse),
            new Scalar("offset", OffsetDateTime.class, false, OffsetDateTime::parse),
            new Scalar("duration", Duration.class, false, Duration::parse),
            new Scalar("period", Period.class, false, Period::parse),
            new Scalar("uri", URI.class, true, URI::create));
    private static final Map<Class<?>, Scalar> BY_TYPE =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Scalar::type, each -> each));
    private static final Map<String, Scalar> BY_TAG =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Scalar::tag, each -> each));

    private static Scalar number(String tag, Class<?> type, Function<String, Object> read) {
        return new Scalar(tag, type, false, read);
    }

    private static Object character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException("a char is one character, but '" + text + "' has " + text.length());
        }
        return text.charAt(0);
    }

    static @Nullable Scalar of(Object value) {
        return BY_TYPE.get(value.getClass());
    }

    static @Nullable Scalar named(String tag) {
        return BY_TAG.get(tag);
    }

    boolean isNumber() {
        return Number.class.isAssignableFrom(type);
    }
}
