package io.fmware.observability.jfr;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Whether a tool gave an error instead of throwing one, which most do: langchain4j's result has a flag. It is of a module that an
 * application may do without, and so is asked by the name of its accessor.
 */
final class ToolErrors {
    private static final String RESULT = "dev.langchain4j.service.tool.ToolExecutionResult";

    private static final ClassValue<MethodHandle> FLAGS = new ClassValue<>() {
        @Override
        protected MethodHandle computeValue(Class<?> type) {
            try {
                return MethodHandles.publicLookup()
                        .findVirtual(type, "isError", MethodType.methodType(boolean.class))
                        .asType(MethodType.methodType(boolean.class, Object.class));
            } catch (ReflectiveOperationException e) { // another version of it
                return MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0, Object.class);
            }
        }
    };

    private ToolErrors() {}

    static boolean isOne(@Nullable Object output) {
        if (output == null || !output.getClass().getName().equals(RESULT)) {
            return false;
        }
        try {
            return (boolean) FLAGS.get(output.getClass()).invokeExact(output);
        } catch (Throwable t) {
            return false;
        }
    }
}
