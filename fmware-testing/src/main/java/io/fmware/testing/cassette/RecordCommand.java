package io.fmware.testing.cassette;

import io.fmware.observability.replay.TestCommand;
import java.lang.reflect.Method;
import java.nio.file.Path;

/** What a developer types to record a test again. */
final class RecordCommand {

    private RecordCommand() {}

    /**
     * The command.
     *
     * @param module the directory of the module, in which its tests run
     */
    static String of(Owner owner, Method method, Path module) {
        Class<?> type = owner.isInherited() ? owner.classes().get(0) : owner.type(); // which tools cannot choose
        String command = TestCommand.of(module, type.getName(), owner.isInherited() ? "" : method.getName());
        return command.startsWith("./gradlew")
                ? "FMWARE_CASSETTES=record " + command
                : command + " -D" + CassetteMode.PROPERTY + "=record";
    }
}
