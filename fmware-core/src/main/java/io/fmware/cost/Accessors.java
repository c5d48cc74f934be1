package io.fmware.cost;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what only some provider's class has, by the name of its public accessor, looked up once for each class: core depends on
 * no provider.
 */
final class Accessors {
    private static final MethodHandle NONE =
            MethodHandles.dropArguments(MethodHandles.constant(Object.class, null), 0, Object.class);
    private static final ClassValue<Map<String, MethodHandle>> HANDLES = new ClassValue<>() {
        @Override
        protected Map<String, MethodHandle> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private Accessors() {}

    /** What an accessor returns, {@code null} where there is no object, no such accessor, or it throws. */
    static @Nullable Object read(@Nullable Object from, String accessor) {
        if (from == null) {
            return null;
        }
        Class<?> type = from.getClass();
        MethodHandle handle = HANDLES.get(type).computeIfAbsent(accessor, name -> find(type, name));
        try {
            return handle == NONE ? null : handle.invokeExact(from);
        } catch (Throwable t) {
            return null;
        }
    }

    static @Nullable Long number(@Nullable Object from, String accessor) {
        return read(from, accessor) instanceof Number number ? number.longValue() : null;
    }

    private static MethodHandle find(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            if (Modifier.isPublic(at.getModifiers())) {
                try {
                    return MethodHandles.publicLookup()
                            .unreflect(at.getMethod(name))
                            .asType(MethodType.methodType(Object.class, Object.class));
                } catch (ReflectiveOperationException | RuntimeException e) {
                    // not here, or not for us: a superclass may have it
                }
            }
        }
        return NONE;
    }
}
