package io.fmware.testing;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import java.util.ArrayList;
import java.util.List;

/** The pieces in which a reply is streamed. */
final class Chunks {

    /** A piece of a reply. */
    sealed interface Chunk {}

    record Thinking(String text) implements Chunk {}

    record Text(String text) implements Chunk {}

    record ToolArguments(PartialToolCall part) implements Chunk {}

    /** Marks the end of a tool call. Follows its last arguments and does not count as a chunk. */
    record ToolEnd(CompleteToolCall call) implements Chunk {}

    private Chunks() {}

    static List<Chunk> of(Reply reply) {
        List<Chunk> chunks = new ArrayList<>();
        if (reply.thinking != null) {
            split(reply.thinking, reply.chunkSize).forEach(text -> chunks.add(new Thinking(text)));
        }
        if (reply.textChunks != null) {
            reply.textChunks.forEach(text -> chunks.add(new Text(text)));
        } else if (reply.text != null) {
            split(reply.text, reply.chunkSize).forEach(text -> chunks.add(new Text(text)));
        }
        for (int index = 0; index < reply.toolCalls.size(); index++) {
            ToolExecutionRequest call = reply.toolCalls.get(index);
            for (String part : split(call.arguments() == null ? "" : call.arguments(), reply.chunkSize)) {
                chunks.add(new ToolArguments(PartialToolCall.builder()
                        .index(index)
                        .id(call.id())
                        .name(call.name())
                        .partialArguments(part)
                        .build()));
            }
            chunks.add(new ToolEnd(new CompleteToolCall(index, call)));
        }
        return chunks;
    }

    static int count(List<Chunk> chunks) {
        return (int)
                chunks.stream().filter(chunk -> !(chunk instanceof ToolEnd)).count();
    }

    /** The response of a client that lost the connection after a number of chunks: no usage, no finish reason. */
    static ChatResponse truncated(Reply reply) {
        StringBuilder thinking = new StringBuilder();
        StringBuilder text = new StringBuilder();
        List<ToolExecutionRequest> calls = new ArrayList<>();
        int given = 0;
        for (Chunk chunk : of(reply)) {
            if (chunk instanceof ToolEnd end) {
                calls.add(end.call().toolExecutionRequest());
                continue;
            }
            if (given++ == reply.truncateAfter) {
                break;
            }
            if (chunk instanceof Thinking part) {
                thinking.append(part.text());
            } else if (chunk instanceof Text part) {
                text.append(part.text());
            }
        }
        AiMessage message = AiMessage.builder()
                .text(text.toString())
                .thinking(thinking.isEmpty() ? null : thinking.toString())
                .toolExecutionRequests(calls)
                .build();
        return ChatResponse.builder()
                .aiMessage(message)
                .id(reply.metadata.id())
                .modelName(reply.metadata.modelName())
                .build();
    }

    private static List<String> split(String text, int size) {
        return size > 0 ? Texts.parts(text, size) : Texts.words(text);
    }
}
