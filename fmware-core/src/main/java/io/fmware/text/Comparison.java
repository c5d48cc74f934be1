package io.fmware.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Two readings side by side. */
final class Comparison {
    /** With more words that only one of them has, pairs of these are not looked for. */
    private static final int MANY = 100;

    private static final int NEAR = 3;

    private final Reading first;
    private final Reading second;
    private final Set<Distinction> found = EnumSet.noneOf(Distinction.class);

    /** What only one of them says. */
    private final List<Item> left = new ArrayList<>();

    private final List<Item> right = new ArrayList<>();

    Comparison(Reading first, Reading second) {
        this.first = first;
        this.second = second;
    }

    Set<Distinction> distinctions() {
        numbers();
        names();
        code();
        items();
        roles();
        sides();
        return found;
    }

    private void numbers() {
        List<String> here = without(first.numbers, second.numbers);
        List<String> there = without(second.numbers, first.numbers);
        boolean versions = first.decimals.entrySet().stream()
                .anyMatch(each -> !second.decimals
                        .getOrDefault(each.getKey(), each.getValue())
                        .equals(each.getValue()));
        if (!isOnes(here, second.ones) || !isOnes(there, first.ones) || versions) {
            found.add(Distinction.NUMBER);
        } else if (here.isEmpty()
                && there.isEmpty()
                && !without(first.quantities, second.quantities).isEmpty()) {
            found.add(Distinction.UNIT);
        }
        if (!first.units.isEmpty() && !second.units.isEmpty() && Collections.disjoint(first.units, second.units)) {
            found.add(Distinction.UNIT);
        }
        if (!without(first.bounds, second.bounds).isEmpty()
                || !without(second.bounds, first.bounds).isEmpty()) {
            found.add(Distinction.BOUND);
        }
    }

    private static boolean isOnes(List<String> values, int most) {
        return values.size() <= most && values.stream().allMatch("1"::equals);
    }

    private void names() {
        if (!second.norms.containsAll(first.entities) || !first.norms.containsAll(second.entities)) {
            if (!isKnown(first, second) || !isKnown(second, first)) {
                found.add(Distinction.ENTITY);
            }
        }
    }

    /** Whether each name in one text stands in the other, in whatever form. */
    private static boolean isKnown(Reading naming, Reading other) {
        Set<String> lemmas = new HashSet<>();
        other.norms.forEach(norm -> lemmas.add(Lemma.of(norm)));
        return naming.entities.stream().allMatch(each -> lemmas.contains(Lemma.of(each)));
    }

    private void code() {
        if (!second.norms.containsAll(first.codes)
                || !first.norms.containsAll(second.codes)
                || !second.norms.containsAll(first.quoted)
                || !first.norms.containsAll(second.quoted)
                || !second.written.containsAll(first.verbatim)
                || !first.written.containsAll(second.verbatim)
                || differ(first.pictures, second.pictures)
                || !without(first.symbols, second.symbols).isEmpty()
                || !without(second.symbols, first.symbols).isEmpty()) {
            found.add(Distinction.CODE);
        }
    }

    private void items() {
        Map<String, Integer> counts = new HashMap<>();
        second.items.forEach(item -> counts.merge(item.key(), 1, Integer::sum));
        for (Item item : first.items) {
            if (counts.merge(item.key(), -1, Integer::sum) < 0) {
                left.add(item);
            }
        }
        Map<String, Integer> others = new HashMap<>();
        first.items.forEach(item -> others.merge(item.key(), 1, Integer::sum));
        second.items.stream()
                .filter(item -> others.merge(item.key(), -1, Integer::sum) < 0)
                .forEach(right::add);
        if (left.size() > MANY && right.size() > MANY) {
            found.add(Distinction.WORD);
            return;
        }
        pairs((one, other) -> one.lemma().equals(other.lemma()), (one, other) -> Distinction.NEGATION);
        pairs(Item::isOpposedTo, Comparison::opposed);
        pairs(Item::isSynonymOf, (one, other) -> one.negative() == other.negative() ? null : Distinction.NEGATION);
        for (String one : first.prepositions) {
            for (String other : second.prepositions) {
                if (Opposites.are(one, other)
                        && !second.prepositions.contains(one)
                        && !first.prepositions.contains(other)) {
                    found.add(Distinction.ANTONYM);
                }
            }
        }
        if (left.stream().filter(Item::negative).count()
                != right.stream().filter(Item::negative).count()) {
            found.add(Distinction.NEGATION);
        }
        if (left.size() == 1 && right.size() == 1) {
            found.add(Distinction.WORD);
        }
    }

