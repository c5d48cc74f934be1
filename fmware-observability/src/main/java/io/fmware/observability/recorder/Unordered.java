package io.fmware.observability.recorder;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sets and maps whose order says nothing, and is another one in the next process: that of {@link Set#of()} and {@link Map#of()}
 * depends on a random number of the JVM, that of hash tables on the identity of what is in them, or on who was first. An order that
 * an application has made, as in a {@code LinkedHashMap}, is kept, and so is that of types that are not known here.
 */
final class Unordered {
    private static final String OF = "java.util.ImmutableCollections$";

    private Unordered() {}

    static boolean is(Collection<?> set) {
        return set.getClass() == HashSet.class || set.getClass().getName().startsWith(OF);
    }

    static boolean is(Map<?, ?> map) {
        return map.getClass() == HashMap.class
                || map.getClass() == ConcurrentHashMap.class
                || map.getClass().getName().startsWith(OF);
    }
}
