package io.fmware;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a request: two requests have the same digest if everything that shapes their answer is the same, whatever the
 * order in which the JVM happened to list their tools. One digest serves caches, recordings and replay.
 *
 * <p>Everything in a request counts: all messages with their attributes, all parameters, those of a provider's own type too,
 * tools with their schemas, the response format. What is {@code null} or empty does not, so that a field which a later
 * langchain4j adds changes nothing before it is used. Sets and maps have no order, lists have one, but for tools.
 */
public final class RequestDigest {
    private static final String VERSION = "1:";
    private static final int DEEPEST = 100;

    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
                for (Field field : c.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                        field.setAccessible(true);
                        fields.add(field);
                    }
                }
            }
            fields.sort(Comparator.comparing(Field::getName));
            return fields;
        }
    };

    private final StringBuilder text = new StringBuilder(1024);

    private RequestDigest() {}

    /**
     * The digest of a chat request as it is: give the {@linkplain FmCall#effectiveRequest() effective} one where the defaults
     * of the model are to count.
     *
     * @param request the request
     * @return the version of the digest, a colon and the SHA-256 of the request's canonical form in hexadecimal
     */
    public static String of(ChatRequest request) {
        return digest(Objects.requireNonNull(request, "request"));
    }

    /**
     * The digest of an embedding request.
     *
     * @param request the request
     * @return the version of the digest, a colon and the SHA-256 of the request's canonical form in hexadecimal
     */
    public static String of(EmbeddingRequest request) {
        return digest(Objects.requireNonNull(request, "request"));
    }

    private static String digest(Object request) {
        RequestDigest canonical = new RequestDigest();
        canonical.write(request, 0);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(canonical.text.toString().getBytes(StandardCharsets.UTF_8));
            return VERSION + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256, which every one has to have", e);
        }
    }

    private static String canonical(Object value, int depth) {
        RequestDigest part = new RequestDigest();
        part.write(value, depth);
        return part.text.toString();
    }

    private void write(Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "a request is nested more than " + DEEPEST + " deep; it may hold itself");
        }
        if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
            scalar(value.toString());
        } else if (value instanceof Enum<?> constant) {
            scalar(constant.name());
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(present -> write(present, depth + 1));
        } else if (value instanceof Map<?, ?> map) {
            unordered(map.entrySet(), depth);
        } else if (value instanceof Map.Entry<?, ?> entry) {
            write(Objects.requireNonNullElse(entry.getKey(), ""), depth + 1);
            text.append(':');
            write(Objects.requireNonNullElse(entry.getValue(), ""), depth + 1);
        } else if (value instanceof Set<?> set) {
            unordered(set, depth);
        } else if (value instanceof Collection<?> list) {
            list(list, depth);
        } else if (value.getClass().isArray()) {
            list(elements(value), depth);
        } else if (isOfTheJdk(value.getClass())) {
            scalar(value.toString());
        } else {
            object(value, depth);
        }
    }

    /** With its length before it, so that no text can look like the structure around it. */
    private void scalar(String value) {
        text.append(value.length()).append('"').append(value);
    }

    private void list(Collection<?> values, int depth) {
        if (!values.isEmpty() && values.stream().allMatch(ToolSpecification.class::isInstance)) {
            unordered(values, depth);
            return;
        }
        text.append('[');
        for (Object each : values) {
            write(each == null ? "" : each, depth + 1);
            text.append(',');
        }
        text.append(']');
    }

    private void unordered(Collection<?> values, int depth) {
        List<String> parts = new ArrayList<>();
        for (Object each : values) {
            parts.add(canonical(each == null ? "" : each, depth + 1));
        }
        Collections.sort(parts);
        text.append('{');
        parts.forEach(part -> text.append(part).append(','));
        text.append('}');
    }

    private static List<@Nullable Object> elements(Object array) {
        if (array instanceof Object[] objects) {
            return Arrays.asList(objects);
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }

    private static boolean isOfTheJdk(Class<?> type) {
        return type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
    }

    private void object(Object value, int depth) {
        if (!(value
                instanceof ChatRequestParameters)) { // a provider's own type shapes nothing unless it holds something
            text.append(value.getClass().getName());
        }
        text.append('(');
        for (Field field : FIELDS.get(value.getClass())) {
            Object held = read(field, value);
            if (held != null && !isEmpty(held)) {
                text.append(field.getName()).append('=');
                write(held, depth + 1);
                text.append(',');
            }
        }
        text.append(')');
    }

    private static @Nullable Object read(Field field, Object value) {
        try {
            return field.get(value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("field " + field + " of a request cannot be read", e);
        }
    }

    private static boolean isEmpty(Object held) {
        return (held instanceof Collection<?> collection && collection.isEmpty())
                || (held instanceof Map<?, ?> map && map.isEmpty())
                || (held instanceof Optional<?> optional && optional.isEmpty());
    }
}
