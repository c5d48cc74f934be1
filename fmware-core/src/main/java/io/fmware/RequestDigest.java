package io.fmware;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
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
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a request: two requests have the same digest if everything that shapes their answer is the same, whatever the
 * order in which the JVM happened to list their tools. One digest serves caches, recordings and replay.
 *
 * <p>Everything in a request counts: all messages with their attributes, all parameters, those of a provider's own type too,
 * tools with their schemas, the response format. What is {@code null} or empty does not, so that a field which a later
 * langchain4j adds changes nothing before it is used. Sets and maps have no order, lists have one, but for tools; the fields of
 * a schema have one too, since models answer in it. A text, a number and a truth value of the same writing are three.
 */
public final class RequestDigest {
    private static final String VERSION = "2:";
    private static final int DEEPEST = 100;
    private static final char TEXT = '"';
    private static final char NUMBER = '#';

    private static final ClassValue<List<Part>> PARTS = new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
                for (Field field : c.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                        field.setAccessible(true);
                        fields.add(field);
                    }
                }
            }
            return fields.stream()
                    .map(field -> new Part(field, name(field, fields)))
                    .sorted(Comparator.comparing(Part::name))
                    .toList();
        }
    };

    /** What an object holds, under a name that no other field of it has. */
    private record Part(Field field, String name) {}

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

    /**
     * The digest of all that a call asks of a chat model: of its {@linkplain FmCall#effectiveRequest() effective request}, and of
     * the parameters as they were written where these are of a type that was lost when the defaults were added. A model that
     * hands a request on reads them.
     *
     * @param call the call
     * @return the digest of the effective request; behind it, if something was lost, a plus and the digest of the parameters
     */
    public static String of(FmCall call) {
        ChatRequest effective = call.effectiveRequest();
        ChatRequestParameters written = call.request().parameters();
        Class<?> type = written.getClass();
        boolean kept = type == DefaultChatRequestParameters.class
                || type == effective.parameters().getClass();
        return kept ? of(effective) : of(effective) + '+' + digest(written);
    }

    /**
     * The parameters that a provider's own type has beside those of all requests, such as the seed or the effort of reasoning.
     *
     * @param parameters the parameters of a request
     * @return their values by their names, as far as they are neither {@code null} nor empty: texts, numbers, truth values and
     *     constants as they are written, others in the form that is digested; none for parameters of langchain4j's own type
     */
    public static SortedMap<String, String> ownParameters(ChatRequestParameters parameters) {
        SortedMap<String, String> own = new TreeMap<>();
        for (Part part : PARTS.get(parameters.getClass())) {
            Object held = isOwn(part.field()) ? read(part.field(), parameters) : null;
            if (held != null && !isEmpty(held)) {
                String shown = held instanceof Enum<?> constant ? constant.name() : plain(held);
                String before = own.putIfAbsent(part.field().getName(), shown);
                if (before != null) { // a type that hides what it inherits
                    own.put(part.name(), shown);
                }
            }
        }
        return own;
    }

    private static String plain(Object held) {
        boolean plain = held instanceof CharSequence || held instanceof Number || held instanceof Boolean;
        return plain ? held.toString() : canonical(held, 0);
    }

    private static String digest(Object request) {
        RequestDigest canonical = new RequestDigest();
        canonical.write(request, 0);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes(canonical.text.toString()));
            return VERSION + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256, which every one has to have", e);
        }
    }

    /** UTF-8, or UTF-16 where that cannot be; no text has the same bytes in both, since none of ours begins with NUL. */
    private static byte[] bytes(String text) {
        if (isWellFormed(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer units = ByteBuffer.allocate(2 * text.length());
        units.asCharBuffer().put(text);
        return units.array();
    }

    private static boolean isWellFormed(String text) {
        int at = 0;
        while (at < text.length() && !Character.isSurrogate(text.charAt(at))) { // a loop of its own, since it is quick
            at++;
        }
        for (; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(at))) {
                    return false;
                }
                at++;
            }
        }
        return true;
    }

    private static String canonical(@Nullable Object value, int depth) {
        RequestDigest part = new RequestDigest();
        part.write(value, depth);
        return part.text.toString();
    }

    private void write(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "a request is nested more than " + DEEPEST + " deep; it may hold itself");
        }
        if (value == null) {
            text.append('~');
        } else if (value instanceof CharSequence) {
            scalar(TEXT, value.toString());
        } else if (value instanceof Number) {
            scalar(NUMBER, value.toString());
        } else if (value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof Enum<?> constant) {
            typed(constant.getDeclaringClass(), constant.name());
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(present -> write(present, depth + 1));
        } else if (value instanceof Map<?, ?> map) {
            unordered('{', map.entrySet(), depth, '}');
        } else if (value instanceof Map.Entry<?, ?> entry) {
            write(entry.getKey(), depth + 1);
            text.append(':');
            write(entry.getValue(), depth + 1);
        } else if (value instanceof Set<?> set) {
            unordered('<', set, depth, '>');
        } else if (value instanceof Collection<?> list) {
            list(list, depth);
        } else {
            other(value, depth);
        }
    }

    private void other(Object value, int depth) {
        if (value instanceof byte[] bytes) {
            typed(byte[].class, HexFormat.of().formatHex(bytes));
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            typed(ByteBuffer.class, HexFormat.of().formatHex(bytes));
        } else if (value.getClass().isArray()) {
            list(elements(value), depth);
        } else if (isOfTheJdk(value.getClass())) {
            typed(value.getClass(), value.toString());
        } else {
            object(value, depth);
        }
    }

    private void typed(Class<?> type, String value) {
        text.append('@').append(type.getName()).append('@');
        scalar(TEXT, value);
    }

    /** With its length before it, so that no text can look like the structure around it. */
    private void scalar(char kind, String value) {
        text.append(value.length()).append(kind).append(value);
    }

    private void list(Collection<?> values, int depth) {
        if (!values.isEmpty() && values.stream().allMatch(ToolSpecification.class::isInstance)) {
            unordered('<', values, depth, '>');
            return;
        }
        ordered(values, depth);
    }

    private void ordered(Collection<?> values, int depth) {
        text.append('[');
        for (Object each : values) {
            write(each, depth + 1);
            text.append(',');
        }
        text.append(']');
    }

    private void unordered(char opening, Collection<?> values, int depth, char closing) {
        List<String> parts = new ArrayList<>();
        for (Object each : values) {
            parts.add(canonical(each, depth + 1));
        }
        Collections.sort(parts);
        text.append(opening);
        parts.forEach(part -> text.append(part).append(','));
        text.append(closing);
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
        for (Part part : PARTS.get(value.getClass())) {
            Object held = read(part.field(), value);
            if (held != null && !isEmpty(held)) {
                text.append(part.name()).append('=');
                if (value instanceof JsonObjectSchema schema && held == schema.properties()) {
                    ordered(schema.properties().entrySet(), depth + 1); // models fill in the fields in this order
                } else {
                    write(held, depth + 1);
                }
                text.append(',');
            }
        }
        text.append(')');
    }

    /** The name alone if that is clear: parameters have no name of their type before them, and a type may hide what it inherits. */
    private static String name(Field field, List<Field> all) {
        boolean hidden = all.stream()
                        .filter(each -> each.getName().equals(field.getName()))
                        .count()
                > 1;
        return isOwn(field) || hidden ? field.getDeclaringClass().getName() + '.' + field.getName() : field.getName();
    }

    private static boolean isOwn(Field field) {
        Class<?> type = field.getDeclaringClass();
        return ChatRequestParameters.class.isAssignableFrom(type) && type != DefaultChatRequestParameters.class;
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
