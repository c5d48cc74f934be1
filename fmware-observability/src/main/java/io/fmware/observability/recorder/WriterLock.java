package io.fmware.observability.recorder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Says that a writer of segments is alive: a lock on a file of its own, which the operating system takes back when the process
 * ends, however that happens. The segments themselves are not locked: on POSIX systems a process loses a lock when it closes any
 * other descriptor of the file, so that reading a segment would unlock it.
 */
final class WriterLock {
    private static final String SUFFIX = ".lock";
    /** Those of this process, whose files must not be opened a second time. */
    private static final Set<Path> OWN = new HashSet<>();
    /** Guards them: who looks whether a lock of this process is held, while it is being taken, would give it back. */
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final Path file;
    private final FileChannel channel;

    private WriterLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock of a writer, {@code null} where the writer is alive. */
    static @Nullable WriterLock of(Path directory, String writer) throws IOException {
        Path file = directory.toRealPath().resolve(writer + SUFFIX);
        ONE_AT_A_TIME.lock();
        try {
            if (OWN.contains(file)) {
                return null;
            }
            FileChannel channel = OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                OWN.add(file);
                return new WriterLock(file, channel);
            }
            return null;
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    /** Locks a file for as long as it is open; closes it where somebody else has locked it. */
    private static boolean isLocked(FileChannel channel) throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            return lock != null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    /** Whether a writer is alive. Writes nothing, so that whoever may read a recording may ask. */
    static boolean isHeld(Path directory, String writer) throws IOException {
        Path file = directory.toRealPath().resolve(writer + SUFFIX);
        ONE_AT_A_TIME.lock();
        try {
            return OWN.contains(file) || isHeldElsewhere(file);
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private static boolean isHeldElsewhere(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return free == null;
        } catch (NoSuchFileException e) {
            return false; // it has ended
        }
    }

    /** Gives the lock back, for good. */
    void delete() throws IOException {
        ONE_AT_A_TIME.lock();
        try (channel) {
            OWN.remove(file);
            Files.deleteIfExists(file); // while it is locked, so that nobody who takes it now loses his
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }
}
