package io.fmware.observability.recorder;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own, which only the superuser of a Linux can make. Where it cannot be made, the test is skipped and says why. */
final class SmallDisk implements AutoCloseable {
    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /**
     * Mounts a disk over a directory; what was in it is hidden meanwhile.
     *
     * @param options as of mount, such as {@code size=3m} or {@code ro}
     */
    static SmallDisk over(Path directory, String options) throws IOException {
        String said = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString());
        if (!said.isEmpty()) {
            Assumptions.abort("a disk cannot be mounted here: " + said);
        }
        return new SmallDisk(directory);
    }

    /** What a command says that fails; nothing for one that does not. */
    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return command[0] + " does not end";
            }
            return process.exitValue() == 0 ? "" : command[0] + " gave " + process.exitValue() + ", " + said.strip();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    /** Fills a disk to its last byte; to be deleted to have room again. */
    static Path fill(Path directory) throws IOException {
        Path filler = directory.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE_NEW)) {
            for (byte[] bytes = new byte[4096]; ; ) {
                out.write(bytes);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
            return filler;
        }
    }

    @Override
    public void close() {
        String said = run("umount", "-l", directory.toString());
        if (!said.isEmpty()) {
            throw new UncheckedIOException(new IOException(said));
        }
    }
}
