package io.fmware.testing.cassette;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds cassettes of tests that do not exist any more, by the methods of their class, whichever of them are run. */
final class UnusedCassettes {
    private static final Pattern NUMBERS = Pattern.compile("(-\\d+)+$");
    private static final String END = ".json";

    private UnusedCassettes() {}

    /** The cassettes beside a class that no test of it, or of classes in it, has. */
    static List<Path> of(Class<?> type, Path base) throws IOException {
        List<Path> unused = new ArrayList<>(in(
                Place.directory(base, type),
                Place.tests(type).stream()
                        .filter(each -> Recordings.of(type, each) != null)
                        .map(each -> Place.stem(type, each))
                        .toList()));
        if (type.getEnclosingClass() == null || Modifier.isStatic(type.getModifiers())) { // not a @Nested one
            unused.addAll(ofClassesThatWere(type, base));
        }
        return unused;
    }

    private static List<Path> ofClassesThatWere(Class<?> type, Path base) throws IOException {
        Set<String> there = new HashSet<>();
        collect(type, there);
        List<Path> unused = new ArrayList<>();
        for (Path each : entries(Place.directory(base, type).resolveSibling("."))) {
            String name = String.valueOf(each.getFileName());
            if (name.startsWith(Place.name(type) + ".") && Files.isDirectory(each) && !there.contains(name)) {
                unused.addAll(in(each, List.of()));
            }
        }
        return unused;
    }

    private static void collect(Class<?> type, Set<String> names) {
        names.add(Place.name(type));
        for (Class<?> each : type.getDeclaredClasses()) {
            collect(each, names);
        }
    }

    private static List<Path> in(Path directory, List<String> stems) throws IOException {
        List<Path> unused = new ArrayList<>();
        for (Path each : entries(directory)) {
            String name = String.valueOf(each.getFileName());
            if (name.endsWith(END)) {
                String stem = name.substring(0, name.length() - END.length());
                if (!stems.contains(stem)
                        && !stems.contains(NUMBERS.matcher(stem).replaceAll(""))) {
                    unused.add(each);
                }
            }
        }
        return unused;
    }

    private static List<Path> entries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }
}
