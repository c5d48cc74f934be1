package io.fmware.testing;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Answers a request from its own text: tools first, then what tools returned, then the context. Immutable. */
final class Extractor {

    private final String unknown;
    private final double minConfidence;
    private final int maxSentences;
    private final String modelName;

    Extractor(String unknown, double minConfidence, int maxSentences, String modelName) {
        this.unknown = unknown;
        this.minConfidence = minConfidence;
        this.maxSentences = maxSentences;
        this.modelName = modelName;
    }

    Reply.Builder reply(ChatRequest request) {
        Conversation conversation = Conversation.of(request.messages());
        Reply.Builder reply = Reply.builder().modelName(modelName);
        int inputWords = request.messages().stream()
                .mapToInt(message -> Texts.countWords(textOf(message)))
                .sum();
        if (conversation.toolResults().isEmpty()) {
            Optional<ToolExecutionRequest> call = ToolChooser.choose(request, conversation);
            if (call.isPresent()) {
                return reply.toolCall(call.get())
                        .usage(inputWords, Texts.countWords(call.get().arguments()));
            }
        }
        String text = answer(request.responseFormat(), conversation);
        return reply.text(text).usage(inputWords, Texts.countWords(text));
    }

    private String answer(ResponseFormat format, Conversation conversation) {
        List<Passage> passages = conversation.toolResults().isEmpty()
                ? conversation.passages()
                : ToolResults.passages(conversation.toolResults());
        Ranking ranking = new Ranking(passages, conversation.toolResults().isEmpty());
        Ranking.Extract extract = ranking.best(conversation.question(), maxSentences);
        if (!extract.found() && !conversation.toolResults().isEmpty()) {
            extract = whole(passages);
        }
        if (extract.confidence() < minConfidence) {
            extract = new Ranking.Extract(List.of(), List.of(), extract.confidence());
        }
        String text = extract.found() ? extract.text() : unknown;
        return format != null && format.type() == ResponseFormatType.JSON
                ? new SchemaFiller(conversation.question(), text, extract, ranking).json(format.jsonSchema())
                : text;
    }

    /** A tool was asked on purpose: if the question shares no words with its result the answer is all of it. */
    private static Ranking.Extract whole(List<Passage> passages) {
        List<String> sentences = new ArrayList<>();
        passages.forEach(passage -> sentences.addAll(passage.sentences()));
        return new Ranking.Extract(sentences, ToolResults.sources(passages), sentences.isEmpty() ? 0 : 1);
    }

    private static String textOf(ChatMessage message) {
        if (message instanceof UserMessage user) {
            return Texts.of(user);
        }
        if (message instanceof SystemMessage system) {
            return system.text();
        }
        if (message instanceof ToolExecutionResultMessage result) {
            return ToolResults.text(result);
        }
        if (message instanceof AiMessage answer) {
            String calls = answer.toolExecutionRequests().stream()
                    .map(ToolExecutionRequest::arguments)
                    .collect(Collectors.joining(" "));
            return (answer.text() == null ? "" : answer.text()) + " " + calls;
        }
        return "";
    }
}
