package io.fmware.provider.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.observability.api.AiServiceListenerRegistrar;
import dev.langchain4j.observability.api.DefaultAiServiceListenerRegistrar;
import dev.langchain4j.observability.api.event.AiServiceEvent;
import dev.langchain4j.observability.api.event.AiServiceStartedEvent;
import dev.langchain4j.observability.api.listener.AiServiceListener;
import dev.langchain4j.observability.api.listener.AiServiceStartedListener;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.spi.observability.AiServiceListenerRegistrarFactory;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.provider.Told;
import io.fmware.service.Boundaries;
import io.fmware.service.ServiceEvents;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The service that langchain4j finds, beside those of others. */
@Isolated
class ServiceEventsTest {

    interface Assistant {
        String chat(String question);
    }

    static final class Clock {
        @Tool
        String time() {
            return "noon";
        }
    }

    /** The registrar of another library. */
    public static final class Other implements AiServiceListenerRegistrarFactory {
        static final class Registrar implements AiServiceListenerRegistrar {
            private final DefaultAiServiceListenerRegistrar real = new DefaultAiServiceListenerRegistrar();
            private final List<Object> registered = new ArrayList<>();

            @Override
            public <T extends AiServiceEvent> void register(AiServiceListener<T> listener) {
                registered.add(listener);
                real.register(listener);
            }

            @Override
            public <T extends AiServiceEvent> void unregister(AiServiceListener<T> listener) {
                real.unregister(listener);
            }

            @Override
            public <T extends AiServiceEvent> void fireEvent(T event) {
                real.fireEvent(event);
            }

            @Override
            public void shouldThrowExceptionOnEventError(boolean should) {
                real.shouldThrowExceptionOnEventError(should);
            }
        }

        @Override
        public AiServiceListenerRegistrar get() {
            return new Registrar();
        }
    }

    private static ChatModel model() {
        return ScriptedChatModel.of(Reply.toolCall("time", "{}"), Reply.text("noon it is"));
    }

    private static Told run(Assistant assistant) {
        Told told = new Told();
        try (FmRun run = FmRun.builder("ask").watch(told).open()) {
            assistant.chat("what time is it?");
        }
        return told;
    }

    @Test
    void the_registrar_of_another_library_is_used_and_gets_the_listeners(@TempDir Path directory) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(AiServiceListenerRegistrarFactory.class.getName()), Other.class.getName());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            AiServiceListenerRegistrar registrar = AiServiceListenerRegistrar.newInstance();

            assertThat(registrar).isInstanceOf(Other.Registrar.class);
            assertThat(((Other.Registrar) registrar).registered).hasSize(7);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void an_ai_service_outside_of_any_run_is_not_disturbed() {
        AiServiceListenerRegistrar registrar = new ServiceEvents().get();
        registrar.shouldThrowExceptionOnEventError(true);
        List<AiServiceStartedEvent> started = new ArrayList<>();
        AiServices.builder(Assistant.class)
                .chatModel(ScriptedChatModel.replying("yes"))
                .registerListeners((AiServiceStartedListener) started::add)
                .build()
                .chat("Hi");

        assertThat(FmRun.current()).isNull();
        assertThat(started.get(0).invocationContext().managedParameters()).isNull();
        registrar.fireEvent(started.get(0));
    }

    @Test
    void the_switch_takes_the_events_away_and_leaves_the_boundaries() {
        System.setProperty(ServiceEvents.SWITCH, "off");
        try {
            Told plain = run(AiServices.builder(Assistant.class)
                    .chatModel(model())
                    .tools(new Clock())
                    .build());
            assertThat(plain.events(FmEvent.ToolCalled.class)).isEmpty();

            Told wrapped = run(Boundaries.service(Assistant.class)
                    .chatModel(model())
                    .tools(new Clock())
                    .build());
            assertThat(wrapped.boundaries()).containsExactly("ask", "ask/tool:time#1");
        } finally {
            System.clearProperty(ServiceEvents.SWITCH);
        }
        Told again = run(AiServices.builder(Assistant.class)
                .chatModel(model())
                .tools(new Clock())
                .build());
        assertThat(again.events(FmEvent.ToolCalled.class)).hasSize(1);
    }

    @Test
    void a_tool_that_no_run_has_followed_to_is_said_once() {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        Thread elsewhere = new Thread(
                () -> {
                    for (int i = 0; i < 2; i++) {
                        Boundaries.tool((request, memory) -> "noon")
                                .execute(
                                        ToolExecutionRequest.builder()
                                                .name("clockElsewhere")
                                                .build(),
                                        "memory");
                    }
                },
                "elsewhere");
        try (FmRun run = FmRun.builder("ask").watch(new Told()).open()) {
            elsewhere.start();
            elsewhere.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            System.setErr(before);
        }

        assertThat(said.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("clockElsewhere")))
                .singleElement()
                .asString()
                .endsWith(
                        "tool clockElsewhere was called on thread elsewhere, outside of any run, while a run is open: if it"
                                + " belongs to that run it is not seen there. Call it in FmRun.carrying(..), or build its AI service"
                                + " with Boundaries.service(..); this is logged once for each");
    }
}
