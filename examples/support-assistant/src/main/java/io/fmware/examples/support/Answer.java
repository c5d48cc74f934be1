package io.fmware.examples.support;

import dev.langchain4j.model.output.structured.Description;
import java.util.List;
import java.util.Locale;

/**
 * What the assistant says.
 *
 * @param answer the answer, or {@link #UNKNOWN}
 * @param sources where it is taken from: ids of handbook pages, names of tools; none if the answer is not known
 * @param confidence how sure the assistant is, from 0 to 1
 */
public record Answer(
        @Description("the answer, or exactly 'I do not know.'")
        String answer,

        @Description("the ids of the sources used, the most important first; empty if the answer is not known")
        List<String> sources,

        @Description("how sure you are, from 0 to 1") double confidence) {

    /** What the assistant says when its passages do not hold the answer. */
    public static final String UNKNOWN = "I do not know.";

    /**
     * Whether the assistant declined to answer.
     *
     * @return true if it says that it does not know
     */
    public boolean refused() {
        return isRefusal(answer);
    }

    static boolean isRefusal(String text) {
        return text.strip().toLowerCase(Locale.ROOT).startsWith("i do not know");
    }
}
