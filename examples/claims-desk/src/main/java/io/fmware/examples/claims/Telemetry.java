package io.fmware.examples.claims;

import io.fmware.observability.otel.FmTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends the trace of a claim over OTLP, where the environment says to which receiver. */
final class Telemetry implements AutoCloseable {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private final OpenTelemetrySdk sdk;

    private Telemetry(String endpoint) {
        this.sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(Resource.getDefault().toBuilder()
                                .put(AttributeKey.stringKey("service.name"), "claims-desk")
                                .build())
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(endpoint + "/v1/traces")
                                        .build())
                                .build())
                        .build())
                .build();
    }

    /** The telemetry, or {@code null} where no receiver is named. */
    static @Nullable Telemetry of(Map<String, String> env) {
        String endpoint = env.getOrDefault(ENDPOINT, "").strip();
        if (endpoint.isEmpty()) {
            return null;
        }
        if (!endpoint.startsWith("http://") && !endpoint.startsWith("https://")) {
            throw new UserError(ENDPOINT + " is '" + endpoint
                    + "'; set it to the URL of a receiver of OTLP over HTTP, such" + " as http://localhost:4318");
        }
        return new Telemetry(endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint);
    }

    FmTelemetry watcher() {
        return FmTelemetry.of(sdk);
    }

    /** Sends what has not been sent. */
    @Override
    public void close() {
        sdk.close();
    }
}
