package io.fmware.observability.command;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A day of a claims desk, for the page on the command: several hundred claims that are settled, a few that are not, and two that are
 * refused though they are covered, since a tool cannot read what the policy system says of one policy.
 */
final class ClaimsHistory {
    private static final int CLAIMS = 412;
    private static final String BROKEN = "P-3127";

    private final CommandRig rig;

    private ClaimsHistory(CommandRig rig) {
        this.rig = rig;
    }

    static void record(CommandRig rig) {
        ClaimsHistory history = new ClaimsHistory(rig);
        rig.clock.advance(Duration.ofHours(7));
        for (int i = 1; i <= CLAIMS; i++) {
            history.claim(i);
            rig.after(60_000 + i % 7 * 5_000);
        }
    }

    private void claim(int number) {
        String policy = number == 217 || number == 342 ? BROKEN : "P-" + (2_000 + number * 13 % 1_100);
        try (FmRun run = rig.pipeline
                .run("claim")
                .id(String.format("claim-%04d", number))
                .user("u" + number * 7 % 300)
                .open()) {
            try {
                String facts = intake(number, policy);
                String cover = cover(policy, number);
                settle(number, facts, cover);
            } catch (RateLimitException e) {
                run.failed(e);
            }
        }
    }

    private ChatModel model(long millis, Reply reply) {
        return rig.pipeline.wrap(new DeskModel(millis, ScriptedChatModel.of(reply)));
    }

    /** A model that takes its time. */
    private final class DeskModel implements ChatModel {
        private final long millis;
        private final ChatModel scripted;

        DeskModel(long millis, ChatModel scripted) {
            this.millis = millis;
            this.scripted = scripted;
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            rig.after(millis);
            return scripted.doChat(request);
        }
    }

    private static Reply says(String text, int in, int out) {
        return Reply.builder()
                .text(text)
                .usage(in, out)
                .modelName("gpt-4o-mini")
                .build();
    }

    private String intake(int number, String policy) {
        try (FmRun.Scope agent = current().agent("intake")) {
            ChatModel model = number == 88
                    ? model(120, Reply.error(new RateLimitException("too many requests, try again in 20 s")))
                    : model(400 + number % 90, says("Damage of 900 euros under policy " + policy + ".", 310, 18));
            String facts = model.chat("Sum up claim " + number + " under policy " + policy + ".");
            agent.output(facts);
            return facts;
        }
    }

    private static FmRun current() {
        return java.util.Objects.requireNonNull(FmRun.current());
    }

    private String cover(String policy, int number) {
        try (FmRun.Scope agent = current().agent("policy")) {
            String told = lookUp(policy);
            String cover = told == null
                    ? "I found no cover for policy " + policy + "."
                    : "Policy " + policy + " covers up to " + told + " euros.";
            ChatModel model = model(350 + number % 110, says(cover, 280, 14));
            String answer = model.chat("What does policy " + policy + " cover? The tool lookUpCover says: "
                    + (told == null ? "an error, no result" : told));
            agent.output(answer);
            return answer;
        }
    }

    /** What a policy pays at most, null where the tool fails, as agents take it. */
    private @Nullable String lookUp(String policy) {
        ToolExecutionRequest request = ToolExecutionRequest.builder()
                .id("call-1")
                .name("lookUpCover")
                .arguments("{\"policy\":\"" + policy + "\"}")
                .build();
        try {
            Integer cover = FmRun.cross(BoundaryKind.TOOL, "lookUpCover", request, asked -> {
                rig.after(35);
                return Integer.valueOf(policy.equals(BROKEN) ? "1.500" : "1500");
            });
            return String.valueOf(cover);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void settle(int number, String facts, String cover) {
        try (FmRun.Scope agent = current().agent("settlement")) {
            boolean covered = cover.contains("covers");
            if (number == 301) {
                FmRun.note(at -> new FmEvent.VerdictGiven(at, "schema", false, "the letter has no date"));
            }
            FmRun.note(
                    at -> new FmEvent.Decided(at, "pay?", List.of("pay", "refuse"), covered ? "pay" : "refuse", cover));
            String letter = covered ? "We pay 900 euros." : "We are sorry: your policy does not cover this damage.";
            agent.output(
                    model(500 + number % 130, says(letter, 420, 25)).chat(facts + " " + cover + " Write the letter."));
        }
    }
}
