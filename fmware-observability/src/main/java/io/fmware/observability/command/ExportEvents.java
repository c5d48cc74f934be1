package io.fmware.observability.command;

import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives a recording to other programs. */
@Command(
        name = "export",
        sortOptions = false,
        header = "Gives a recording to other programs: as lines of JSON, or as spans over OTLP.")
final class ExportEvents extends OnRecording {
    private static final int HIGHEST_PORT = 65_535;

    private static final String EXPORTER = "io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter";

    /** The forms. */
    enum Format {
        /** Lines of JSON. */
        JSONL,
        /** Spans over OTLP/HTTP. */
        OTLP
    }

    @Option(names = "--format", paramLabel = "FORMAT", description = "jsonl (default) or otlp")
    private Format format = Format.JSONL;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description = "jsonl: where to, which must not be there; - for standard output")
    private @Nullable Path to;

    @Option(names = "--content", description = "jsonl: the texts beside the names of contents")
    private boolean content;

    @Option(names = "--endpoint", paramLabel = "URL", description = "otlp: such as http://localhost:4318/v1/traces")
    private @Nullable URI endpoint;

    @Mixin
    private EventFilter filter = new EventFilter();

    ExportEvents(Screen screen) {
        super(screen);
    }

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        Progress progress = new Progress(screen());
        if (format == Format.JSONL) {
            if (to == null || endpoint != null) {
                throw new UserError("--format jsonl needs --to FILE, or --to - for standard output, and no --endpoint");
            }
            boolean plain = to.toString().equals("-");
            JsonLines lines = new JsonLines(recording, filter.wanted(this), content, progress, screen()::gone);
            if (plain) {
                lines.write(screen().bytes(), true, faults);
            } else {
                lines.write(to, faults);
            }
            progress.end();
            return OK;
        }
        if (endpoint == null || to != null || content) {
            throw new UserError("--format otlp needs --endpoint URL, and neither --to nor --content");
        }
        if (filter.isOfEvents()) {
            throw new UserError("--format otlp sends whole runs: --type and --path are for --format jsonl");
        }
        if (!("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
                || endpoint.getHost() == null
                || endpoint.getPort() > HIGHEST_PORT) {
            throw new UserError("'" + endpoint + "' is no URL of a receiver of OTLP over HTTP; give one like"
                    + " http://localhost:4318/v1/traces");
        }
        if (!Flights.isThere(EXPORTER)) {
            throw new UserError(
                    "--format otlp needs io.opentelemetry:opentelemetry-exporter-otlp on the class path; add it,"
                            + " or start the jar whose name ends with -cli.jar");
        }
        new OtlpRuns(recording, filter.wanted(this), progress).send(endpoint, screen(), faults);
        return OK;
    }
}
