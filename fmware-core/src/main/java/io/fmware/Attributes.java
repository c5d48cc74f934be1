package io.fmware;

import org.jspecify.annotations.Nullable;

/** An immutable chain of typed values, newest first; calls carry a handful at most. */
record Attributes(
        AttributeKey<?> key, Object value, @Nullable Attributes older) {

    static <T> @Nullable T find(@Nullable Attributes newest, AttributeKey<T> key) {
        for (Attributes a = newest; a != null; a = a.older) {
            if (a.key == key) {
                return key.cast(a.value);
            }
        }
        return null;
    }
}
