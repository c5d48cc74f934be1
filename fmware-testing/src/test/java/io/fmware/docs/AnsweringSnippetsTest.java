package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.CallOptions;
import io.fmware.DeadlineExceededException;
import io.fmware.FailureClass;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.Phase;
import io.fmware.Target;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.route.Fallback;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of the pages on re-prompting, fallbacks and deadlines. */
class AnsweringSnippetsTest {

    @Test
    void an_answer_that_makes_up_a_source_is_asked_for_again_and_says_why_when_none_comes() {
        // docs:start reprompting-sources
        record Answer(String text, List<String> sources) {}

        // The prompt holds each passage under a line such as "source: top-up-limits"
        Reprompting reprompting = Reprompting.upTo(3)
                .withParameters(attempt ->
                        ChatRequestParameters.builder().temperature(0.0).build())
                .until(Replies.matchSchema(Answer.class)
                        .and(Replies.citeSourcesOfTheRequest("/sources", Pattern.compile("(?m)^source: (\\S+)$"))));
        // docs:end reprompting-sources

        String question = "source: top-up-limits\nUp to 500 EUR a day.\n\nHow much may I top up?";
        ScriptedChatModel model = ScriptedChatModel.replying(
                "{\"text\": \"500 EUR\", \"sources\": [\"fees\"]}",
                "{\"text\": \"500 EUR\", \"sources\": [\"top-up-limits\"]}",
                "I do not know.",
                "I do not know.",
                "I do not know.");
        try (FmPipeline pipeline = FmPipeline.builder().with(reprompting).build()) {
            ChatModel asking = pipeline.wrap(model);

            assertThat(asking.chat(question)).contains("top-up-limits");
            assertThat(model.requests().get(1).messages().get(2))
                    .isEqualTo(
                            UserMessage.from("Your last answer was rejected. The answer cites fees, which is not among"
                                    + " the sources that were given: top-up-limits. Answer the original question again, without"
                                    + " this fault."));
            assertThat(model.requests().get(1).temperature()).isZero();
            assertThatThrownBy(() -> asking.chat(question))
                    .isInstanceOf(InvalidReplyException.class)
                    .hasMessage(
                            "no valid reply after 3 attempts; last reason: The answer is not JSON: it does not start"
                                    + " with a JSON value.");
        }
    }

    @Test
    void a_model_that_is_down_or_too_weak_is_replaced_by_one_with_a_pipeline_of_its_own() {
        Interceptor itsRetry = Interceptor.of("retry", Phase.RETRY, (call, next) -> next.proceed(call));
        ChatModel smallModel = ScriptedChatModel.of(Reply.error(new RateLimitException("slow down")));
        ChatModel largeModel = ScriptedChatModel.replying("yes");

        // docs:start fallback-order
        FmPipeline ofLargeModel = FmPipeline.builder().with(itsRetry).build();

        Fallback fallback = Fallback.builder()
                .then(Target.of(ofLargeModel.wrap(largeModel)).named("large"))
                .on(FailureClass.UNAVAILABLE, FailureClass.INVALID_REPLY)
                .build();

        FmPipeline pipeline = FmPipeline.builder()
                .with(fallback)
                .with(Reprompting.upTo(2).until(Replies.beOneOf(List.of("yes", "no"))))
                .build();
        ChatModel model = pipeline.wrap(smallModel);
        // docs:end fallback-order

        assertThat(model.chat("Sure?")).isEqualTo("yes");
        assertThat(pipeline).hasToString("fallback(reprompting(model))");
        pipeline.close();
        ofLargeModel.close();
    }

    @Test
    void a_call_may_ask_for_less_time_than_its_pipeline_allows() {
        ManualClock clock = ManualClock.create();
        ScriptedChatModel chatModel = ScriptedChatModel.replying("late");
        Interceptor slow = Interceptor.of("slow", Phase.LIMIT, (call, next) -> {
            clock.advance(Duration.ofSeconds(5));
            return next.proceed(call);
        });
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Hi")).build();
        FmPipeline.Builder builder = FmPipeline.builder().time(clock).with(slow);

        assertThatThrownBy(() -> {
                    // docs:start deadlines-call
                    FmPipeline pipeline =
                            builder.with(Deadlines.of(Duration.ofSeconds(20))).build();

                    ChatResponse response =
                            pipeline.wrap(chatModel).chat(request, CallOptions.deadline(Duration.ofSeconds(5)));
                    // docs:end deadlines-call
                    assertThat(response).isNull();
                })
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessage("the deadline of 5 s passed while the model was about to be asked; allow more time with"
                        + " Deadlines, or ask for less");
    }
}
