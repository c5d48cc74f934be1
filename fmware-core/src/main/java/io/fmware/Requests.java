package io.fmware;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks and copies of requests on their way into a pipeline. */
final class Requests {

    private Requests() {}

    /** Refuses a request that no model could serve. */
    static ChatRequest checked(@Nullable ChatRequest request, long maxCharacters) {
        if (request == null) {
            throw new IllegalArgumentException("the chat request is null; build one with ChatRequest.builder()");
        }
        List<ChatMessage> messages = request.messages();
        long characters = 0;
        for (int i = 0; i < messages.size(); i++) {
            ChatMessage message = messages.get(i);
            if (message == null) {
                throw new IllegalArgumentException("message " + i + " of the chat request is null; leave it out");
            }
            characters += characters(message);
        }
        refuseOversized("chat", characters, maxCharacters);
        return request;
    }

    /** Refuses an embedding request that is too large. */
    static EmbeddingRequest checked(EmbeddingRequest request, long maxCharacters) {
        long characters = 0;
        for (EmbeddingInput input : request.inputs()) {
            characters += characters(input.contents());
        }
        refuseOversized("embedding", characters, maxCharacters);
        return request;
    }

    private static void refuseOversized(String kind, long characters, long maxCharacters) {
        if (characters > maxCharacters) {
            throw new IllegalArgumentException("the " + kind + " request has " + characters
                    + " characters, but this pipeline takes " + maxCharacters
                    + " at most; shorten it, or raise FmPipeline.builder().maxRequestCharacters(..)");
        }
    }

    private static long characters(ChatMessage message) {
        if (message instanceof UserMessage user) {
            return characters(user.contents());
        }
        if (message instanceof SystemMessage system) {
            return system.text().length();
        }
        if (message instanceof AiMessage ai) {
            return length(ai.text())
                    + length(ai.thinking())
                    + ai.toolExecutionRequests().stream()
                            .mapToLong(t -> length(t.arguments()))
                            .sum();
        }
        if (message instanceof ToolExecutionResultMessage result) {
            return characters(result.contents());
        }
        return 0;
    }

    private static long characters(List<Content> contents) {
        long sum = 0;
        for (int i = 0; i < contents.size(); i++) { // every call comes by here: no iterator
            sum += characters(contents.get(i));
        }
        return sum;
    }

    private static long characters(Content content) {
        if (content instanceof TextContent text) {
            return text.text().length();
        }
        return content instanceof ImageContent image ? length(image.image().base64Data()) : 0;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /**
     * The request with a copy of its messages: langchain4j keeps a view of the caller's list, which the caller may change once
     * it has its thread back. Subclasses of ChatRequest are left as they are, since a copy would lose them.
     */
    static ChatRequest detached(ChatRequest request) {
        return request.getClass() == ChatRequest.class
                ? request.toBuilder().messages(List.copyOf(request.messages())).build()
                : request;
    }
}
