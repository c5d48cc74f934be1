package io.fmware.observability.recorder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says that a writer of segments is alive: a lock on a file of its own, which the operating system takes back when the process
 * ends, however that happens. The segments themselves are not locked: on POSIX systems a process loses a lock when it closes any
 * other descriptor of the file, so that reading a segment would unlock it.
 */
final class WriterLock implements AutoCloseable {
    private static final String SUFFIX = ".lock";
    /** Those of this process, whose files must not be opened a second time. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private WriterLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock of a writer, {@code null} where the writer is alive. */
    static @Nullable WriterLock of(Path directory, String writer) throws IOException {
        return of(directory, writer, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static @Nullable WriterLock of(Path directory, String writer, OpenOption... options) throws IOException {
        Path file = directory.toRealPath().resolve(writer + SUFFIX);
        if (!OWN.add(file)) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = OwnerOnly.open(file, options);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new WriterLock(file, channel);
            }
            channel.close();
            OWN.remove(file);
            return null;
        } catch (IOException | RuntimeException | Error e) {
            OWN.remove(file);
            if (channel != null) {
                channel.close();
            }
            throw e;
        }
    }

    /** Whether a writer is alive. */
    static boolean isHeld(Path directory, String writer) throws IOException {
        try (WriterLock dead = of(directory, writer, StandardOpenOption.WRITE)) {
            return dead == null;
        } catch (NoSuchFileException e) { // it has ended; making the file again would leave it there
            return false;
        }
    }

    /** Gives the lock back, for good: the writer has no segment left that is not compressed. */
    void delete() throws IOException {
        try (this) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            OWN.remove(file);
        }
    }
}
