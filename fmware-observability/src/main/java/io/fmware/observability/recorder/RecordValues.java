package io.fmware.observability.recorder;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Records of an application that are made again. */
final class RecordValues {

    private RecordValues() {}

    /** Calls the canonical constructor. */
    static Object made(Class<?> type, Class<?>[] components, @Nullable Object[] values) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(components);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "record " + type.getName() + " does not take what was recorded of it", e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "record " + type.getName() + " with components of " + Arrays.toString(components)
                            + " cannot be made of what was recorded; a part of it may have been redacted, or have another type",
                    e);
        }
    }
}
