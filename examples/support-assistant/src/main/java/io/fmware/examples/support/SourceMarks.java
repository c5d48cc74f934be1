package io.fmware.examples.support;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.injector.ContentInjector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts passages below a question, the best first, each with a mark that names its page: {@code [source: card-delivery]}. An
 * answer may cite what is marked. Thread-safe.
 */
final class SourceMarks implements ContentInjector {
    static final String KEY = "source";
    private static final String INFORMATION = "Answer using the following information:\n";
    private static final Pattern MARK = Pattern.compile("(?m)^\\[source: ([^\\]\\r\\n]+)\\]");

    @Override
    public ChatMessage inject(List<Content> contents, ChatMessage message) {
        String passages = contents.stream().map(SourceMarks::marked).collect(Collectors.joining("\n\n"));
        return UserMessage.from(((UserMessage) message).singleText() + "\n\n" + INFORMATION + passages);
    }

    private static String marked(Content content) {
        return "[source: " + content.textSegment().metadata().getString(KEY) + "]\n"
                + content.textSegment().text();
    }

    /** Whether a message is a question with room for passages, rather than a request to answer again. */
    static boolean belowQuestion(UserMessage message) {
        return message.singleText().contains(INFORMATION);
    }

    /** The pages that a message offers for citation; marks in the customer's own words do not count. */
    static Set<String> in(UserMessage message) {
        String text = message.singleText();
        Set<String> sources = new LinkedHashSet<>();
        Matcher mark = MARK.matcher(text.substring(Math.max(0, text.lastIndexOf(INFORMATION))));
        while (mark.find()) {
            sources.add(mark.group(1));
        }
        return sources;
    }
}
