package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.testing.ScriptedChatModel;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import org.junit.jupiter.api.Test;

class MicrometerTest {

    @Test
    void the_current_span_of_micrometer_is_the_parent_through_its_bridge() {
        try (OtelRig rig = OtelRig.plain()) {
            Tracer tracer =
                    new OtelTracer(rig.sdk().getTracer("micrometer"), new OtelCurrentTraceContext(), event -> {});
            ChatModel model = rig.pipeline().wrap((ChatModel) ScriptedChatModel.replying("yes"));
            Span span = tracer.nextSpan().name("GET /claims").start();
            try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
                model.chat("hello");
            } finally {
                span.end();
            }

            assertThat(rig.tree()).containsExactly("chat > attempt", "GET /claims > chat", "- > GET /claims");
        }
    }
}
