package io.fmware.observability.recorder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A segment on a disk, by its name: when it was begun, by which writer, and its salt, which is in its header too, so that damage to one of them
 * does not matter.
 *
 * @param path the file
 * @param stem the name without its ending; segments are in the order of it
 * @param writer who writes it, or did
 * @param salt what checksums begin with
 * @param packed whether its blocks are compressed
 */
record SegmentFile(Path path, String stem, String writer, long salt, boolean packed) {
    static final String PLAIN = ".flight";
    static final String PACKED = ".flightz";

    private static final Pattern NAME =
            Pattern.compile("(\\d{8}T\\d{6}\\.\\d{9}Z-([0-9a-f]{16})-([0-9a-f]{16}))(\\.flightz?)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuuMMdd'T'HHmmss.SSSSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The name of a segment. */
    static String name(Instant begun, String writer, long salt) {
        return TIME.format(begun) + "-" + writer + "-" + HexFormat.of().toHexDigits(salt) + PLAIN;
    }

    /** A segment, {@code null} where a file is none by its name. */
    static @Nullable SegmentFile of(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches()
                ? new SegmentFile(
                        path,
                        name.group(1),
                        name.group(2),
                        HexFormat.fromHexDigitsToLong(name.group(3)),
                        name.group(4).equals(PACKED))
                : null;
    }

    /**
     * The segments in a directory that something was written into, oldest first. One that is begun only later is left out: by the time it is
     * read, the one before it may have got events that were not read.
     */
    static List<SegmentFile> in(Path directory) throws IOException {
        List<SegmentFile> begun = new ArrayList<>();
        for (SegmentFile each : all(directory)) {
            if (each.packed || each.isBegun()) {
                begun.add(each);
            }
        }
        return begun;
    }

    private boolean isBegun() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            SegmentHeader header = header(channel);
            return header == null || header.size() != channel.size() || !isUnwritten(channel, SegmentHeader.LENGTH);
        } catch (NoSuchFileException e) {
            return true; // it was compressed since it was listed
        }
    }

    /** All segments in a directory, oldest first. Where a segment is there in both forms, the compressed one stands for both. */
    static List<SegmentFile> all(Path directory) throws IOException {
        Map<String, SegmentFile> all = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path each : files) {
                SegmentFile segment = of(each);
                if (segment != null) {
                    all.merge(segment.stem, segment, (one, other) -> one.packed ? one : other);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new ArrayList<>(all.values());
    }

    SegmentFile as(boolean compressed) {
        Path other = path.resolveSibling(stem + (compressed ? PACKED : PLAIN));
        return new SegmentFile(other, stem, writer, salt, compressed);
    }

    long size() {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When something was last written into it; the far future where it is gone. */
    Instant lastWritten() throws IOException {
        try {
            return Files.getLastModifiedTime(path).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MAX; // compressed or deleted since it was listed
        }
    }

    /** The header, {@code null} where it is damaged or not written yet. */
    @Nullable
    SegmentHeader header() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return header(channel);
        }
    }

    static @Nullable SegmentHeader header(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH);
        readAll(channel, bytes, 0);
        return bytes.hasRemaining() ? null : SegmentHeader.of(bytes.array());
    }

    /** Whether there is nothing but zeros: it was going to be a segment. */
    static boolean isUnwritten(FileChannel channel) throws IOException {
        return isUnwritten(channel, 0);
    }

    private static boolean isUnwritten(FileChannel channel, long from) throws IOException {
        byte[] bytes = new byte[Frame.BLOCK];
        long size = channel.size();
        for (long at = from; at < size; at += bytes.length) {
            ByteBuffer into = ByteBuffer.wrap(bytes);
            readAll(channel, into, at);
            for (int i = 0; i < into.position(); i++) {
                if (bytes[i] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Reads as much as there is, until a buffer is full. */
    static void readAll(FileChannel channel, ByteBuffer into, long from) throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }
}
