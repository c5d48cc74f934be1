package io.fmware.text;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What keeps two questions apart that an embedder finds alike. Nothing is understood here: words are compared by lists and rules.
 *
 * <p>English is covered: negations and prefixes that negate, opposites, numbers in words, forms of words. In other languages,
 * numbers, units, names, code and the order of words are compared, and short lists know the commonest negations (German, French,
 * Spanish, and a few words of others). Not covered are opposites and forms of words in other languages, negations that are part
 * of a word there, units that are converted (1 km is not known to be 1,000 m), pronouns that stand for different things,
 * differences of tense, idioms, irony, and questions that differ in more than one word without anything listed here.
 *
 * <p>Where it errs, it mostly keeps apart what belongs together: a question is then answered again, not answered wrongly. Opposites
 * that leave a middle are taken as if there were none: "not hot" is held to be "cold".
 *
 * <p>The work grows with the length of the texts, whatever they are. The same texts give the same result everywhere.
 */
public final class Distinctions {
    /** The length, in characters, of the longest question that is read. */
    static final int LONGEST = 20_000;

    private static final int SHORT = 4;

    private Distinctions() {}

    /**
     * Compares two questions. It does not matter which is which.
     *
     * @param asked a question
     * @param known another one, whose answer is known
     * @return why that answer may not be an answer to the question asked; empty if nothing speaks against it
     */
    public static Set<Distinction> between(String asked, String known) {
        Objects.requireNonNull(asked, "asked");
        Objects.requireNonNull(known, "known");
        if (asked.equals(known)) {
            return Set.of();
        }
        if (asked.length() > LONGEST || known.length() > LONGEST) {
            return Plain.spaced(asked).equals(Plain.spaced(known)) ? Set.of() : Set.of(Distinction.LENGTH);
        }
        String plainly = Plain.of(asked);
        String other = Plain.of(known);
        if (Plain.spaced(plainly).equals(Plain.spaced(other))) {
            return Set.of();
        }
        List<Token> first = Lexer.tokens(plainly);
        List<Token> second = Lexer.tokens(other);
        boolean swapped = asked.compareTo(known) > 0;
        Comparison comparison =
                new Comparison(Reading.of(swapped ? second : first), Reading.of(swapped ? first : second));
        Set<Distinction> found = EnumSet.noneOf(Distinction.class);
        found.addAll(comparison.distinctions());
        if (!isAlike(first, second) && (isContentless(first) || isContentless(second))) {
            found.add(Distinction.CONTENTLESS);
        }
        return Collections.unmodifiableSet(found);
    }

    /**
     * Tells whether a turn has no content of its own, such as "yes", "continue", "the second one", "and why?", "what about it?":
     * what it asks for depends on what was said before, so that its answer fits no other conversation.
     *
     * @param text a user's turn
     * @return whether it has none; true of an empty text
     */
    public static boolean isContentless(String text) {
        return text.length() <= LONGEST && isContentless(Lexer.tokens(Plain.of(text)));
    }

    private static boolean isAlike(List<Token> first, List<Token> second) {
        if (first.size() != second.size()) {
            return false;
        }
        for (int i = 0; i < first.size(); i++) {
            if (!first.get(i).norm().equals(second.get(i).norm())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isContentless(List<Token> tokens) {
        int numbers = 0;
        boolean content = false;
        boolean asking =
                !tokens.isEmpty() && Words.AUXILIARIES.contains(tokens.get(0).norm());
        boolean brief = tokens.size() <= (asking ? 3 : 2);
        for (Token token : tokens) {
            String norm = token.norm();
            if (token.isNumber() || NumberWords.isNumber(norm)) {
                numbers++;
            } else if (!token.isWord()
                    || (!Words.FUNCTION.contains(norm)
                            && !Words.FILLERS.contains(norm)
                            && !Words.FOLLOWING.contains(norm)
                            && !(brief && Words.CONSENT.contains(norm)))) {
                content |= token.isWord() || token.kind() == Token.Kind.CODE || numbers > 0;
            }
        }
        return (!content && numbers <= 1) || isFragment(tokens);
    }

    /** "What about Paris?", "and in Paris?". */
    private static boolean isFragment(List<Token> tokens) {
        if (tokens.isEmpty() || tokens.size() > SHORT) {
            return false;
        }
        String first = tokens.get(0).norm();
        boolean sentence = tokens.stream()
                .map(Token::norm)
                .anyMatch(norm -> Words.PRONOUNS.contains(norm)
                        || Words.AUXILIARIES.contains(norm)
                        || Words.NEGATORS.contains(norm));
        boolean about = tokens.size() > 1 && tokens.get(1).norm().equals("about");
        boolean joined = first.equals("and") || first.equals("or") || first.equals("but");
        return (joined && !sentence) || (about && (first.equals("what") || first.equals("how")));
    }
}
