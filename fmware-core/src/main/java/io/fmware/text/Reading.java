package io.fmware.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a text says, as far as it can be seen from its words. */
final class Reading {
    private static final int NEAR = 3;

    final List<Item> items = new ArrayList<>();

    /** The items, and the numbers between them. */
    final List<Item> order = new ArrayList<>();

    final List<String> numbers = new ArrayList<>();
    final List<String> quantities = new ArrayList<>();
    final List<String> bounds = new ArrayList<>();
    final List<String> symbols = new ArrayList<>();
    final Set<String> pictures = new TreeSet<>();
    final List<String> persons = new ArrayList<>();
    final Set<String> units = new TreeSet<>();
    final Set<String> modals = new TreeSet<>();
    final Set<String> quantifiers = new TreeSet<>();
    final Set<String> thirdPersons = new TreeSet<>();
    final Set<String> prepositions = new TreeSet<>();
    final Set<String> asking = new TreeSet<>();
    final Set<String> interjections = new TreeSet<>();

    /** Have to stand in the other text too, in whatever way. */
    final Set<String> entities = new HashSet<>();

    final Set<String> quoted = new HashSet<>();
    final Set<String> codes = new HashSet<>();
    final Set<String> verbatim = new HashSet<>();

    /** All that stands here: in lower case, and as it is written. */
    final Set<String> norms = new HashSet<>();

    final Set<String> written = new HashSet<>();

    /** How often there is a "one" that may be a number, or a pronoun. */
    int ones;

    private final List<Token> tokens;
    private final boolean[] dropped;

    /** Whether letters stand for somebody or something: "A sends B money". */
    private boolean letters;

    private boolean negated;
    private boolean directly;
    private String preposition = "";

    private Reading(List<Token> tokens) {
        this.tokens = tokens;
        this.dropped = new boolean[tokens.size()];
    }

    static Reading of(List<Token> tokens) {
        Reading reading = new Reading(tokens);
        reading.collect();
        reading.dropTail();
        reading.read();
        return reading;
    }

    List<Token> tokens() {
        return tokens;
    }

