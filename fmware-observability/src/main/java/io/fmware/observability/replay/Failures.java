package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.exception.HttpException;
import io.fmware.CancelledException;
import io.fmware.DeadlineExceededException;
import io.fmware.OverloadedException;
import io.fmware.event.Failure;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes exceptions again that were recorded, of the same class, since what handles them goes by that. */
final class Failures {
    private static final Set<String> OF_TIMING = Set.of(
            OverloadedException.class.getName(),
            DeadlineExceededException.class.getName(),
            CancelledException.class.getName());

    private Failures() {}

    /** Whether a failure depends on how long something took, or on what else was going on. */
    static boolean isOfTiming(String type) {
        return OF_TIMING.contains(type);
    }

    /**
     * Makes an exception again, with its causes.
     *
     * @param failed has {@code error}, the name of its class, {@code message}, {@code status} where it came by HTTP, and
     *     {@code causes}, which have the same
     */
    static RuntimeException restored(JsonNode failed) {
        RuntimeException cause = null;
        JsonNode causes = failed.path("causes");
        for (int i = causes.size() - 1; i >= 0; i--) {
            cause = restored(causes.get(i), cause);
        }
        return restored(failed, cause);
    }

    private static RuntimeException restored(JsonNode failed, @Nullable RuntimeException cause) {
        String type = failed.path("error").asText();
        String message =
                failed.path("message").isTextual() ? failed.get("message").asText() : "";
        if (type.equals(HttpException.class.getName())) {
            return new HttpException(failed.path("status").asInt(), message);
        }
        RuntimeException made = made(type, message, cause);
        return made == null ? new ReplayedException(type, message, cause) : made;
    }

    private static @Nullable RuntimeException made(String type, String message, @Nullable RuntimeException cause) {
        try {
            Class<?> found = Class.forName(type, false, loader());
            if (!RuntimeException.class.isAssignableFrom(found)) {
                return null;
            }
            RuntimeException made = (RuntimeException) constructed(found, message, cause);
            if (made == null || !message.equals(made.getMessage())) {
                return null; // what it takes is no message, and what reads that would go another way
            }
            if (cause != null && made.getCause() == null) {
                made.initCause(cause);
            }
            return made;
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return null; // told as what it was, by a class of ours
        }
    }

    private static @Nullable Object constructed(Class<?> type, String message, @Nullable RuntimeException cause)
            throws ReflectiveOperationException {
        Constructor<?> withCause = constructor(type, String.class, Throwable.class);
        Constructor<?> alone = constructor(type, String.class);
        if (withCause != null && (cause != null || alone == null)) {
            return withCause.newInstance(message, cause);
        }
        return alone == null ? null : alone.newInstance(message);
    }

    /** A constructor, {@code null} where there is none to be used; those of ours may be hidden. */
    private static @Nullable Constructor<?> constructor(Class<?> type, Class<?>... taken) {
        for (Constructor<?> each : type.getDeclaredConstructors()) {
            boolean usable =
                    Modifier.isPublic(each.getModifiers()) || (isOfTiming(type.getName()) && each.trySetAccessible());
            if (usable && Arrays.equals(each.getParameterTypes(), taken)) {
                return each;
            }
        }
        return null;
    }

    /** Describes an exception that came in a replay: one of ours as what it stands for. */
    static Failure told(Throwable thrown) {
        Failure failure = Failure.of(thrown);
        return thrown instanceof ReplayedException replayed
                ? new Failure(replayed.type(), failure.message(), failure.status(), failure.cause())
                : failure;
    }

    private static ClassLoader loader() {
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        return ofThread == null ? Failures.class.getClassLoader() : ofThread;
    }
}
