package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.CallOptions;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.Priority;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.Hedging;
import io.fmware.route.RateLimit;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The code of the pages on hedging and limits. */
class LatencySnippetsTest {
    private final ChatModel chatModel = ScriptedChatModel.replying("yes", "yes");

    @Test
    void slow_calls_are_hedged() {
        // docs:start hedging-p95
        FmPipeline pipeline = FmPipeline.builder().with(Hedging.afterP95()).build();
        // docs:end hedging-p95

        // docs:start hedging-settings
        Hedging hedging = Hedging.builder()
                .afterQuantile(0.9)
                .minSamples(50)
                .atMost(0.02) // two of a hundred calls
                .build();
        // docs:end hedging-settings
        assertThat(pipeline.wrap(chatModel).chat("Is it so?")).isEqualTo("yes");
        assertThat(hedging).hasToString("Hedging[hedging, after=quantile 0.9, share=0.02]");
        pipeline.close();
    }

    @Test
    void a_model_is_asked_for_no_more_than_it_can_take() {
        // docs:start limits-both
        FmPipeline pipeline = FmPipeline.builder()
                .with(RateLimit.builder()
                        .requestsPerMinute(500)
                        .tokensPerMinute(200_000)
                        .longestWait(Duration.ofSeconds(20))
                        .build())
                .with(ConcurrencyLimit.adaptive())
                .build();
        // docs:end limits-both
        FmChatModel model = pipeline.wrap(chatModel);
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Summarize.")).build();

        // docs:start limits-priority
        model.chat(request, CallOptions.priority(Priority.BACKGROUND));

        try (FmRun nightly =
                pipeline.run("nightly report").priority(Priority.BACKGROUND).open()) {
            model.chat(request); // and everything else in this run
        }
        // docs:end limits-priority
        pipeline.close();
    }
}
