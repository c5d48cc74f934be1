package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.exception.HttpException;
import io.fmware.BudgetExceededException;
import io.fmware.CancelledException;
import io.fmware.DeadlineExceededException;
import io.fmware.InvalidReplyException;
import io.fmware.OverloadedException;
import io.fmware.RejectedException;
import io.fmware.event.Failure;
import io.fmware.http.HttpStatusException;
import io.fmware.http.ResponseInfo;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes exceptions again that were recorded, of the same class, since what handles them goes by that. */
final class Failures {
    private static final Set<String> OF_TIMING = Set.of(
            OverloadedException.class.getName(),
            BudgetExceededException.class.getName(),
            DeadlineExceededException.class.getName(),
            CancelledException.class.getName());

    /** What stands before that which an exception takes in the message that it makes of it. */
    private static final Map<String, String> MADE =
            Map.of("dev.langchain4j.agentic.agent.MissingArgumentException", "Missing argument: ");

    private static final String REJECTED = "rejected by ";
    private static final String REASON = ": ";

    private Failures() {}

    /** Whether a failure depends on how long something took, or on what else was going on. */
    static boolean isOfTiming(String type) {
        return OF_TIMING.contains(type);
    }

    /**
     * Makes an exception again, with its causes. A checked one is thrown here, since it came through there too.
     *
     * @param failed has {@code error}, the name of its class, {@code message}, {@code status} where it came by HTTP, and
     *     {@code causes}, which have the same
     * @param inside what was recorded inside of what failed
     */
    static RuntimeException restored(JsonNode failed, List<Step> inside) {
        Exception cause = null;
        JsonNode causes = failed.path("causes");
        for (int i = causes.size() - 1; i >= 0; i--) {
            cause = restored(causes.get(i), cause, inside);
        }
        Exception restored = restored(failed, cause, inside);
        return restored instanceof RuntimeException unchecked ? unchecked : Failures.<RuntimeException>asIs(restored);
    }

    private static Exception restored(JsonNode failed, @Nullable Exception cause, List<Step> inside) {
        String type = failed.path("error").asText();
        String message =
                failed.path("message").isTextual() ? failed.get("message").asText() : "";
        Exception made = type.equals(HttpException.class.getName())
                ? new HttpException(failed.path("status").asInt(), message)
                : type.equals(InvalidReplyException.class.getName())
                        ? InvalidReplies.restored(message, inside)
                        : made(type, failed.path("status").asInt(), message, cause);
        return made == null ? new ReplayedException(type, message, cause) : made;
    }

    private static @Nullable Exception made(String type, int status, String message, @Nullable Exception cause) {
        try {
            Class<?> found = Class.forName(type, false, loader());
            if (!Exception.class.isAssignableFrom(found)) {
                return null;
            }
            for (Constructor<?> each : found.getDeclaredConstructors()) {
                Object[] taken = taken(each, status, message, cause);
                if (taken == null || !(Modifier.isPublic(each.getModifiers()) || isOurs(found, each))) {
                    continue;
                }
                Exception made = (Exception) each.newInstance(taken);
                if (cause != null && made.getCause() == null) {
                    made.initCause(cause);
                }
                if (message.equals(made.getMessage()) && made.getCause() == cause) {
                    return made; // or what it takes is no message, and what reads that would go another way
                }
            }
            return null;
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return null; // told as what it was, by a class of ours
        }
    }

    /** What a constructor is given, {@code null} where it takes something that is not known. */
    private static Object @Nullable [] taken(
            Constructor<?> constructor, int status, String message, @Nullable Exception cause)
            throws ReflectiveOperationException {
        Class<?>[] types = constructor.getParameterTypes();
        boolean isCaused = types.length > 0 && types[types.length - 1].isInstance(cause);
        boolean isCauseless = cause == null && types.length == 2 && Throwable.class.isAssignableFrom(types[1]);
        if (types.length == 2 && types[0] == String.class && (isCaused || isCauseless)) {
            return new Object[] {message, cause};
        }
        if (types.length == 1) {
            if (isCaused) {
                return new Object[] {cause};
            }
            String alone = MADE.getOrDefault(constructor.getDeclaringClass().getName(), "");
            return types[0] == String.class && message.startsWith(alone)
                    ? new Object[] {message.substring(alone.length())}
                    : null;
        }
        if (constructor.getDeclaringClass() == HttpStatusException.class) {
            return new Object[] {answered(status), message};
        }
        int reason = message.indexOf(REASON);
        return constructor.getDeclaringClass() == RejectedException.class && reason > REJECTED.length()
                ? new Object[] {
                    message.substring(REJECTED.length(), reason), message.substring(reason + REASON.length())
                }
                : null;
    }

    /** What is known of an answer by HTTP: headers are not recorded. */
    private static ResponseInfo answered(int status) throws ReflectiveOperationException {
        Constructor<ResponseInfo> hidden = ResponseInfo.class.getDeclaredConstructor(
                int.class, Map.class, String.class, Duration.class, Instant.class);
        hidden.setAccessible(true);
        return hidden.newInstance(status, Map.of(), "", Duration.ZERO, Instant.EPOCH);
    }

    /** Whether it is one of ours, which may be hidden. */
    private static boolean isOurs(Class<?> type, Constructor<?> constructor) {
        return type.getName().startsWith("io.fmware.") && constructor.trySetAccessible();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // none of what is thrown is declared
    private static <E extends Exception> E asIs(Exception thrown) throws E {
        throw (E) thrown;
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