    /** "Not easy" and "difficult" say the same, if nothing but a plain "not" makes the difference. */
    private static @Nullable Distinction opposed(Item one, Item other) {
        boolean same = one.negative() != other.negative() && (one.direct() || other.direct());
        return same ? null : Distinction.ANTONYM;
    }

    private interface Verdict {
        @Nullable
        Distinction of(Item one, Item other);
    }

    private void pairs(BiPredicate<Item, Item> belong, Verdict verdict) {
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                if (belong.test(left.get(i), right.get(j))) {
                    Distinction distinction = verdict.of(left.get(i), right.get(j));
                    if (distinction != null) {
                        found.add(distinction);
                    }
                    left.remove(i);
                    right.remove(j);
                    break;
                }
            }
        }
    }

    private void roles() {
        Map<String, Set<String>> prepositions = new HashMap<>();
        for (Item item : second.order) {
            prepositions.computeIfAbsent(item.lemma(), lemma -> new HashSet<>()).add(item.preposition());
        }
        for (Item item : first.order) {
            Set<String> others = prepositions.getOrDefault(item.lemma(), Set.of());
            if (!others.contains(item.preposition())
                    && others.stream()
                            .anyMatch(other -> Words.DIRECTIONS.containsKey(item.preposition() + " " + other))) {
                found.add(Distinction.ROLES);
            }
        }
        int apart = left.size() + right.size();
        boolean exchanged = apart < NEAR && exchanged();
        boolean turned = apart < 2 && (isTurned() || isPassive() || persons());
        if (exchanged || turned || first.places.isTurned(second.places)) {
            found.add(Distinction.ROLES);
        }
    }

    /** "Convert km to miles", "convert miles to km": two words that have the preposition of each other. */
    private boolean exchanged() {
        Map<String, String> now = new HashMap<>();
        second.order.forEach(item -> now.putIfAbsent(item.lemma(), item.preposition()));
        Set<String> changes = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (Item item : first.order) {
            String other = now.getOrDefault(item.lemma(), item.preposition());
            if (seen.add(item.lemma()) && !other.equals(item.preposition())) {
                changes.add(item.preposition() + " " + other);
                if (changes.contains(other + " " + item.preposition())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** "Alice loves Bob", "Bob loves Alice": three words in reverse. Two of them change places in many a paraphrase. */
    private boolean isTurned() {
        List<Integer> places = places(bare(first, second), bare(second, first));
        int[] least = new int[places.size() + 1];
        least[places.size()] = Integer.MAX_VALUE;
        for (int i = places.size() - 1; i >= 0; i--) {
            least[i] = Math.min(least[i + 1], places.get(i));
        }
        int most = -1;
        for (int i = 0; i < places.size(); i++) {
            if (most > places.get(i) && places.get(i) > least[i + 1]) {
                return true;
            }
            most = Math.max(most, places.get(i));
        }
        return false;
    }

    /** Where the words of one list are in the other, which has the same ones. */
    private static List<Integer> places(List<String> words, List<String> others) {
        Map<String, Deque<Integer>> free = new HashMap<>();
        for (int i = 0; i < others.size(); i++) {
            free.computeIfAbsent(others.get(i), word -> new ArrayDeque<>()).add(i);
        }
        List<Integer> places = new ArrayList<>();
        for (String word : words) {
            Integer place = free.getOrDefault(word, new ArrayDeque<>()).poll();
            if (place != null) {
                places.add(place);
            }
        }
        return places;
    }

    /** The words, in their order, that neither text has behind a preposition: what is behind one moves freely with it. */
    private static List<String> bare(Reading reading, Reading other) {
        Map<String, Integer> counts = new HashMap<>();
        other.order.stream()
                .filter(item -> item.preposition().isEmpty())
                .forEach(item -> counts.merge(item.lemma(), 1, Integer::sum));
        List<String> bare = new ArrayList<>();
        for (Item item : reading.order) {
            if (item.preposition().isEmpty() && counts.merge(item.lemma(), -1, Integer::sum) >= 0) {
                bare.add(item.lemma());
            }
        }
        return bare;
    }

    /** "Bob paid Alice", "Bob was paid by Alice". */
    private boolean isPassive() {
        return agents(first) != agents(second)
                && !active(first).equals(active(second))
                && left.isEmpty()
                && right.isEmpty();
    }

    private static long agents(Reading reading) {
        return reading.order.stream()
                .filter(item -> item.preposition().equals("by"))
                .count();
    }

    /** "Alice was paid by Bob" in the order of "Bob paid Alice". */
    private static List<String> active(Reading reading) {
        List<Item> items = reading.order;
        int from = 0;
        while (from < items.size() && !items.get(from).preposition().equals("by")) {
            from++;
        }
        int to = from;
        while (to < items.size() && items.get(to).preposition().equals("by")) {
            to++;
        }
        List<Item> order = new ArrayList<>(items.subList(from, to));
        if (from < items.size() && from > 0) {
            order.add(items.get(from - 1));
            order.addAll(items.subList(0, from - 1));
        } else {
            order.addAll(items.subList(0, from));
        }
        order.addAll(items.subList(to, items.size()));
        return order.stream().map(Item::lemma).toList();
    }

    /** "Do I owe you", "do you owe me". */
    private boolean persons() {
        return !first.persons.equals(second.persons)
                && without(first.persons, second.persons).isEmpty()
                && without(second.persons, first.persons).isEmpty();
    }

    private void sides() {
        boolean how = first.norms.contains("how") && second.norms.contains("how");
        boolean modals = !how && differ(first.modals, second.modals);
        boolean equal = left.isEmpty() && right.isEmpty();
        boolean open = equal && first.asking.isEmpty() != second.asking.isEmpty() && isOpen();
        boolean only = first.quantifiers.contains("only") != second.quantifiers.contains("only");
        boolean others = differ(first.quantifiers, second.quantifiers)
                || differ(first.thirdPersons, second.thirdPersons)
                || differ(first.asking, second.asking);
        if (modals || open || only || others) {
            found.add(Distinction.WORD);
        }
        if (differ(first.interjections, second.interjections)) {
            found.add(Distinction.NEGATION);
        }
    }

    /** Whether one of them asks for what the other does not: "what is it", "where is it". */
    private boolean isOpen() {
        Reading asking = first.asking.isEmpty() ? second : first;
        Reading other = first.asking.isEmpty() ? first : second;
        return !asking.asking.contains("how") && !Collections.disjoint(other.norms, Words.OPEN_ASKING);
    }

    private static boolean differ(Set<String> first, Set<String> second) {
        return !first.isEmpty() && !second.isEmpty() && Collections.disjoint(first, second);
    }

    private static List<String> without(List<String> values, List<String> others) {
        Map<String, Integer> counts = new HashMap<>();
        others.forEach(value -> counts.merge(value, 1, Integer::sum));
        return values.stream()
                .filter(value -> counts.merge(value, -1, Integer::sum) < 0)
                .toList();
    }
}
