package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.route.Fallback;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the page on events. */
class EventsSnippetsTest {
    private final List<String> logged = new ArrayList<>();
    private final Log log = new Log();

    @Test
    void a_listener_is_told_of_decisions() {
        ChatModel otherModel = ScriptedChatModel.replying("yes");
        // docs:start events-listen
        BoundaryInterceptor listening = new BoundaryInterceptor() {
            @Override
            public void event(FmEvent event) {
                if (event instanceof FmEvent.Decided decided) {
                    log.info("{} took {}, because: {}", event.origin().path(), decided.choice(), decided.reason());
                }
            }
        };
        FmPipeline pipeline = FmPipeline.builder()
                .with(Fallback.to(otherModel))
                .watch(listening)
                .build();
        // docs:end events-listen
        try (pipeline) {
            ChatModel failing = ScriptedChatModel.of(Reply.error(new RateLimitException("slow down")));
            assertThat(pipeline.wrap(failing).chat("Hi")).isEqualTo("yes");
        }
        assertThat(logged)
                .containsExactly("[call/call:ScriptedChatModel#1, ScriptedChatModel,"
                        + " dev.langchain4j.exception.RateLimitException]");
    }

    @Test
    void what_cannot_be_seen_is_said_where_it_happens() {
        List<String> told = new ArrayList<>();
        BoundaryInterceptor listening = new BoundaryInterceptor() {
            @Override
            public void event(FmEvent event) {
                told.add(event.type() + " " + event.origin().path());
            }
        };
        ToolExecutionRequest question =
                ToolExecutionRequest.builder().name("cover").arguments("{}").build();
        try (FmPipeline pipeline = FmPipeline.builder().watch(listening).build()) {
            // docs:start events-note
            try (FmRun run = pipeline.run("claim")
                            .tenant("acme")
                            .feature("claims")
                            .open();
                    FmRun.Scope agent = run.agent("settlement")) {
                FmRun.note(at -> new FmEvent.Planned(at, List.of("check cover", "settle"), "the damage is small"));
                String cover = FmRun.cross(BoundaryKind.TOOL, "cover", question, this::askPolicySystem);
                FmRun.note(at -> new FmEvent.Decided(at, "pay?", List.of("pay", "refuse"), "pay", cover));
                agent.output("paid");
            }
            // docs:end events-note
        }
        assertThat(told)
                .containsExactly(
                        "run.started claim",
                        "agent.started claim/settlement#1",
                        "plan claim/settlement#1",
                        "tool.called claim/settlement#1/tool:cover#1",
                        "tool.returned claim/settlement#1/tool:cover#1",
                        "decision claim/settlement#1",
                        "agent.ended claim/settlement#1",
                        "run.ended claim");
    }

    private String askPolicySystem(ToolExecutionRequest question) {
        return "full cover: " + question.arguments();
    }

    /** Stands for an SLF4J logger. */
    private final class Log {
        void info(String format, Object... arguments) {
            assertThat(format).contains("{}");
            logged.add(List.of(arguments).toString());
        }
    }
}
