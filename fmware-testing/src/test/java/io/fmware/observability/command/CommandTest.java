package io.fmware.observability.command;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of the command: records what that reads, in a directory of its own. */
abstract class CommandTest {
    @TempDir
    Path directory;

    String flights;
    CommandRig rig;

    @BeforeEach
    void open() throws IOException {
        flights = directory.resolve("flights").toString();
        rig = new CommandRig(Path.of(flights));
    }

    @AfterEach
    void close() {
        rig.close();
    }
}
