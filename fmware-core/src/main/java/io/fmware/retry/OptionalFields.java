package io.fmware.retry;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Finds fields from which langchain4j derives a schema that no answer can fit. */
final class OptionalFields {
    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private OptionalFields() {}

    static void refuse(Class<?> type) {
        refuse(type, new HashSet<>());
    }

    private static void refuse(Class<?> type, Set<Class<?>> seen) {
        if (type.isPrimitive() || type.isEnum() || type.getName().startsWith("java.") || !seen.add(type)) {
            return;
        }
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                refuse(field, field.getGenericType(), seen);
            }
        }
    }

    private static void refuse(Field field, Type type, Set<Class<?>> seen) {
        if (type instanceof ParameterizedType generic) {
            refuse(field, generic.getRawType(), seen);
            for (Type argument : generic.getActualTypeArguments()) {
                refuse(field, argument, seen);
            }
        } else if (type instanceof Class<?> plain) {
            if (OPTIONALS.contains(plain)) {
                throw new IllegalArgumentException("the field " + field.getName() + " of "
                        + field.getDeclaringClass().getName() + " has an " + plain.getSimpleName()
                        + ", for which langchain4j derives no usable schema; use the plain type and mark the field with"
                        + " @JsonProperty(required = false)");
            }
            refuse(plain.isArray() ? plain.getComponentType() : plain, seen);
        }
    }
}
