package io.fmware.observability.recorder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Makes files that nobody but the user of the process can read, where the file system knows such a thing. */
final class OwnerOnly {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private OwnerOnly() {}

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        boolean known = POSIX && path.getFileSystem() == FileSystems.getDefault();
        return known
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Makes a directory and those around it; one that is there stays as it is. */
    static Path directory(Path directory) throws IOException {
        return Files.createDirectories(directory, attributes(directory, "rwx------"));
    }

    /** Opens a file, which is made where the options say so. */
    static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), attributes(file, "rw-------"));
    }
}
