package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.BoundaryKind;
import io.fmware.InvalidReplyException;
import io.fmware.observability.recorder.RecordedAnswer;
import io.fmware.observability.recorder.RecordedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes an {@link InvalidReplyException} again of the attempts that were recorded. */
final class InvalidReplies {
    private static final Pattern MESSAGE = Pattern.compile(
            "no valid reply after (\\d+) attempts?(?:, and no other is possible: (.*))?; last reason: (.*)");

    private InvalidReplies() {}

    /**
     * Makes one again: its requests have the messages of then, its attempts but the last no reason, which only the last one has
     * in the message.
     *
     * @param inside what was recorded inside of what failed
     * @return {@code null} where not all of it was recorded
     */
    static @Nullable InvalidReplyException restored(String message, List<Step> inside) {
        Matcher said = MESSAGE.matcher(message);
        List<Step> answered = inside.stream()
                .filter(each -> each.kind() == BoundaryKind.ATTEMPT
                        && each.error() == null
                        && isWhole(each.asked())
                        && isWhole(each.given()))
                .toList();
        if (!said.matches() || !said.group(1).equals(String.valueOf(answered.size()))) {
            return null;
        }
        List<InvalidReplyException.Attempt> attempts = new ArrayList<>();
        for (Step each : answered) {
            String reason = attempts.size() == answered.size() - 1 ? said.group(3) : "";
            attempts.add(attempt(each, reason));
        }
        InvalidReplyException made = new InvalidReplyException(attempts, said.group(2) == null ? "" : said.group(2));
        return message.equals(made.getMessage()) ? made : null;
    }

    private static boolean isWhole(@Nullable ObjectNode part) {
        return part != null && Problems.isWhole(part);
    }

    private static InvalidReplyException.Attempt attempt(Step step, String reason) {
        List<ChatMessage> messages = new ArrayList<>();
        Objects.requireNonNull(step.asked())
                .path("messages")
                .forEach(each -> messages.add(RecordedValue.message(each)));
        return new InvalidReplyException.Attempt(
                ChatRequest.builder().messages(messages).build(),
                RecordedAnswer.chat(Objects.requireNonNull(step.given())),
                reason);
    }
}
