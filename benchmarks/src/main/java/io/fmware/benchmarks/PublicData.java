package io.fmware.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Public data sets, below the directory that {@code -Dfmware.data} names. */
final class PublicData {

    private PublicData() {}

    static Optional<Path> file(String name) {
        String directory = System.getProperty("fmware.data", "");
        return directory.isEmpty()
                ? Optional.empty()
                : Optional.of(Path.of(directory, name)).filter(Files::isRegularFile);
    }

    static String missing(String name) {
        return "no " + name + "; set -Dfmware.data=DIR or FMWARE_DATA to the directory that has it";
    }
}
