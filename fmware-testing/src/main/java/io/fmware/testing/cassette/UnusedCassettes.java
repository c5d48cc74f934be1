package io.fmware.testing.cassette;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds cassettes of tests that do not exist any more, by the methods of their class, whichever of them are run. */
final class UnusedCassettes {
    private static final String END = ".json";

    private UnusedCassettes() {}

    /** The cassettes beside a class that no test of it, or of classes in it, has. */
    static List<Path> of(Owner owner, Path base) throws IOException {
        List<Path> unused = new ArrayList<>(in(owner.directory(base), Place.stems(owner.type(), owner.recorded())));
        if (owner.outer() == null) {
            unused.addAll(ofClassesThatWere(owner, base));
        }
        return unused;
    }

    private static List<Path> ofClassesThatWere(Owner owner, Path base) throws IOException {
        Set<String> there = new HashSet<>();
        collect(owner, there);
        List<Path> unused = new ArrayList<>();
        for (Path each : entries(owner.directory(base).resolveSibling("."))) {
            String name = String.valueOf(each.getFileName());
            if (name.startsWith(owner.name() + ".") && Files.isDirectory(each) && !there.contains(name)) {
                unused.addAll(in(each, List.of()));
            }
        }
        return unused;
    }

    /** The names of a class, of those nested in it, and of those that are declared in it and stand for themselves. */
    private static void collect(Owner owner, Set<String> names) {
        names.add(owner.name());
        owner.nested().forEach(each -> collect(each, names));
        for (Class<?> each : owner.type().getDeclaredClasses()) {
            if (Modifier.isStatic(each.getModifiers())) {
                collect(new Owner(List.of(each)), names);
            }
        }
    }

    private static List<Path> in(Path directory, List<String> stems) throws IOException {
        List<Path> unused = new ArrayList<>();
        for (Path each : entries(directory)) {
            String name = String.valueOf(each.getFileName());
            if (name.endsWith(END)) {
                String stem = name.substring(0, name.length() - END.length());
                if (!stems.contains(stem)
                        && !stems.contains(Place.NUMBERS.matcher(stem).replaceAll(""))) {
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
