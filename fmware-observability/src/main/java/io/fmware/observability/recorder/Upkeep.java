package io.fmware.observability.recorder;

import io.fmware.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a directory of segments in order: seals what killed processes have left, compresses what is sealed, deletes what is too
 * old or too much. Segments of a writer that is alive are left alone. Runs in one thread.
 */
final class Upkeep {
    private static final Logger log = LoggerFactory.getLogger(FlightRecorder.class);
    private static final String UNFINISHED = ".tmp";
    private static final Duration A_DAY = Duration.ofDays(1);

    private final Path directory;
    private final LogSettings settings;
    private final TimeSource time;
    private final AtomicBoolean complained = new AtomicBoolean();

    Upkeep(Path directory, LogSettings settings, TimeSource time) {
        this.directory = directory;
        this.settings = settings;
        this.time = time;
    }

    /** What is left of processes that were killed. */
    void recover() {
        quietly(() -> {
            Map<String, List<SegmentFile>> left = SegmentFile.all(directory).stream()
                    .filter(each -> !each.packed())
                    .collect(Collectors.groupingBy(SegmentFile::writer));
            for (Map.Entry<String, List<SegmentFile>> each : left.entrySet()) {
                WriterLock dead = WriterLock.of(directory, each.getKey());
                if (dead != null) {
                    try {
                        for (SegmentFile segment : each.getValue()) {
                            recover(segment);
                        }
                    } finally {
                        dead.delete();
                    }
                }
            }
            sweep();
            retain();
        });
    }

    /** Deletes what killed processes have left half done, when nobody can be at it any more. */
    private void sweep() throws IOException {
        Instant old = time.instant().minus(A_DAY);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + UNFINISHED)) {
            for (Path each : files) {
                if (modified(each).isBefore(old)) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** When a file was written; what another process has finished meanwhile, and renamed, is not old. */
    private static Instant modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MAX;
        }
    }

    /** Ends a segment that was sealed, and compresses it. */
    void finish(SegmentWriter sealed) {
        quietly(() -> {
            SegmentFile file = SegmentFile.of(sealed.file());
            try {
                if (file != null) {
                    try (FileChannel channel = open(file)) {
                        pack(file, channel);
                    }
                }
            } catch (IOException e) {
                sealed.truncate(); // then it stays as it is
                throw e;
            } finally {
                sealed.release();
            }
            retain();
        });
    }

    /** Gives the lock of a writer back that has ended. */
    void leave(WriterLock lock) {
        quietly(lock::delete);
    }

    static FileChannel open(SegmentFile file) throws IOException {
        return FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Deletes a segment that nothing was written into. */
    void discard(SegmentWriter empty) {
        quietly(() -> {
            Files.deleteIfExists(empty.file());
            empty.release();
        });
    }

    /** Ends a segment that nobody writes any more, and compresses it where it is whole. */
    static void recover(SegmentFile file) throws IOException {
        if (Files.exists(file.as(true).path())) {
            Files.deleteIfExists(file.path()); // compressed, and killed before this was deleted
            return;
        }
        try (FileChannel channel = open(file)) {
            recover(file, channel);
        } catch (NoSuchFileException e) {
            log.debug("{} was ended by its writer since it was listed", file.path());
        }
    }

    private static void recover(SegmentFile file, FileChannel channel) throws IOException {
        if (SegmentFile.isUnwritten(channel)) { // killed while it was being made
            Files.deleteIfExists(file.path());
            return;
        }
        SegmentHeader header = SegmentFile.header(channel);
        if (header == null || header.version() > SegmentHeader.VERSION) {
            return; // damaged or of a newer version: it stays as it is
        }
        Contents found = Contents.of(file, channel);
        if (found.faults > 0 || (!found.sealed && channel.size() != header.size())) {
            return; // damaged, or cut off by somebody else
        }
        if (!found.sealed && found.records > 1) {
            FlightLog.seal(SegmentWriter.resume(file.path(), channel, file.salt(), found));
        }
        if (found.records <= 1) { // its head alone
            Files.deleteIfExists(file.path());
            return;
        }
        pack(file, channel);
    }

    /** What a look through a segment finds. */
    static final class Contents implements SegmentReader.Visitor {
        long records;
        long faults;
        boolean sealed;
        long end;

        static Contents of(SegmentFile file, FileChannel channel) throws IOException {
            Contents contents = new Contents();
            contents.end = new SegmentReader(file.salt(), contents).read(new PlainBlocks(channel, 0));
            return contents;
        }

        @Override
        public void record(byte kind, byte[] data, long offset) {
            records++;
            sealed = kind == Kind.SEAL;
        }

        @Override
        public void fault(long offset, long length, String what) {
            faults++;
        }

        @Override
        public void torn(long offset, long length) {
            // how a killed process leaves it
        }
    }

    /**
     * Makes a compressed segment of one that is sealed, in place of it.
     *
     * @return false where it is damaged or not sealed, and stays as it is, so that nothing hides what has happened
     */
    static boolean pack(SegmentFile file, FileChannel channel) throws IOException {
        SegmentHeader header = SegmentFile.header(channel);
        Contents found = Contents.of(file, channel);
        if (header == null || found.faults > 0 || !found.sealed) {
            return false;
        }
        Path unfinished = file.path().resolveSibling(file.stem() + UNFINISHED);
        FileTime written = Files.getLastModifiedTime(file.path());
        int blocks = (int) ((found.end + Frame.BLOCK - 1) / Frame.BLOCK);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try (FileChannel out = OwnerOnly.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            writeAll(out, new SegmentHeader(header.version(), true, header.size(), header.salt(), blocks).bytes());
            PlainBlocks from = new PlainBlocks(channel, 0);
            for (int i = 0; i < blocks; i++) {
                Blocks.Block block = from.next((offset, length, what) -> {});
                if (block == null) {
                    throw new IOException(file.path() + " has become shorter while it was compressed");
                }
                int length = (int) Math.min(block.length(), found.end - block.offset());
                writeAll(out, PackedBlocks.pack(block.bytes(), length, i, file.salt(), deflater));
            }
            out.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        } finally {
            deflater.end();
        }
        Files.setLastModifiedTime(unfinished, written); // it is kept no longer for that
        Files.move(unfinished, file.as(true).path(), StandardCopyOption.ATOMIC_MOVE);
        force(file.path().resolveSibling(""));
        Files.deleteIfExists(file.as(false).path());
        return true;
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** Deletes the oldest segments, as long as there is too much of them, and those that are too old. */
    private void retain() throws IOException {
        List<SegmentFile> all = new ArrayList<>(SegmentFile.all(directory));
        Collections.reverse(all);
        Instant oldest = time.instant().minus(settings.longest());
        long bytes = 0;
        for (SegmentFile each : all) {
            if (!each.packed() && WriterLock.isHeld(directory, each.writer())) {
                continue; // it is being written, or is going to be
            }
            bytes += each.size();
            if (bytes > settings.mostBytes() || each.lastWritten().isBefore(oldest)) {
                Files.deleteIfExists(each.path());
            }
        }
    }

    /** Makes a change of names in a directory outlive the loss of power, where the operating system can do that. */
    static void force(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            log.debug("{} cannot be forced to the disk", directory, e);
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private void quietly(Task task) {
        try {
            task.run();
        } catch (IOException | UncheckedIOException | InternalError e) {
            if (complained.compareAndSet(false, true)) {
                log.warn(
                        "segments in {} cannot be put in order; recording goes on, and this is logged once",
                        directory,
                        e);
            }
        }
    }
}
