package io.fmware.observability.command;

import io.fmware.observability.recorder.AuditTrail;
import io.fmware.observability.recorder.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks an audit trail. */
@Command(
        name = "verify-audit",
        sortOptions = false,
        header = "Checks that an audit trail is as it was taken out of a recording.",
        footer = {"", "Exit code 1 where it is not."})
final class VerifyAudit implements Callable<Integer> {
    private final Screen screen;

    @Parameters(index = "0", paramLabel = "FILE", description = "the audit trail")
    private Path file = Path.of("");

    @Option(names = "--key", paramLabel = "FILE", description = "the public key of who signed it, as PEM")
    private @Nullable Path key;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    VerifyAudit(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws IOException {
        Verification verified = AuditTrail.verify(file, key == null ? null : Pem.publicKey(key));
        screen.line(Shown.many(verified.events(), "event") + ", " + Shown.many(verified.contents(), "content"));
        if (verified.unended() > 0) {
            screen.line("the run has no end: it went on when this was taken out, or its process had died");
        }
        Problems problems = new Problems(screen, false);
        verified.problems().forEach(each -> problems.tell("problem", each.toString()));
        problems.end();
        if (verified.isIntact()) {
            screen.line(
                    key == null
                            ? "intact; who has signed it was not asked, --key does"
                            : "intact, and signed with this key");
            return OnRecording.OK;
        }
        screen.line(screen.bad("not intact"));
        return OnRecording.NOT;
    }
}
