package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.Activations;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.SteerableStreamingChatModel;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedSteerableChatModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models that report activations of their features and take them pinned. */
@Timeout(60)
class SteerableModelsTest {
    private static final Activations NATURAL = Activations.of(Map.of("kind", 0.5, "brief", -1.0));
    private static final Activations HELD = Activations.of(Map.of("kind", 7.25));
    private static final String ATTEMPT = "letter/call:Reporting#2/attempt:Reporting#1";

    // docs:start steerable-pin
    static final class Kind implements Interceptor {
        @Override
        public FmReply intercept(FmCall call, Chain next) {
            return next.proceed(call.with(Activations.PINNED, Activations.of(Map.of("kind", 7.25))));
        }
    }
    // docs:end steerable-pin

    private static ScriptedSteerableChatModel steerable(String... texts) {
        return ScriptedSteerableChatModel.of(ScriptedChatModel.replying(texts), NATURAL);
    }

    private static ChatResponse ask(ChatModel model, String question) {
        return model.chat(
                ChatRequest.builder().messages(UserMessage.from(question)).build());
    }

    @Test
    void activations_are_values_that_travel_in_a_message() {
        AiMessage told = NATURAL.reportedIn(
                AiMessage.builder().text("hi").attributes(Map.of("seen", 1)).build());

        assertThat(Activations.of(told)).isEqualTo(NATURAL).hasSameHashCodeAs(NATURAL);
        assertThat(told.attributes()).containsEntry("seen", 1);
        assertThat(NATURAL.value("kind")).hasValue(0.5);
        assertThat(NATURAL.value("rude")).isEmpty();
        assertThat(NATURAL.with(HELD).values()).isEqualTo(Map.of("kind", 7.25, "brief", -1.0));
        assertThat(NATURAL).hasToString("activations {brief=-1.0, kind=0.5}");
        assertThat(Activations.of(AiMessage.from("hi"))).isSameAs(Activations.none());
        assertThat(Activations.of(AiMessage.builder()
                        .text("hi")
                        .attributes(Map.of(Activations.ATTRIBUTE, Map.of("kind", 2, "card", "[card:1a2b3c4d]")))
                        .build()))
                .isEqualTo(Activations.of(Map.of("kind", 2.0)));
        assertThatThrownBy(() -> Activations.of(Map.of("kind", Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the activation of feature kind must be a finite number, but is NaN");
        assertThatThrownBy(() -> Activations.of(Map.of(" ", 1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of a feature must not be blank");
    }

    @Test
    void pinned_features_reach_the_model_through_any_number_of_pipelines_and_no_other_model() {
        ScriptedSteerableChatModel model = steerable("a", "b", "c");
        ScriptedChatModel plain = ScriptedChatModel.replying("d");
        try (FmPipeline outer = FmPipeline.builder().with(new Kind()).build();
                FmPipeline inner = FmPipeline.builder().build()) {
            assertThat(Activations.of(ask(outer.wrap(model), "q"))).isEqualTo(NATURAL.with(HELD));
            ask(outer.wrap(inner.wrap(model)), "q");
            assertThat(Activations.of(ask(inner.wrap(model), "q"))).isEqualTo(NATURAL);
            assertThat(ask(outer.wrap(plain), "q").aiMessage().text()).isEqualTo("d");
        }
        assertThat(model.pinned()).containsExactly(HELD, HELD, Activations.none());
    }

    /** Reports activations, and takes none. */
    private static final class Reporting implements ChatModel {
        private int calls;

        @Override
        public ChatResponse doChat(ChatRequest request) {
            calls++;
            return ChatResponse.builder()
                    .aiMessage(NATURAL.reportedIn(AiMessage.from("told")))
                    .build();
        }
    }

    /** Streams what was pinned. */
    private static final class Streaming implements SteerableStreamingChatModel {
        private final List<String> asked = new ArrayList<>();

        @Override
        public void steered(
                ChatRequest request,
                ChatRequestOptions options,
                Activations pinned,
                StreamingChatResponseHandler handler) {
            asked.add(pinned.toString());
            handler.onCompleteResponse(
                    ChatResponse.builder().aiMessage(AiMessage.from("ok")).build());
        }

        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            asked.add("nothing");
            handler.onCompleteResponse(
                    ChatResponse.builder().aiMessage(AiMessage.from("ok")).build());
        }
    }

    @Test
    void pinned_features_reach_a_model_that_streams_and_one_whose_call_has_a_deadline() throws Exception {
        Streaming model = new Streaming();
        ScriptedSteerableChatModel chat = steerable("a");
        try (FmPipeline pinning = FmPipeline.builder().with(new Kind()).build();
                FmPipeline other = FmPipeline.builder().build()) {
            for (FmPipeline each : List.of(pinning, other)) {
                CompletableFuture<ChatResponse> done = new CompletableFuture<>();
                each.wrap(model).chat("q", new StreamingChatResponseHandler() {
                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        done.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        done.completeExceptionally(error);
                    }
                });
                assertThat(done.get(10, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("ok");
            }
            pinning.wrap(chat).chatAsync(request("q")).get(10, TimeUnit.SECONDS);
        }
        assertThat(model.asked).containsExactly("activations {kind=7.25}", "nothing");
        assertThat(chat.pinned()).containsExactly(HELD);
    }

    private static ChatRequest request(String question) {
        return ChatRequest.builder().messages(UserMessage.from(question)).build();
    }

    private static Cassette recorded(Path flights, ChatModel asked) throws Exception {
        String id;
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                        .content(ContentRule.all())
                        .open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            ChatModel model = pipeline.wrap(asked);
            try (FmRun run = pipeline.run("letter").open()) {
                ask(model, "one");
                ask(model, "two");
                id = run.id();
            }
        }
        return Cassette.of(Recording.in(flights), id);
    }

    @Test
    void what_was_reported_is_the_same_in_a_recording_a_cassette_and_a_replay(@TempDir Path flights) throws Exception {
        Cassette cassette = recorded(flights, steerable("first", "second"));
        cassette.write(flights.resolve("letter.json"));

        Replay replay = Replay.of(Cassette.read(flights.resolve("letter.json")));
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            ChatModel model = pipeline.wrap(steerable());
            try (FmRun run = replay.open()) {
                ChatResponse answer = ask(model, "one");
                assertThat(Activations.of(answer)).isEqualTo(NATURAL);
                assertThat(answer.aiMessage()).isEqualTo(NATURAL.reportedIn(AiMessage.from("first")));
                ask(model, "two");
            }
        }
        assertThat(replay.report().isIdentical()).as(replay.report().toString()).isTrue();
    }

    @Test
    void behind_a_fork_a_model_has_its_features_pinned_as_they_were_recorded(@TempDir Path flights) throws Exception {
        Cassette cassette = recorded(flights, steerable("first", "second"));
        // docs:start steerable-replay
        Replay replay = Replay.builder(cassette)
                .forkAt("letter/call:ScriptedSteerableChatModel#2")
                .pinning()
                .build();
        // docs:end steerable-replay
        ScriptedSteerableChatModel live = steerable("other");
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            ChatModel model = pipeline.wrap(live);
            try (FmRun run = replay.open()) {
                ask(model, "one");
                assertThat(ask(model, "something else").aiMessage().text()).isEqualTo("other");
            }
        }
        assertThat(live.pinned()).containsExactly(NATURAL);
        assertThat(replay.report().unpinned()).isEmpty();
    }

    @Test
    void a_model_that_takes_no_activations_is_asked_as_always_and_the_report_says_so(@TempDir Path flights)
            throws Exception {
        Replay replay = Replay.builder(recorded(flights, new Reporting()))
                .forkAt("letter/call:Reporting#2")
                .pinning()
                .build();
        Reporting plain = new Reporting();
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            ChatModel model = pipeline.wrap(plain);
            try (FmRun run = replay.open()) {
                ask(model, "one");
                ask(model, "two");
            }
        }
        assertThat(plain.calls).isEqualTo(1);
        assertThat(replay.report().unpinned()).containsExactly(ATTEMPT);
        assertThat(replay.report().toString())
                .contains("\n- not pinned, since its model takes no activations: " + ATTEMPT);
    }
}
