package io.fmware.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a text says, as far as it can be seen from its words. */
final class Reading {
    private static final int NEAR = 3;
    private static final int SHORT_DECIMAL = 8;

    final List<Item> items = new ArrayList<>();

    /** The items, and the numbers between them. */
    final List<Item> order = new ArrayList<>();

    final List<String> numbers = new ArrayList<>();

    /** Numbers with a decimal point and no unit, by their value: 3.1 and 3.10 may be two versions. */
    final Map<String, Set<String>> decimals = new HashMap<>();

    final Order places = new Order();
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
    private boolean minus;
    private boolean directly;
    private String preposition = "";

    private Reading(List<Token> tokens) {
        this.tokens = tokens;
        this.dropped = Tails.of(tokens, interjections);
    }

    static Reading of(List<Token> tokens) {
        Reading reading = new Reading(tokens);
        reading.collect();
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
                case WORD -> {
                    minus = isMinus(at);
                    if (!minus) {
                        word(token, at);
                    }
                }
                case CODE -> content(Lemma.of(token.norm()), token.norm());
                default -> {}
            }
            at++;
        }
        close();
    }

    private int number(NumberWords.Found number, int at) {
        int next = at + number.length();
        int first = minus ? at - 1 : at;
        String value = minus ? opposite(number.value()) : number.value();
        boolean signed = minus;
        minus = false;
        if (!signed && number.length() == 1 && tokens.get(at).norm().equals("one")) {
            ones++;
            Bounds.before(tokens, first, false).ifPresent(bounds::add);
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
        numbers.add(value);
        quantities.add(value + " " + unit);
        Bounds.before(tokens, first, true).ifPresent(bounds::add);
        String written = unit.isEmpty() && number.length() == 1 ? decimal(tokens.get(at)) : "";
        if (!written.isEmpty()) {
            decimals.computeIfAbsent(value, each -> new TreeSet<>()).add(written);
        }
        String word =
                written.isEmpty() || value.indexOf('.') < 0 ? value : (value.startsWith("-") ? "-" : "") + written;
        order.add(new Item(value, word, false, false, preposition));
        places.number(value, tokens, at, next);
        negated = false;
        return next - at;
    }

    private static String opposite(String value) {
        return value.startsWith("-") ? value.substring(1) : "-" + value;
    }

    /** How a short decimal is written, or nothing. */
    private static String decimal(Token number) {
        String written = number.text();
        boolean scaled = !number.norm().endsWith(Digits.value(written)); // such as 1.5k
        return written.indexOf('.') < 0 || written.length() > SHORT_DECIMAL || scaled ? "" : written;
    }

    /** "minus 5", but not "7 minus 5". */
    private boolean isMinus(int at) {
        return tokens.get(at).isWord()
                && Words.MINUS.contains(tokens.get(at).norm())
                && at + 1 < tokens.size()
                && !tokens.get(at + 1).opensClause()
                && NumberWords.at(tokens, at + 1).length() > 0
                && (at == 0
                        || tokens.get(at).opensClause()
                        || !(tokens.get(at - 1).isNumber()
                                || NumberWords.isNumber(tokens.get(at - 1).norm())));
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
        String focusing = Words.FOCUSING.getOrDefault(norm, "");
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
        if (!focusing.isEmpty()) {
            places.focusing(focusing);
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
        places.word(lemma);
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
        places.close();
    }
}
