package io.fmware.retry;

import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares the sources that an answer cites with those that its request holds. */
final class Citations {
    private static final int MOST_NAMED = 20;
    private static final int LONGEST_NAME = 100;

    private Citations() {}

    /** The identifiers that a pattern finds: its first group, or the whole match where it has none. */
    static Set<String> find(Pattern pattern, String text) {
        Set<String> found = new LinkedHashSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String first = matcher.groupCount() > 0 ? matcher.group(1) : null;
            found.add(first != null ? first : matcher.group());
        }
        return found;
    }

    /** Refuses what is cited but not given. */
    static Verdict check(Collection<String> cited, Pattern inRequest, ChatRequest request) {
        Set<String> given = find(inRequest, Prompts.text(request));
        List<String> invented =
                cited.stream().filter(c -> !given.contains(c)).distinct().toList();
        if (invented.isEmpty()) {
            return Verdict.valid();
        }
        return Verdict.invalid("The answer cites " + names(invented)
                + (invented.size() == 1 ? ", which is" : ", which are")
                + " not among the sources that were given"
                + (given.isEmpty() ? "; none were given." : ": " + names(given) + "."));
    }

    private static String names(Collection<String> identifiers) {
        String named = identifiers.stream()
                .limit(MOST_NAMED)
                .map(name -> name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...")
                .collect(Collectors.joining(", "));
        int more = identifiers.size() - MOST_NAMED;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
