package io.fmware.text;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The same claims in the same order. */
final class CautiousEquivalence implements Equivalence {
    static final Equivalence INSTANCE = new CautiousEquivalence();

    /** Of all claims, how many have to be shared, in hundredths. */
    private static final int SHARED = 90;

    private CautiousEquivalence() {}

    @Override
    public boolean same(String first, String second) {
        if (Equivalence.exact().same(first, second)) {
            return true;
        }
        String one = JsonTrees.unfenced(first);
        String other = JsonTrees.unfenced(second);
        if (JsonTrees.isTree(one) || JsonTrees.isTree(other)) {
            return JsonTrees.same(one, other);
        }
        if (first.length() > Distinctions.LONGEST || second.length() > Distinctions.LONGEST) {
            return false;
        }
        if (!blocks(first).equals(blocks(second))) {
            return false;
        }
        Set<Distinction> distinctions = EnumSet.noneOf(Distinction.class);
        distinctions.addAll(Distinctions.between(first, second));
        distinctions.remove(Distinction.CONTENTLESS);
        return distinctions.isEmpty() && isClaimed(Lexer.tokens(Plain.of(first)), Lexer.tokens(Plain.of(second)));
    }

    private static boolean isClaimed(List<Token> first, List<Token> second) {
        if (!weighty(first).equals(weighty(second))
                || !verbatim(first).equals(verbatim(second))
                || !isCasedAlike(first, second)) {
            return false;
        }
        List<String> claims = claims(first);
        List<String> others = claims(second);
        if (claims.isEmpty() || others.isEmpty()) {
            return norms(first).equals(norms(second));
        }
        List<String> shared = shared(claims, others);
        int all = claims.size() + others.size() - shared.size();
        return shared.size() * 100 >= all * SHARED && shared.equals(shared(others, claims));
    }

    private static List<String> claims(List<Token> tokens) {
        Reading reading = Reading.of(tokens);
        List<String> claims = new ArrayList<>();
        for (Item item : reading.order) {
            claims.add(item.negative() ? "-" + item.word() : item.word());
        }
        return claims;
    }

    /** Those of the first list that the second one has too, in the order of the first. */
    private static List<String> shared(List<String> first, List<String> second) {
        Map<String, Integer> counts = new HashMap<>();
        second.forEach(claim -> counts.merge(claim, 1, Integer::sum));
        return first.stream()
                .filter(claim -> counts.merge(claim, -1, Integer::sum) >= 0)
                .toList();
    }

    /** Words without content that change a claim, such as those of tense and of condition. */
    private static Set<String> weighty(List<Token> tokens) {
        Set<String> weighty = new TreeSet<>();
        for (Token token : tokens) {
            String norm = token.norm();
            boolean light = Words.FUNCTION.contains(norm) || Words.QUANTIFIERS.contains(norm) || norm.equals("no");
            if (token.isWord() && light && !Words.FREE.contains(norm)) {
                weighty.add(norm);
            }
        }
        return weighty;
    }

    private static List<String> verbatim(List<Token> tokens) {
        return tokens.stream().filter(Token::verbatim).map(Token::text).toList();
    }

    /** Whether what has a case that may count in either text is written alike in both. */
    private static boolean isCasedAlike(List<Token> first, List<Token> second) {
        Set<String> cased = new HashSet<>();
        for (List<Token> tokens : List.of(first, second)) {
            tokens.stream().filter(Token::cased).forEach(each -> cased.add(lower(each)));
        }
        return written(first, cased).equals(written(second, cased));
    }

    private static List<String> written(List<Token> tokens, Set<String> cased) {
        return tokens.stream()
                .filter(each -> cased.contains(lower(each)))
                .map(Token::text)
                .toList();
    }

    private static String lower(Token token) {
        return token.text().toLowerCase(Locale.ROOT);
    }

    /** The blocks of code, where white space has a meaning. */
    private static List<String> blocks(String text) {
        String[] parts = text.split("```", -1);
        List<String> blocks = new ArrayList<>();
        for (int i = 1; i < parts.length; i += 2) {
            blocks.add(Plain.indented(Plain.of(parts[i])));
        }
        return blocks;
    }

    private static List<String> norms(List<Token> tokens) {
        return tokens.stream().map(Token::norm).toList();
    }

    @Override
    public String toString() {
        return "Equivalence.cautious()";
    }
}
