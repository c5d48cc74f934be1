package io.fmware.observability.command;

import io.fmware.observability.recorder.AuditTrail;
import io.fmware.observability.recorder.RecordedRun;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a run out of a recording, for whoever has to examine it. */
@Command(
        name = "audit",
        sortOptions = false,
        header = "Takes a run out of a recording as an audit trail, which shows when it is changed.")
final class TakeAudit extends OnRecording {
    @Parameters(index = "1", paramLabel = "RUN", description = "the id of the run, or its beginning")
    private String run = "";

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "where to; must not be there")
    private Path file = Path.of("");

    @Option(names = "--key", paramLabel = "FILE", description = "signs it: a private key of Ed25519, EC or RSA, as PEM")
    private @Nullable Path key;

    TakeAudit(Screen screen) {
        super(screen);
    }

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        List<RecordedRun> all = recording.runs(faults);
        List<RecordedRun> meant =
                all.stream().filter(each -> each.id().equals(run)).toList();
        if (meant.isEmpty()) {
            meant = all.stream().filter(each -> each.id().startsWith(run)).toList();
        }
        if (meant.size() != 1) {
            throw new UserError((meant.isEmpty() ? "there is no run" : "there are " + meant.size() + " runs")
                    + " whose id begins with '" + Shown.cut(run, Shown.NAME) + "'");
        }
        AuditTrail trail = AuditTrail.of(recording, meant.get(0));
        (key == null ? trail : trail.signedWith(Pem.privateKey(key))).writeTo(file);
        screen().line(meant.get(0).events() + " events of run "
                + Shown.all(meant.get(0).id()) + " are in " + file + (key == null ? ", not signed" : ", signed"));
        return OK;
    }
}
