package io.fmware.observability.command;

import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Replay;
import io.fmware.observability.replay.TestCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns a recorded run into a test that runs it again. */
@Command(
        name = "test",
        sortOptions = false,
        header = "Turns a run into a JUnit test and its cassette, which replays it without a model.")
final class WriteTest extends OnRecording {
    @Parameters(index = "1", paramLabel = "RUN", description = "the id of the run, or its beginning")
    private String run = "";

    @Option(
            names = "--class",
            paramLabel = "NAME",
            description =
                    "the class of the test, such as com.acme.DeskTest; by default the name of the run with ReplayTest")
    private @Nullable String type;

    @Option(names = "--method", paramLabel = "NAME", description = "its method; by default name and id of the run")
    private @Nullable String method;

    @Option(
            names = "--call",
            paramLabel = "JAVA",
            description = "calls the application, such as 'new Desk().decide(letter)'; without it the test says where")
    private @Nullable String call;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "src/test",
            description = "where java and cassettes are, ${DEFAULT-VALUE} by default")
    private Path out = Path.of("src/test");

    @Option(names = "--force", description = "replaces files that are there")
    private boolean force;

    WriteTest(Screen screen) {
        super(screen);
    }

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        ChosenRun chosen = new ChosenRun(run);
        recording.events(chosen::take, faults);
        List<RecordedEvent> events = chosen.found().get(0);
        String id = events.get(0).run();
        String path = events.get(0).path();
        String name = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        TestSource.Target at = target(name, id);
        Path source = out.resolve("java").resolve(at.folder() + at.className() + ".java");
        Path file = out.resolve("cassettes").resolve(at.folder() + at.className() + "/" + at.method() + ".json");
        refuseToReplace(source);
        refuseToReplace(file);

        Cassette cassette = Cassette.of(recording, id);
        cassette.problems().forEach(each -> screen().line(screen().bad("may replay otherwise: ") + Shown.all(each)));
        refuseWithoutAnswers(cassette, id);

        String text = source(recording, events).text(at, name, id, call == null ? null : call.strip());
        cassette.write(file);
        Files.createDirectories(out.resolve("java").resolve(at.folder()));
        Files.writeString(source, text);
        screen().line("cassette  " + file + ", " + Shown.many(cassette.paths().size(), "step"));
        screen().line("test      " + source + (call == null ? ", which is to call your application" : ""));
        screen().line("run it    " + TestCommand.of(out, at.folder().replace('/', '.') + at.className(), at.method()));
        return OK;
    }

    private TestSource.Target target(String name, String id) {
        String given = type == null ? capital(JavaText.identifier(name)) + "ReplayTest" : type;
        if (!SourceVersion.isName(given)) {
            throw new UserError("--class must be the name of a class, such as com.acme.DeskTest, but is '"
                    + Shown.cut(given, Shown.NAME) + "'");
        }
        if (method != null && (!SourceVersion.isIdentifier(method) || SourceVersion.isKeyword(method))) {
            throw new UserError("--method must be a name of Java's, but is '" + Shown.cut(method, Shown.NAME) + "'");
        }
        int dot = given.lastIndexOf('.');
        String beginning = Shown.isRandom(id) ? id.substring(0, 8) : id;
        String made = JavaText.identifier(beginning.startsWith(name) ? beginning : name + "_" + beginning);
        return new TestSource.Target(
                dot < 0 ? "" : given.substring(0, dot), given.substring(dot + 1), method == null ? made : method);
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private void refuseToReplace(Path file) {
        if (!force && Files.exists(file)) {
            throw new UserError(file + " is there already; name another --class or --method, or give --force");
        }
    }

    private static void refuseWithoutAnswers(Cassette cassette, String id) {
        try {
            Replay.of(cassette);
        } catch (IllegalArgumentException e) {
            throw new UserError("run " + Shown.cut(id, Shown.NAME) + " cannot be replayed, since answers in it were not"
                    + " recorded. Record the contents of such runs: FlightRecorder.Builder.content(ContentRule.all()), or"
                    + " another rule or trigger");
        }
    }

    private static TestSource source(Recording recording, List<RecordedEvent> events) throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        events.forEach(each -> ids.addAll(each.contentIds()));
        Map<String, String> contents = recording.contents(ids);
        TestSource source = new TestSource();
        events.forEach(each -> source.take(each.type(), each.whole(contents)));
        return source;
    }
}
