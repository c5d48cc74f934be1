package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import io.fmware.testing.ScriptedChatModel;
import io.opentelemetry.api.OpenTelemetry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of docs/tracing.md. */
class TracingDocsTest {

    private static String lookUp(ToolExecutionRequest request) {
        return "up to 5,000";
    }

    @Test
    void the_page_traces_an_application() {
        try (OtelRig rig = OtelRig.plain()) {
            OpenTelemetry openTelemetry = rig.sdk();
            ChatModel openAi = ScriptedChatModel.replying("yes");
            ToolExecutionRequest request =
                    ToolExecutionRequest.builder().name("cover").build();

            // docs:start tracing-telemetry
            FmTelemetry telemetry = FmTelemetry.of(openTelemetry);
            FmPipeline pipeline =
                    FmPipeline.builder().watch(telemetry).metrics(telemetry).build();
            // docs:end tracing-telemetry
            ChatModel model = pipeline.wrap(openAi);

            // docs:start tracing-run
            try (FmRun run = pipeline.run("claim")
                            .tenant("acme")
                            .conversation("c9")
                            .open();
                    FmRun.Scope clerk = run.agent("clerk")) {
                String cover = FmRun.cross(BoundaryKind.TOOL, "cover", request, TracingDocsTest::lookUp);
                FmRun.note(at -> new FmEvent.Decided(at, "pay?", List.of("pay", "refuse"), "pay", null));
                clerk.output(model.chat("Tell the customer: " + cover));
            }
            // docs:end tracing-run
            pipeline.close();

            assertThat(rig.tree())
                    .containsExactly(
                            "invoke_agent clerk > execute_tool cover",
                            "chat > attempt",
                            "invoke_agent clerk > chat",
                            "invoke_workflow claim > invoke_agent clerk",
                            "- > invoke_workflow claim");
            assertThat(rig.span("invoke_agent clerk").getEvents())
                    .extracting(event -> event.getName())
                    .containsExactly("fmware.decision");
        }
    }

    @Test
    void the_page_records_content() {
        try (OtelRig rig = OtelRig.plain()) {
            OpenTelemetry openTelemetry = rig.sdk();

            // docs:start tracing-content
            FmTelemetry telemetry = FmTelemetry.builder(openTelemetry)
                    .captureContent(Redactor.standard()::redact)
                    .maxContentLength(4096)
                    .build();
            // docs:end tracing-content
            try (FmPipeline pipeline = FmPipeline.builder().watch(telemetry).build()) {
                pipeline.wrap((ChatModel) ScriptedChatModel.replying("Yes, smith@bank.test."))
                        .chat("Who?");
            }

            assertThat(OtelRig.attributes(rig.span("chat")).get("gen_ai.output.messages"))
                    .asString()
                    .matches("\\[\\{\"role\":\"assistant\",\"parts\":\\[\\{\"type\":\"text\","
                            + "\"content\":\"Yes, \\[email:[0-9a-f]{8}]\\.\"}],\"finish_reason\":\"stop\"}]");
        }
    }
}
