package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.RejectedException;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final int MOST_COLLECTIONS = 100;

    private final FmCache cache = FmCache.exact();
    private final ScriptedChatModel model = ScriptedChatModel.builder()
            .script(Script.always(Reply.text("yes")))
            .defaultRequestParameters(
                    ChatRequestParameters.builder().modelName("gpt").build())
            .build();
    private Runnable switchOff = () -> {};

    /** One that is equal to others of its name. */
    private record Checking(String name) implements Interceptor {
        @Override
        public Phase phase() {
            return Phase.VALIDATE;
        }

        @Override
        public FmReply intercept(FmCall call, Chain next) {
            return next.proceed(call);
        }
    }

    /** A model that answers in the revisions that it is given. */
    private record Provided(ModelProvider provider, Deque<String> revisions) implements ChatModel {
        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return ChatRequestParameters.builder().modelName("llama").build();
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from("yes"))
                    .modelName(revisions.pop())
                    .finishReason(FinishReason.STOP)
                    .build();
        }
    }

    private void askBehind(Interceptor validator) {
        try (FmPipeline pipeline =
                FmPipeline.builder().with(cache).with(validator).build()) {
            pipeline.wrap((ChatModel) model).chat("hello");
        }
    }

    @Test
    void an_answer_that_passed_one_validator_is_not_served_behind_an_equal_one() {
        Checking one = new Checking("check");
        Checking other = new Checking("check");
        assertThat(one).isEqualTo(other);

        askBehind(one);
        askBehind(other);
        assertThat(model.requests()).hasSize(2);
        askBehind(one);
        assertThat(model.requests()).hasSize(2);
    }

    private WeakReference<Interceptor> askedBehindOneThatGoes() {
        Checking validator = new Checking("check");
        askBehind(validator);
        return new WeakReference<>(validator);
    }

    @Test
    @SuppressWarnings("CallToSystemGC") // what nothing holds goes with a collection
    void a_validator_that_nobody_else_holds_is_not_held_by_the_cache() {
        WeakReference<Interceptor> validator = askedBehindOneThatGoes();
        for (int i = 0; i < MOST_COLLECTIONS && validator.get() != null; i++) {
            System.gc();
        }
        assertThat(validator.get()).isNull();
        assertThat(cache.stats().entries()).isEqualTo(1);
    }

    @Test
    void a_new_revision_at_one_provider_leaves_the_answers_of_another_one() {
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel here = pipeline.wrap(
                    (ChatModel) new Provided(ModelProvider.OLLAMA, new ArrayDeque<>(List.of("1", "2", "2"))));
            ChatModel there =
                    pipeline.wrap((ChatModel) new Provided(ModelProvider.OPEN_AI, new ArrayDeque<>(List.of("a"))));
            there.chat("hello");
            here.chat("hello");
            here.chat("and now for another one");

            there.chat("hello");
            assertThat(cache.stats().hits()).isEqualTo(1);
            assertThat(cache.changed(Dependency.model("OPEN_AI", "llama"))).isEqualTo(1);
            assertThat(cache.changed(Dependency.model("OLLAMA", "llama"))).isEqualTo(1);
        }
    }

    private static Interceptor guard() {
        return Interceptor.of("guard", Phase.VALIDATE, (call, next) -> {
            FmReply reply = next.proceed(call);
            throw new RejectedException(
                    "guard", "it says " + reply.response().aiMessage().text());
        });
    }

    @Test
    void what_came_past_a_validator_while_that_was_off_is_not_served_when_it_is_on() {
        try (FmPipeline pipeline =
                FmPipeline.builder().with(cache).with(guard()).build()) {
            ChatModel guarded = pipeline.wrap((ChatModel) model);
            pipeline.interceptor("guard").off();
            assertThat(guarded.chat("hello")).isEqualTo("yes");
            pipeline.interceptor("guard").on();

            assertThatThrownBy(() -> guarded.chat("hello"))
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining("it says yes");

            pipeline.interceptor("guard").off();
            assertThat(guarded.chat("hello")).isEqualTo("yes");
            assertThat(model.requests()).hasSize(2);
        }
    }

    @Test
    void what_came_past_a_validator_that_was_switched_off_meanwhile_is_not_kept() {
        Interceptor switching = Interceptor.of("switching", Phase.FALLBACK, (call, next) -> {
            switchOff.run();
            return next.proceed(call);
        });
        try (FmPipeline pipeline =
                FmPipeline.builder().with(cache).with(switching).with(guard()).build()) {
            ChatModel guarded = pipeline.wrap((ChatModel) model);
            switchOff = () -> pipeline.interceptor("guard").off();

            assertThat(guarded.chat("hello")).isEqualTo("yes");
            assertThat(cache.stats().entries()).isZero();
        }
    }

    @Test
    void a_validator_of_the_pipeline_of_a_model_that_is_itself_wrapped_is_in_the_key() {
        try (FmPipeline inner = FmPipeline.builder().with(guard()).build();
                FmPipeline outer = FmPipeline.builder().with(cache).build()) {
            assertThat(outer.wrap((ChatModel) model).chat("hello")).isEqualTo("yes");

            ChatModel guarded = outer.wrap((ChatModel) inner.wrap((ChatModel) model));
            assertThatThrownBy(() -> guarded.chat("hello"))
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining("it says yes");
        }
    }

    /** Parameters of a provider's own type, which merging with those of the model loses. */
    private static final class Seeded extends DefaultChatRequestParameters {
        final int seed;

        Seeded(int seed) {
            super(DefaultChatRequestParameters.builder());
            this.seed = seed;
        }
    }

    @Test
    void parameters_that_merging_loses_are_in_the_key_of_a_model_that_gets_them() {
        ChatModel handingOn = new ChatModel() { // as loggers and routers do
                    @Override
                    public ChatResponse chat(ChatRequest request) {
                        String seed = request.parameters() instanceof Seeded own ? String.valueOf(own.seed) : "none";
                        return ChatResponse.builder()
                                .aiMessage(AiMessage.from(seed))
                                .build();
                    }
                };
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel wrapped = pipeline.wrap(handingOn);

            assertThat(seeded(wrapped, 1)).isEqualTo("1");
            assertThat(seeded(wrapped, 2)).isEqualTo("2");
            assertThat(seeded(wrapped, 1)).isEqualTo("1");
            assertThat(cache.stats().hits()).isEqualTo(1);
        }
    }

    private static String seeded(ChatModel model, int seed) {
        return model.chat(ChatRequest.builder()
                        .messages(UserMessage.from("q"))
                        .parameters(new Seeded(seed))
                        .build())
                .aiMessage()
                .text();
    }
}
