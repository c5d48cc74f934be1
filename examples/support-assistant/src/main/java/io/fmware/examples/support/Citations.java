package io.fmware.examples.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import io.fmware.retry.Validator;
import io.fmware.retry.Verdict;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An answer cites passages and tools that it was given, and at least one; a refusal cites none. To be asked about what fits
 * the schema of {@link Answer}.
 */
final class Citations implements Validator {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public Verdict validate(FmCall call, ChatResponse response) {
        Answer answer;
        try {
            answer = JSON.readValue(response.aiMessage().text(), Answer.class);
        } catch (JsonProcessingException e) {
            return Verdict.invalid("The answer is not the JSON that was asked for.");
        }
        if (!(answer.confidence() >= 0 && answer.confidence() <= 1)) {
            return Verdict.invalid("The confidence must be from 0 to 1, but is " + answer.confidence() + ".");
        }
        if (answer.refused()) {
            return answer.sources().isEmpty()
                    ? Verdict.valid()
                    : Verdict.invalid("An answer that is not known has no sources.");
        }
        if (answer.sources().isEmpty()) {
            return Verdict.invalid("The answer must name its sources, or be exactly \"" + Answer.UNKNOWN + "\".");
        }
        Set<String> given = given(call.request());
        List<String> invented = answer.sources().stream()
                .filter(source -> !given.contains(source))
                .toList();
        return invented.isEmpty()
                ? Verdict.valid()
                : Verdict.invalid("The answer cites " + String.join(", ", invented)
                        + ", which was not given; the sources are: "
                        + (given.isEmpty() ? "none" : String.join(", ", given))
                        + ".");
    }

    /** What may be cited: passages below the latest question, and the tools called after it. */
    private static Set<String> given(ChatRequest request) {
        Set<String> sources = new LinkedHashSet<>();
        for (ChatMessage message : request.messages()) {
            if (message instanceof UserMessage user) {
                if (SourceMarks.belowQuestion(user)) {
                    sources.clear();
                    sources.addAll(SourceMarks.in(user));
                }
            } else if (message instanceof ToolExecutionResultMessage result) {
                sources.add(result.toolName());
            }
        }
        return sources;
    }
}
