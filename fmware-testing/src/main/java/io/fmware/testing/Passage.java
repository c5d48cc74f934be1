package io.fmware.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A piece of context with the source that it names.
 *
 * <p>Read from text as follows. Passages are separated by empty lines; if lines start with {@code content: }, as
 * langchain4j's injector writes when it includes metadata, they begin there instead. A mark {@code [source: x]} anywhere
 * in a passage, or a line {@code source: x}, {@code file_name: x}, {@code document: x} or {@code url: x}, names its source
 * and is not part of its text.
 *
 * @param sentences the sentences, in order
 * @param source the source, if the passage names one
 */
record Passage(List<String> sentences, @Nullable String source) {

    private static final Pattern CONTENT = Pattern.compile("(?m)^content: ?");
    private static final Pattern EMPTY_LINE = Pattern.compile("\\R\\s*\\R");
    private static final Pattern MARK =
            Pattern.compile("(?i)\\[source: ?([^\\]\\r\\n]+)\\]|(?m)^(?:source|file_name|document|url): ?(\\S.*)$");
    private static final Pattern SENTENCE_END = Pattern.compile("\\R+|(?<=[.!?])\\s+(?=[\\p{Lu}\\p{N}\"'(\\[])");
    private static final int HEADING_WORDS = 3;

    static List<Passage> allIn(String text) {
        Pattern separator = CONTENT.matcher(text).find() ? CONTENT : EMPTY_LINE;
        List<Passage> passages = new ArrayList<>();
        for (String block : separator.split(text, -1)) {
            Passage passage = in(block);
            if (!passage.sentences.isEmpty()) {
                passages.add(passage);
            }
        }
        return passages;
    }

    private static Passage in(String block) {
        String source = null;
        Matcher mark = MARK.matcher(block);
        if (mark.find()) {
            source = (mark.group(1) != null ? mark.group(1) : mark.group(2)).strip();
        }
        return new Passage(sentences(mark.replaceAll("")), source);
    }

    /** Splits at sentence ends and line breaks. A heading of up to three words is joined with what follows it. */
    static List<String> sentences(String text) {
        List<String> sentences = new ArrayList<>();
        String heading = "";
        for (String part : SENTENCE_END.split(text.strip(), -1)) {
            String sentence = part.strip();
            if (sentence.isEmpty()) {
                continue;
            }
            sentence = heading.isEmpty() ? sentence : heading + " " + sentence;
            if (Texts.countWords(sentence) <= HEADING_WORDS) {
                heading = sentence;
            } else {
                sentences.add(sentence);
                heading = "";
            }
        }
        if (!heading.isEmpty()) {
            sentences.add(heading);
        }
        return List.copyOf(sentences);
    }
}