    private void collect() {
        boolean title = false;
        for (Token token : tokens) {
            norms.add(alias(token.norm()));
            written.add(token.text());
            if (token.isWord()) {
                boolean letter = token.text().length() == 1 && token.isCapital();
                letters |= letter && !token.norm().equals("a") && !token.norm().equals("i");
                title |= token.isCapital()
                        && !letter
                        && !token.opensSentence()
                        && !token.isAcronym()
                        && Words.FUNCTION.contains(token.norm());
            }
        }
        boolean shouted = true;
        for (Token token : tokens) {
            shouted &= !token.isWord() || token.text().equals(token.text().toUpperCase(Locale.ROOT));
        }
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.kind()) {
                case CODE -> (token.verbatim() ? verbatim : codes).add(token.verbatim() ? token.text() : token.norm());
                case SYMBOL -> {
                    if (token.norm().charAt(0) < 0x80
                            || Character.getType(token.norm().codePointAt(0)) == Character.MATH_SYMBOL) {
                        symbols.add(token.norm());
                    } else {
                        pictures.add(token.norm());
                    }
                }
                case WORD -> {
                    if (token.quoted()) {
                        quoted.add(alias(token.norm()));
                    }
                    boolean name = token.isAcronym() ? !shouted : token.isCapital() && !token.opensSentence() && !title;
                    if (name && isName(token) && !isUnit(i)) {
                        entities.add(alias(token.norm()));
                    }
                }
                default -> {}
            }
        }
    }

    /** "EUR", and "GB" beside a number. */
    private boolean isUnit(int at) {
        Token token = tokens.get(at);
        return !Units.after(token.norm()).isEmpty()
                && (token.norm().length() == NEAR
                        || (at > 0 && tokens.get(at - 1).isNumber())
                        || (at + 1 < tokens.size() && tokens.get(at + 1).isNumber()));
    }

    private static boolean isName(Token token) {
        String norm = token.norm();
        return !norm.equals("i")
                && (norm.length() > 1 || !norm.equals("a"))
                && !Words.FUNCTION.contains(norm)
                && !Words.FILLERS.contains(norm)
                && !Words.NEGATORS.contains(norm)
                && !Words.QUANTIFIERS.contains(norm)
                && !NumberWords.isNumber(norm)
                && NumberWords.ordinal(norm).isEmpty();
    }

    static String alias(String norm) {
        return Words.ALIASES.getOrDefault(norm, norm);
    }

    /** "isn't it", "are you", "right": they ask for consent and say nothing; "no" and "yes" between commas neither. */
    private void dropTail() {
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
    }

    private void read() {
        int at = 0;
        while (at < tokens.size()) {
            if (dropped[at]) {
                at++;
                continue;
            }
            Token token = tokens.get(at);
            if (token.opensClause()) {
                close();
            }
            NumberWords.Found number = NumberWords.at(tokens, at);
            if (number.length() > 0) {
                at += number(number, at);
                continue;
            }
            switch (token.kind()) {
                case WORD -> word(token, at);
                case CODE -> content(Lemma.of(token.norm()), token.norm());
                default -> {}
            }
            at++;
        }
        close();
    }

    private int number(NumberWords.Found number, int at) {
        int next = at + number.length();
        if (number.length() == 1 && tokens.get(at).norm().equals("one")) {
            ones++;
            bound(at, false);
            return 1;
        }
        String unit = next < tokens.size() && tokens.get(next).isWord()
                ? Units.after(tokens.get(next).norm())
                : "";
        if (unit.isEmpty() && at > 0) {
            String before = Units.after(tokens.get(at - 1).norm());
            unit = tokens.get(at - 1).isWord() && tokens.get(at - 1).norm().length() == NEAR ? before : "";
        } else if (!unit.isEmpty()) {
            next++;
        }
        numbers.add(number.value());
        quantities.add(number.value() + " " + unit);
        bound(at, true);
        order.add(new Item(number.value(), number.value(), false, false, preposition));
        negated = false;
        return next - at;
    }

    /** The bound before a number: "under 5", "no more than 5", "at least 5". */
    private void bound(int number, boolean certain) {
        for (int at = number - 1; at >= 0 && at >= number - NEAR; at--) {
            Token token = tokens.get(at);
            String bound = token.isWord() ? Words.BOUNDS.getOrDefault(token.norm(), "") : "";
            if (!bound.isEmpty() && counts(token.norm(), at, number)) {
                boolean not = at > 0
                        && (tokens.get(at - 1).norm().equals("no")
                                || tokens.get(at - 1).norm().equals("not"));
                if (certain || bound.length() < NEAR) {
                    bounds.add(not ? contrary(bound) : bound);
                }
                return;
            }
            if (!Words.BEFORE_NUMBERS.contains(token.norm()) && !Words.BOUNDS.containsKey(token.norm())) {
                return;
            }
        }
    }

    private boolean counts(String word, int at, int number) {
        return switch (word) {
            case "from" -> false;
            case "least", "most" -> at > 0 && tokens.get(at - 1).norm().equals("at");
            case "up" -> at + 1 < number && tokens.get(at + 1).norm().equals("to");
            case "more", "less", "fewer" -> at + 1 < number;
            default -> true;
        };
    }

    private static String contrary(String bound) {
        return switch (bound) {
            case "<" -> ">=";
            case ">" -> "<=";
            case "<=" -> ">";
            case ">=" -> "<";
            default -> "not " + bound;
        };
    }

    private void word(Token token, int at) {
        String norm = alias(token.norm());
        String ordinal = NumberWords.ordinal(norm);
        if (!ordinal.isEmpty() && !norm.equals("second") && !norm.equals("first")) {
            numbers.add(ordinal);
            quantities.add(ordinal + " ");
            return;
        }
        sides(norm, at);
        if (isNegator(norm, at)) {
            boolean plain = Words.PLAIN_NEGATORS.contains(norm);
            directly = negated ? directly && plain : plain;
            negated = !negated;
            return;
        }
        boolean letter = norm.equals("a") && token.isCapital() && (letters || !token.opensSentence());
        if (Words.PREPOSITIONS.contains(norm) || norm.equals("up") || norm.equals("down")) {
            prepositions.add(norm);
        }
        if (Words.QUANTIFIERS.contains(norm)) {
            quantifiers.add(norm);
            if (negated) {
                content(norm, norm);
            }
        } else if (Words.MEASURES.contains(norm)
                && at > 0
                && tokens.get(at - 1).norm().equals("how")) {
            asking.remove("how");
            asking.add(norm.equals("soon") ? "when" : "how " + norm);
        } else if (!letter && isLight(norm, at)) {
            if (Words.PREPOSITIONS.contains(norm)) {
                preposition = norm;
            } else if (!Words.ARTICLES.contains(norm)) {
                preposition = "";
            }
        } else {
            String unit = Units.alone(norm);
            if (!unit.isEmpty()) {
                units.add(unit);
            }
            prefixed(unit.isEmpty() ? norm : unit);
        }
    }

    /** What is compared on its own, since it carries no content but changes what is asked. */
    private void sides(String norm, int at) {
        addIfKnown(modals, Words.MODALS.get(norm));
        addIfKnown(thirdPersons, Words.THIRD_PERSONS.get(norm));
        String person = Words.PERSONS.get(norm);
        if (person != null) {
            persons.add(person);
        }
        if (Words.ASKING.contains(norm) && asking.isEmpty() && !isRequest(norm, at)) {
            asking.add(norm.startsWith("who") ? "who" : norm);
        }
    }

    /** "How do I", "where can I": they ask for the same steps. */
    private boolean isRequest(String norm, int at) {
        if ((!norm.equals("how") && !norm.equals("where")) || at + 2 >= tokens.size()) {
            return false;
        }
        String next = tokens.get(at + 1).norm();
        String person = tokens.get(at + 2).norm();
        return next.equals("to")
                || (Words.AUXILIARIES.contains(next)
                        && (person.equals("i") || person.equals("you") || person.equals("we")));
    }

    private static void addIfKnown(Set<String> to, @Nullable String value) {
        if (value != null) {
            to.add(value);
        }
    }

    private boolean isNegator(String norm, int at) {
        if (Words.FAILING.contains(norm)) {
            return at + 1 < tokens.size() && tokens.get(at + 1).norm().equals("to");
        }
        if (!Words.NEGATORS.contains(norm)) {
            return false;
        }
        String before = at > 0 ? tokens.get(at - 1).norm() : "";
        Token next = at + 1 < tokens.size() ? tokens.get(at + 1) : null;
        if (norm.equals("no") && next != null && next.isNumber()) {
            return false; // number
        }
        if ((norm.equals("no") || norm.equals("not")) && next != null && isComparison(next.norm())) {
            return !followedByNumber(at + 2);
        }
        return !(norm.equals("not") && before.equals("or") && (next == null || next.opensClause()));
    }

    private static boolean isComparison(String norm) {
        return norm.equals("more") || norm.equals("less") || norm.equals("fewer");
    }

    private boolean followedByNumber(int at) {
        return at + 1 < tokens.size()
                && tokens.get(at).norm().equals("than")
                && (tokens.get(at + 1).isNumber()
                        || NumberWords.isNumber(tokens.get(at + 1).norm()));
    }

    private boolean isLight(String norm, int at) {
        if (norm.equals("like")) {
            return at + 1 < tokens.size()
                    && (tokens.get(at + 1).norm().equals("to")
                            || (at > 0
                                    && Words.AUXILIARIES.contains(
                                            tokens.get(at - 1).norm())));
        }
        return Words.FUNCTION.contains(norm)
                || Words.FILLERS.contains(norm)
                || (negated && (norm.equals("longer") || norm.equals("looking") || norm.equals("feel")));
    }

    private void prefixed(String norm) {
        String positive = Negatives.positive(norm);
        if (positive.isEmpty()) {
            content(Lemma.of(norm), norm);
        } else {
            directly = !negated || directly;
            negated = !negated;
            content(Lemma.of(positive), positive);
        }
    }

    private void content(String lemma, String word) {
        boolean transparent = Words.TRANSPARENT.contains(lemma);
        Item item = new Item(lemma, word, negated && !transparent, negated && directly && !transparent, preposition);
        items.add(item);
        order.add(item);
        if (!transparent) {
            negated = false;
            directly = false;
        }
    }

    private void close() {
        if (negated) {
            items.add(new Item(Item.NOTHING, Item.NOTHING, true, false, ""));
        }
        negated = false;
        directly = false;
        preposition = "";
    }
}
