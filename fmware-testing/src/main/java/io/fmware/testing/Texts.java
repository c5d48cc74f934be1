package io.fmware.testing;

import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the fakes do with plain text. */
final class Texts {

    private static final Pattern WORD_AND_SPACE = Pattern.compile("\\s*\\S+\\s*|\\s+");
    private static final Pattern WORD = Pattern.compile("\\S+");

    private Texts() {}

    /** The text parts of a message; images and the like are left out. */
    static String of(UserMessage message) {
        return message.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .collect(Collectors.joining("\n"));
    }

    /** Splits a text into its words, each with the white space after it; concatenated they are the text. */
    static List<String> words(String text) {
        return matches(WORD_AND_SPACE, text);
    }

    /** Splits a text into parts of a number of characters; surrogate pairs stay together. */
    static List<String> parts(String text, int size) {
        List<String> parts = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = Math.min(text.length(), start + size);
            if (end < text.length()
                    && Character.isLowSurrogate(text.charAt(end))
                    && Character.isHighSurrogate(text.charAt(end - 1))) {
                end++;
            }
            parts.add(text.substring(start, end));
            start = end;
        }
        return parts;
    }

    /** The number of words, which stands for the number of tokens. */
    static int countWords(String text) {
        int count = 0;
        for (Matcher matcher = WORD.matcher(text); matcher.find(); ) {
            count++;
        }
        return count;
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }
}
