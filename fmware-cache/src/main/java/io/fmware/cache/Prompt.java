package io.fmware.cache;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a prompt apart: what a person asked, what was retrieved for it, and the rest, which is the same for other questions. */
final class Prompt {
    /** Shorter texts stand in instructions too, whose differences count. */
    private static final int SHORTEST = 40;

    private static final String QUESTION = "\u0000question\u0000";

    private Prompt() {}

    /** Whether a conversation begins here: one message of a user, and none of a model. */
    static boolean isFirstTurn(List<ChatMessage> messages) {
        int users = 0;
        for (ChatMessage each : messages) {
            users += each instanceof UserMessage ? 1 : 0;
            if (each instanceof AiMessage || users > 1) {
                return false;
            }
        }
        return true;
    }

    /**
     * A request without what was asked in its last message and what was retrieved for it.
     *
     * @param request the request
     * @param question what was asked
     * @param retrieved texts that were retrieved, longest first
     * @return the rest, or {@code null} where the question is not in the last message, or not there alone
     */
    static @Nullable ChatRequest without(ChatRequest request, String question, List<String> retrieved) {
        List<ChatMessage> messages = request.messages();
        if (!(messages.get(messages.size() - 1) instanceof UserMessage last)) {
            return null;
        }
        List<Content> contents = new ArrayList<>();
        int found = 0;
        for (Content each : last.contents()) {
            if (each instanceof TextContent text) {
                String rest = rest(text.text(), question, retrieved);
                found += rest == null ? 0 : 1;
                contents.add(rest == null ? each : TextContent.from(rest));
            } else {
                contents.add(each);
            }
        }
        if (found != 1) {
            return null;
        }
        List<ChatMessage> changed = new ArrayList<>(messages.subList(0, messages.size() - 1));
        changed.add(last.toBuilder().contents(contents).build());
        return request.toBuilder().messages(changed).build();
    }

    private static @Nullable String rest(String text, String question, List<String> retrieved) {
        int at = text.indexOf(question);
        if (at < 0) {
            return null;
        }
        String rest = text.substring(0, at) + QUESTION + text.substring(at + question.length());
        for (String each : retrieved) {
            String passage = each.strip();
            if (passage.length() >= SHORTEST) {
                rest = rest.replace(passage, "");
            }
        }
        return rest.replaceAll("\\s+", " ");
    }
}
