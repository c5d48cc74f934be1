package io.fmware.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * A JDK of this machine.
 *
 * @param home where it is
 * @param version its full version
 */
record Jdk(Path home, String version) {

    /** The one that runs this program. */
    static Jdk running() {
        return new Jdk(Path.of(System.getProperty("java.home")), System.getProperty("java.version"));
    }

    /** The one of a feature version, where it is the running one or {@code -Dfmware.jdk.<feature>} names its home. */
    static Optional<Jdk> of(int feature) {
        if (Runtime.version().feature() == feature) {
            return Optional.of(running());
        }
        String home = System.getProperty("fmware.jdk." + feature, "");
        return home.isEmpty() ? Optional.empty() : Optional.of(at(Path.of(home)));
    }

    static String missing(int feature) {
        return "no JDK " + feature + " here (set JAVA_HOME_" + feature + ")";
    }

    private static Jdk at(Path home) {
        Properties release = new Properties();
        try (InputStream file = Files.newInputStream(home.resolve("release"))) {
            release.load(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(home + " is not the home of a JDK: it has no file named release", e);
        }
        return new Jdk(home, release.getProperty("JAVA_VERSION", "unknown").replace("\"", ""));
    }

    String java() {
        return home.resolve("bin").resolve("java").toString();
    }

    @Override
    public String toString() {
        return "JDK " + version;
    }
}
