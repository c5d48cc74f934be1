package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import io.fmware.route.Fallback;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelKeyTest {
    private final List<String> keys = new ArrayList<>();

    /** A model that says as much of itself as is wanted. */
    private record Said(ModelProvider provider, @Nullable String name) implements ChatModel {
        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return ChatRequestParameters.builder().modelName(name).build();
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            return Reply.text("yes").response();
        }
    }

    private void ask(ChatModel model, @Nullable String requested, Interceptor... more) {
        FmPipeline.Builder builder = FmPipeline.builder()
                .with(Interceptor.of("looking", Phase.VALIDATE, (call, next) -> {
                    keys.add(call.model());
                    return next.proceed(call);
                }));
        List.of(more).forEach(builder::with);
        try (FmPipeline pipeline = builder.build()) {
            ChatRequest.Builder request = ChatRequest.builder().messages(UserMessage.from("Hi"));
            if (requested != null) {
                request.modelName(requested);
            }
            pipeline.wrap(model).chat(request.build());
        }
    }

    @Test
    void a_model_is_known_by_its_provider_and_name() {
        ask(new Said(ModelProvider.OPEN_AI, "gpt-4o-mini"), null);
        ask(new Said(ModelProvider.OTHER, "mine"), null);
        ask(new Said(ModelProvider.OPEN_AI, null), null);

        assertThat(keys).containsExactly("OPEN_AI gpt-4o-mini", "mine", "Said");
    }

    @Test
    void the_name_in_a_request_is_that_of_another_model() {
        ask(new Said(ModelProvider.OPEN_AI, "gpt-4o-mini"), "gpt-4o");
        ask(new Said(ModelProvider.OPEN_AI, null), "gpt-4o");

        assertThat(keys).containsExactly("OPEN_AI gpt-4o", "OPEN_AI gpt-4o");
    }

    @Test
    void a_model_that_the_user_named_is_known_by_that() {
        Target named = Target.of(new Said(ModelProvider.OPEN_AI, "gpt-4o-mini")).named("second region");
        ask(
                ScriptedChatModel.of(Script.of(Reply.error(new RuntimeException("down")))),
                null,
                Fallback.builder().then(named).build());

        assertThat(keys).containsExactly("ScriptedChatModel", "second region");
    }

    @Test
    void it_stays_so_where_the_request_names_a_model_which_is_replaced_by_its_own() {
        Target named = Target.of(new Said(ModelProvider.OPEN_AI, "gpt-4o-mini")).named("second region");
        ask(
                ScriptedChatModel.of(Script.of(Reply.error(new RuntimeException("down")))),
                "gpt-4o",
                Fallback.builder().then(named).build());

        assertThat(keys).containsExactly("gpt-4o", "second region");
    }

    @Test
    void an_embedding_request_may_name_a_model_too() {
        Interceptor looking = new Interceptor() {
            @Override
            public FmReply intercept(FmCall call, Chain next) {
                keys.add(call.model() + "/" + call.modelName());
                return next.proceed(call);
            }

            @Override
            public Set<Operation> operations() {
                return Set.of(Operation.EMBEDDINGS);
            }
        };
        try (FmPipeline pipeline = FmPipeline.builder()
                .with(Interceptor.of("looking", Phase.ADMIT, looking))
                .build()) {
            EmbeddingModel model = pipeline.wrap(ScriptedEmbeddingModel.ofWords());
            model.embed("Hi");
            EmbeddingRequest named = EmbeddingRequest.builder()
                    .input("Hi")
                    .modelName("text-embedding-3-small")
                    .build();
            assertThatThrownBy(() -> model.embed(named)).isInstanceOf(UnsupportedFeatureException.class);
        }
        assertThat(keys)
                .containsExactly("ScriptedEmbeddingModel/null", "text-embedding-3-small/text-embedding-3-small");
    }

    @Test
    void what_is_kept_of_each_model_is_bounded() {
        PerModel<String> states = PerModel.of(name -> "state of " + name);

        assertThat(states.of("first")).isEqualTo("state of first");
        IntStream.range(0, 5_000).forEach(i -> states.of("model " + i));

        assertThat(states.all()).hasSize(1_000).containsEntry("others", "state of others");
        assertThat(states.of("first")).isEqualTo("state of first");
        assertThat(states.of("model 4999")).isEqualTo("state of others");
        assertThat(Map.copyOf(states.all())).containsEntry("model 7", "state of model 7");
    }
}
