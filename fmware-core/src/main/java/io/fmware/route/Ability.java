package io.fmware.route;

import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a model can do besides answering text with text. */
public enum Ability {
    /** It calls tools. */
    TOOLS,
    /** It answers in JSON where the response format asks for that. */
    JSON,
    /** It answers in JSON that fits the schema of the response format; whoever can do that can do {@link #JSON}. */
    JSON_SCHEMA,
    /** It is shown images. */
    IMAGES,
    /** It listens to audio. */
    AUDIO,
    /** It watches video. */
    VIDEO,
    /** It reads PDF files. */
    DOCUMENTS;

    /** What a request takes. */
    static Set<Ability> neededBy(ChatRequest request) {
        Set<Ability> needed = EnumSet.noneOf(Ability.class);
        if (request.toolSpecifications() != null
                && !request.toolSpecifications().isEmpty()) {
            needed.add(TOOLS);
        }
        ResponseFormat format = request.responseFormat();
        if (format != null && format.type() == ResponseFormatType.JSON) {
            needed.add(format.jsonSchema() == null ? JSON : JSON_SCHEMA);
        }
        for (ChatMessage message : request.messages()) {
            contents(message).forEach(content -> add(needed, content));
        }
        return needed;
    }

    private static List<Content> contents(ChatMessage message) {
        if (message instanceof UserMessage user) {
            return user.contents();
        }
        return message instanceof ToolExecutionResultMessage result ? result.contents() : List.of();
    }

    private static void add(Set<Ability> needed, Content content) {
        if (content instanceof ImageContent) {
            needed.add(IMAGES);
        } else if (content instanceof AudioContent) {
            needed.add(AUDIO);
        } else if (content instanceof VideoContent) {
            needed.add(VIDEO);
        } else if (content instanceof PdfFileContent) {
            needed.add(DOCUMENTS);
        }
    }
}
