package io.fmware.text;

import java.util.List;
import java.util.Set;

/** "isn't it", "are you", "right": they ask for consent and say nothing; "no" and "yes" between commas neither. */
final class Tails {
    private Tails() {}

    /** Which tokens they are; a "yes" or "no" at the beginning is added to the interjections. */
    static boolean[] of(List<Token> tokens, Set<String> interjections) {
        boolean[] dropped = new boolean[tokens.size()];
        int end = tokens.size();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean closes = i + 1 == tokens.size() || tokens.get(i + 1).opensClause();
            if (token.opensClause()
                    && closes
                    && tokens.size() > 1
                    && (token.norm().equals("no") || token.norm().equals("yes"))) {
                dropped[i] = true;
                if (i == 0) {
                    interjections.add(token.norm());
                }
            }
            if (i == 0 && tokens.size() > 1 && closes && Words.OPENINGS.contains(token.norm())) {
                dropped[i] = true;
            }
            boolean aside = token.isWord() && token.opensClause() && i > 0;
            if (aside && closes && i + 1 == end && Words.TAILS.contains(token.norm())) {
                dropped[i] = true;
            }
            if (aside && Words.AUXILIARIES.contains(token.norm())) {
                int pronoun = i + 1 < end && tokens.get(i + 1).norm().equals("not") ? i + 2 : i + 1;
                boolean tag = pronoun < end
                        && Words.PRONOUNS.contains(tokens.get(pronoun).norm())
                        && (pronoun + 1 == end || tokens.get(pronoun + 1).opensSentence());
                for (int drop = i; tag && drop <= pronoun; drop++) {
                    dropped[drop] = true;
                }
            }
        }
        return dropped;
    }
}
