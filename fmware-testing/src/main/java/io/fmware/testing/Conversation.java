package io.fmware.testing;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is asked in a list of messages, and from what it is to be answered.
 *
 * <p>The question is in the last user message, unless that one says that an answer was rejected or is not valid: then it is
 * in the user message before. (The rejected answer itself is missing where it was empty.) The text of that message is divided:
 *
 * <ol>
 *   <li>at the line {@code Answer using the following information:}, as langchain4j's injector writes it, or at a line that
 *       begins with {@code Context:}: the question comes before, the context after;
 *   <li>a line {@code Question: ...} is the question, wherever it is;
 *   <li>otherwise the last sentence that ends with a question mark is the question, and if there is none the first
 *       paragraph; the rest is context.
 * </ol>
 *
 * @param question the question
 * @param passages the context
 * @param toolResults the results of tools after the question, in order
 */
record Conversation(String question, List<Passage> passages, List<ToolExecutionResultMessage> toolResults) {

    private static final Pattern REJECTION = Pattern.compile(
            "(?i)\\b(?:answer|reply|response|output)\\b(?: \\S+){0,3} (?:rejected|invalid|not valid|not accepted)\\b");
    private static final Pattern CONTEXT =
            Pattern.compile("(?im)^(?:answer using the following information|context|information) ?:\\s*");
    private static final Pattern LABELLED = Pattern.compile("(?im)^question ?:\\s*(\\S.*)$");
    private static final Pattern ASKED = Pattern.compile("[^.!?\\r\\n]+\\?");
    private static final Pattern PARAGRAPH_END = Pattern.compile("\\R\\s*\\R");

    static Conversation of(List<ChatMessage> messages) {
        int asked = questionIndex(messages);
        if (asked < 0) {
            return new Conversation("", List.of(), List.of());
        }
        List<ToolExecutionResultMessage> results = messages.subList(asked, messages.size()).stream()
                .filter(ToolExecutionResultMessage.class::isInstance)
                .map(ToolExecutionResultMessage.class::cast)
                .toList();
        return divided(Texts.of((UserMessage) messages.get(asked)), results);
    }

    /** What the users said, the question last: where the arguments of tools are found. */
    static String saidByUser(List<ChatMessage> messages) {
        return messages.stream()
                .filter(UserMessage.class::isInstance)
                .map(message -> Texts.of((UserMessage) message))
                .collect(Collectors.joining("\n"));
    }

    private static int questionIndex(List<ChatMessage> messages) {
        int latest = -1;
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage message) {
                latest = i;
                if (!isRejection(messages, i, Texts.of(message))) {
                    return i;
                }
            }
        }
        return latest;
    }

    private static boolean isRejection(List<ChatMessage> messages, int index, String text) {
        boolean first = messages.subList(0, index).stream().noneMatch(UserMessage.class::isInstance);
        return !first && REJECTION.matcher(text).find();
    }

    private static Conversation divided(String text, List<ToolExecutionResultMessage> results) {
        Matcher context = CONTEXT.matcher(text);
        Matcher labelled = LABELLED.matcher(text);
        if (labelled.find()) {
            String rest = text.substring(0, labelled.start()) + text.substring(labelled.end());
            return with(labelled.group(1), CONTEXT.matcher(rest).replaceAll(""), results);
        }
        if (context.find()) {
            return with(text.substring(0, context.start()), text.substring(context.end()), results);
        }
        List<int[]> questions = new ArrayList<>();
        ASKED.matcher(text).results().forEach(match -> questions.add(new int[] {match.start(), match.end()}));
        if (!questions.isEmpty()) {
            int[] last = questions.get(questions.size() - 1);
            String rest = text.substring(0, last[0]) + "\n\n" + text.substring(last[1]);
            return with(text.substring(last[0], last[1]), rest, results);
        }
        Matcher end = PARAGRAPH_END.matcher(text);
        return end.find()
                ? with(text.substring(0, end.start()), text.substring(end.end()), results)
                : with(text, "", results);
    }

    private static Conversation with(String question, String context, List<ToolExecutionResultMessage> results) {
        return new Conversation(question.strip(), Passage.allIn(context), results);
    }
}
