package io.fmware.retry;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.List;

/** The text that a model is given to answer from. */
final class Prompts {

    private Prompts() {}

    /** All text of a request but that of the model's own earlier answers, which are no source. */
    static String text(ChatRequest request) {
        StringBuilder text = new StringBuilder();
        for (ChatMessage message : request.messages()) {
            if (message instanceof UserMessage user) {
                append(text, user.contents());
            } else if (message instanceof SystemMessage system) {
                text.append(system.text()).append('\n');
            } else if (message instanceof ToolExecutionResultMessage result) {
                append(text, result.contents());
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<Content> contents) {
        for (Content content : contents) {
            if (content instanceof TextContent t) {
                text.append(t.text()).append('\n');
            }
        }
    }
}
