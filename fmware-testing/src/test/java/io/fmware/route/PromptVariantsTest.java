package io.fmware.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.Target;
import io.fmware.retry.Replies;
import io.fmware.retry.RepromptStrategy;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Scene;
import io.fmware.retry.Way;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PromptVariantsTest {
    private static final ChatRequest ASKED = ChatRequest.builder()
            .messages(SystemMessage.from("Be brief."), UserMessage.from("Sure?"))
            .build();

    private final ScriptedChatModel small = ScriptedChatModel.of(Script.always(Reply.text("small")));
    private final ScriptedChatModel large = ScriptedChatModel.of(Script.always(Reply.text("large")));

    private final PromptVariants variants = PromptVariants.builder()
            .on("small", PromptVariant.system("Answer with one word.").and(PromptVariant.user("{{it}} Yes or no?")))
            .on("large", PromptVariant.system("Think first."))
            .build();

    @ParameterizedTest
    @EnumSource
    void the_wording_switches_with_the_model(Way way) {
        ModelSwap swap = ModelSwap.startingWith(Target.of(small).named("small")).build();
        try (Scene scene = Scene.of(way, Script.replying(), swap, variants)) {
            scene.ask(ASKED, ChatRequestOptions.EMPTY);
            swap.to(Target.of(large).named("large")).unchecked().now();
            scene.ask(ASKED, ChatRequestOptions.EMPTY);
        }
        assertThat(small.requests().get(0).messages())
                .containsExactly(SystemMessage.from("Answer with one word."), UserMessage.from("Sure? Yes or no?"));
        assertThat(large.requests().get(0).messages())
                .containsExactly(SystemMessage.from("Think first."), UserMessage.from("Sure?"));
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_a_fallback_turns_to_has_its_own_wording(Way way) {
        Script down = Script.always(Reply.error(new RateLimitException("down")));
        Fallback fallback =
                Fallback.builder().then(Target.of(large).named("large")).build();
        try (Scene scene = Scene.of(way, down, fallback, variants)) {
            assertThat(scene.ask(ASKED, ChatRequestOptions.EMPTY).text()).isEqualTo("large");
            assertThat(scene.requests().get(0).messages()).isEqualTo(ASKED.messages());
        }
        assertThat(large.requests().get(0).messages().get(0)).isEqualTo(SystemMessage.from("Think first."));
    }

    @ParameterizedTest
    @EnumSource
    void written_after_reprompting_it_words_each_attempt_and_validators_see_what_the_user_wrote(Way way) {
        List<ChatRequest> seen = new ArrayList<>();
        Reprompting reprompting = Reprompting.upTo(2)
                .bufferStreams()
                .then(RepromptStrategy.model(Target.of(large).named("large")))
                .until((call, response) -> {
                    seen.add(call.request());
                    return Replies.beOneOf(List.of("large")).validate(call, response);
                });
        try (Scene scene = Scene.of(way, Script.replying("no"), reprompting, variants)) {
            assertThat(scene.ask(ASKED, ChatRequestOptions.EMPTY).text()).isEqualTo("large");
        }
        assertThat(large.requests().get(0).messages())
                .containsExactly(SystemMessage.from("Think first."), UserMessage.from("Sure?"));
        assertThat(seen).containsExactly(ASKED, ASKED);
    }

    @Test
    void a_model_is_known_by_the_name_that_its_provider_has_for_it_too() {
        PromptVariants byName = PromptVariants.builder()
                .on("gpt-x", PromptVariant.system("For x."))
                .otherwise(PromptVariant.system("For others."))
                .build();
        try (Scene scene = Scene.of(Way.CHAT, Script.always(Reply.text("a")), byName)) {
            scene.ask(
                    ChatRequest.builder()
                            .messages(UserMessage.from("Sure?"))
                            .modelName("gpt-x")
                            .build(),
                    ChatRequestOptions.EMPTY);
            scene.ask("Sure?");
            assertThat(scene.requests())
                    .extracting(each -> each.messages().get(0))
                    .containsExactly(SystemMessage.from("For x."), SystemMessage.from("For others."));
        }
    }

    @Test
    void the_frame_is_put_around_the_last_question_alone() {
        ChatRequest conversation = ChatRequest.builder()
                .messages(UserMessage.from("{{it}}?"), AiMessage.from("What?"), UserMessage.from("$1 \\ {{it}}"))
                .build();
        assertThat(PromptVariant.user("<{{it}}>").of(conversation).messages())
                .containsExactly(
                        UserMessage.from("{{it}}?"), AiMessage.from("What?"), UserMessage.from("<$1 \\ {{it}}>"));
    }

    @Test
    void they_have_a_name() {
        PromptVariants.Builder builder = PromptVariants.builder().on("a", PromptVariant.system("x"));
        assertThat(builder.build().name()).isEqualTo("promptVariants");
        PromptVariants wording = builder.named("wording").build();
        assertThat(wording.name()).isEqualTo("wording");
        assertThat(wording).hasToString("PromptVariants[wording, on=[a]]");
    }

    @Test
    void what_would_lose_the_question_is_refused() {
        assertThatThrownBy(() -> PromptVariant.user("Answer."))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the template has no {{it}}, so that the question would be lost");
        assertThatThrownBy(() -> PromptVariants.builder()
                        .on("a", PromptVariant.system("x"))
                        .on("a", PromptVariant.system("y")))
                .hasMessage("there are two prompt variants for a; make one of them with and(..)");
    }
}
